"""Deliver: one small module per channel; each says whether trying again helps and raises for nothing a server does."""
