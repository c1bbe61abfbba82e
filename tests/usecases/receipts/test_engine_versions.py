"""Receipts keep no answers as long as later programs make them again, to the byte.

Each file is what a release answered: a whole catalogue of its day, requests in every form, and the
digests of the answers (`python -m scripts.receipts_of_release`).
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import zstandard

from service import ANSWER_FORM
from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.usecases.matching import answer_request, recorded_request

GIVEN = sorted((Path(__file__).parent / "given").glob("*.json.zst"))


def _read(path: Path) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(zstandard.decompress(path.read_bytes()))
    return given


def _answer(compiled: CompiledCatalogue, raw: dict[str, Any]) -> bytes:
    request = recorded_request(compiled, raw)
    assert request.as_of
    return answer_request(compiled, request, request.as_of)


@pytest.mark.parametrize("path", GIVEN, ids=lambda path: path.name)
def test_the_answers_of_earlier_programs_are_made_again_to_the_byte(path: Path) -> None:
    """Where one is not: if that is an oversight, mend it. If it is meant, raise ANSWER_FORM, tell
    operators in CHANGELOG.md to run `huice receipts keep` with the program they have, and write
    this release's own file; those of another form are not held against this program."""
    given = _read(path)
    if given["form"] != ANSWER_FORM:
        assert given["form"] < ANSWER_FORM
        return
    files = {path: content.encode() for path, content in given["files"].items()}
    compiled = CompiledCatalogue(load_catalogue(files))
    other = [
        raw
        for raw, digest in given["receipts"]
        if sha256(_answer(compiled, raw)).hexdigest() != digest
    ]
    assert other == []


def test_what_this_form_answers_is_written_down() -> None:
    """Else nothing would say that the next program answers otherwise."""
    assert ANSWER_FORM in {_read(path)["form"] for path in GIVEN}
