"""Settings: frozen, read once from the environment, all faults told together.

HUICE_DATABASE       the SQLite file: receipts, catalogue versions, search (var/huice.sqlite3)
HUICE_POLICIES       folders of policy files, parted by ":". Where the first holds a vocabulary.yaml
                     it is the whole base; otherwise all are added to the project's own policies/
HUICE_SEEDS          the folder of code tables (the project's seeds/)
HUICE_UTC_OFFSET     hours from UTC in which "today" is reckoned (8)
HUICE_MAX_BODY       largest request body in bytes (1048576)
HUICE_TRUSTED_HOSTS  host names a request may be addressed to, parted by commas (any)
HUICE_RETENTION_DAYS days for which receipts are kept; 0 keeps none: answers then have no receipt id
                     (for ever)
HUICE_LOG_LEVEL      DEBUG, INFO, WARNING or ERROR (INFO)
"""

import os
from dataclasses import dataclass
from pathlib import Path

from environs import Env, validate

PROJECT = Path(__file__).resolve().parent.parent
VOCABULARY = "vocabulary.yaml"


@dataclass(frozen=True)
class Settings:
    """Paths and limits; see the module's table."""

    database: Path
    policies: Path
    private: tuple[Path, ...]
    seeds: Path
    utc_offset: int
    max_body: int
    trusted_hosts: tuple[str, ...]
    log_level: str
    retention_days: int | None = None


def read_settings() -> Settings:
    """Settings from the environment. Raises EnvValidationError naming every variable that is
    wrong."""
    env = Env(eager=False, prefix="HUICE_")
    database = env.path("DATABASE", Path("var/huice.sqlite3"))
    folders = env.str("POLICIES", "")
    seeds = env.path("SEEDS", PROJECT / "seeds")
    utc_offset = env.int("UTC_OFFSET", 8, validate=validate.Range(-12, 14))
    max_body = env.int("MAX_BODY", 1_048_576, validate=validate.Range(min=1_024))
    hosts: list[str] = env.list("TRUSTED_HOSTS", [])
    retention: int | None = env.int(
        "RETENTION_DAYS", None, validate=validate.Range(min=0, max=36_500)
    )
    log_level = env.str(
        "LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])
    )
    env.seal()
    base, private = _split(folders)
    return Settings(
        database, base, private, seeds, utc_offset, max_body, tuple(hosts), log_level, retention
    )


def _split(folders: str) -> tuple[Path, tuple[Path, ...]]:
    """The base catalogue's folder and the folders added to it."""
    listed = [Path(folder) for folder in folders.split(os.pathsep) if folder]
    if listed and (listed[0] / VOCABULARY).is_file():
        return listed[0], tuple(listed[1:])
    return PROJECT / "policies", tuple(listed)
