"""Measuring: the scorers of claims, layers and incidents, for a user's own coded data as for ours."""
