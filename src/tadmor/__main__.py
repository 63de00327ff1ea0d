"""``python -m tadmor``: the command line."""

from tadmor.cli import main

main()
