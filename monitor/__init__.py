"""A news monitor for people who follow one bilateral relation."""

__version__ = "0.1.0"
