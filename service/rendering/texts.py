"""Texts that are kept beside a module, in a TOML file of its name: for modules that have many."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from service.domain.text import Text


def read_texts(module: str) -> Mapping[str, Text]:
    """The texts beside a module, which gives its `__file__`, by their keys."""
    written = tomllib.loads(Path(module).with_suffix(".toml").read_text("utf-8"))
    return {key: Text(**texts) for key, texts in written.items()}
