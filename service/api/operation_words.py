"""What each operation of the interface is called, in short and at length, in two languages: the
texts of `operation_words.toml`, by operation id."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from service.domain.text import Text


class OperationWords(NamedTuple):
    summary: Text
    description: Text


def _read_words() -> Mapping[str, OperationWords]:
    written = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {
        operation_id: OperationWords(**{part: Text(**texts) for part, texts in words.items()})
        for operation_id, words in written.items()
    }


WORDS = _read_words()
