"""The made-up city of Meridian, some of whose rules can be rewritten, and a company in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from service.app import Services, open_services
from service.catalogue.source import Source, read_source
from tests.api.sample import FICTIONAL, settings_for

DAY = "2026-06-01"
LIGHTHOUSE = "policies/meridian/me-2026-1/01-lighthouse.yaml"
YOUNG_FIRM = "policies/meridian/me-2026-1/02-young-firm.yaml"
VOCABULARY = "policies/vocabulary.yaml"

Opener: TypeAlias = Callable[..., Services]


def rewritten(*changes: tuple[str, str, str]) -> Source:
    """The files of the city, in each named one a passage put for another."""
    files = dict(read_source(FICTIONAL / "policies", FICTIONAL / "seeds"))
    for path, old, new in changes:
        text = files[path].decode()
        assert old in text
        files[path] = text.replace(old, new).encode()
    return files


def open_city(database: Path, *changes: tuple[str, str, str], **settings: Any) -> Services:
    """The service over the city's rules, with passages rewritten."""
    return open_services(settings_for(database, **settings), source=rewritten(*changes))


def request(**company: Any) -> dict[str, Any]:
    """A match request for a company that suits both programmes, but for what is given. It does not
    say where it operates, and has one lighthouse under contract."""
    stated = {
        "kind": "enterprise",
        "registered_region": "900101",
        "employees": 50,
        "founded_on": "2020-01-01",
    }
    lighthouse = {"ref": "p1", "kind": "lighthouse", "contract_amount": "60000000.00"}
    known = {k: v for k, v in {**stated, **company}.items() if v is not None}
    return {"as_of": DAY, "profile": {"company": known, "projects": [lighthouse]}}
