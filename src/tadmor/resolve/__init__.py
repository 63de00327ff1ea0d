"""Mentions to identities: places, actors, times, quantities; then the dates, counts and codes of claims."""
