"""The command line, with Typer and Rich: a command parses, calls and prints."""

from monitor.entrypoints.cli.program import app, main

__all__ = ["app", "main"]
