"""Quality by the scorers and speed, printed as one table; see docs/quality.md for what each figure is."""
