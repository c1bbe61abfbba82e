"""The command line: `huice …`. Every command prints for a person, or with --json for a machine."""

from service.cli.main import main

__all__ = ["main"]
