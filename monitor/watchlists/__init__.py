"""Watchlists as data files, and their validation."""
