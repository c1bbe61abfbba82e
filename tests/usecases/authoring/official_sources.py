"""The official texts and the press reports: no part of the project, used where they stand."""

from pathlib import Path

import pytest

from service.domain.rules.catalogue import Catalogue
from service.settings import PROJECT
from tests.own import own_catalogue

SOURCES = PROJECT.parent / "shared" / "sources"
needs_sources = pytest.mark.skipif(
    not SOURCES.is_dir(), reason="the official texts are not beside the project"
)
FILES = {
    "sh-2025-8.txt": {"sh-2025-8"},
    "bj-2025-19.txt": {"bj-2025-19"},
    "bulletin-291.txt": {
        "sh-2025-8",
        "bj-2025-19",
        "cn-news-291",
        "sh-news-291",
        "ja-news-291",
        "wh-news-291",
    },
}


def source(name: str) -> Path:
    return SOURCES / name


def project_catalogue() -> Catalogue:
    """The project's own policy files."""
    return own_catalogue()
