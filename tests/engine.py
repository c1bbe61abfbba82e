"""Which engine keeps the state of the services under test."""

import itertools
from dataclasses import dataclass, field
from pathlib import Path

from tests.postgres import PostgresServer


@dataclass
class Engine:
    """SQLite unless there is a server; then each file's name stands for a schema of it."""

    server: PostgresServer | None = None
    _schemas: dict[Path, str] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def address(self, database: Path) -> str | None:
        """The address that stands for a file, the same each time; None for SQLite."""
        if self.server is None:
            return None
        if database not in self._schemas:
            self._schemas[database] = f"test_{next(self._numbers)}"
            self.server.execute(f"CREATE SCHEMA {self._schemas[database]}")
        return self.server.address(self._schemas[database])


engine = Engine()
