"""Canonical text, language and search words, in three scripts."""
