"""Settings over a small made-up catalogue of a city that does not exist."""

from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from service.settings import Settings
from tests.engine import engine

FICTIONAL = Path(__file__).parent / "fictional"


def settings_for(database: Path, **changed: Any) -> Settings:
    """Settings over the made-up catalogue."""
    chosen: dict[str, Any] = {
        "database": database,
        "policies": FICTIONAL / "policies",
        "private": (),
        "seeds": FICTIONAL / "seeds",
        "utc_offset": 8,
        "max_body": 65_536,
        "trusted_hosts": (),
        "log_level": "INFO",
        "postgresql": engine.address(database),
        **changed,
    }
    return Settings(**chosen)


def data(response: TestResponse) -> Any:
    """The JSON of an answer, of whatever shape."""
    return response.json
