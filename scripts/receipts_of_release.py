"""What this program answers, kept for those after it: a test makes every answer again.

A whole catalogue, requests about it in every form, and the digest of each answer. A release writes
its own; so does a change that has raised the form of answers (see `ANSWER_FORM`).
Usage: python -m scripts.receipts_of_release
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain, cycle, islice, product
from pathlib import Path
from typing import Any

import zstandard

from scripts.bench_companies import DAY, portal, registry
from service import ANSWER_FORM, RELEASE
from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.evaluator import AnswerDetail, Status
from service.intake.profiles import dump_profile
from service.policy_files import load_source
from service.settings import read_settings
from service.usecases.authoring.examples import raw_profile
from service.usecases.matching import answer_request, recorded_request

GIVEN = Path(__file__).resolve().parent.parent / "tests" / "usecases" / "receipts" / "given"
COMPANIES = 10
# One in so many programmes speaks by an example: a test asks all of this.
STEP = 3
LEVEL = 19


def profiles(compiled: CompiledCatalogue) -> Iterator[tuple[str, dict[str, Any]]]:
    """Days and what is stated: an example of each programme, and clients' companies."""
    catalogue = compiled.catalogue
    for programme in islice(catalogue.programmes.values(), 0, None, STEP):
        for example in programme.examples[:1]:
            raw = raw_profile(programme, example, catalogue.vocabulary)
            yield example.as_of.isoformat(), raw
    companies = chain(registry(catalogue, COMPANIES), portal(catalogue, COMPANIES))
    for profile in companies:
        yield DAY.isoformat(), dump_profile(profile)


def forms(compiled: CompiledCatalogue) -> Iterator[dict[str, Any]]:
    """Every detail and choice of language, some of everything and some of part."""
    wanted: tuple[list[str], ...] = (["potential"], ["potential", "undetermined"], list(Status))
    languages = (None, *compiled.catalogue.vocabulary.languages)
    for statuses, detail, language, limit in product(wanted, AnswerDetail, languages, (5, 50)):
        yield {"statuses": statuses, "detail": detail.value, "lang": language, "limit": limit}


def main() -> None:
    """Answer, and write down."""
    source = load_source(read_settings())
    compiled = CompiledCatalogue(load_catalogue(source))
    receipts = []
    every = list(forms(compiled))
    for (day, profile), form in zip(profiles(compiled), islice(cycle(every), 10_000), strict=False):
        raw: dict[str, Any] = {"as_of": day, "profile": profile}
        raw |= {name: value for name, value in form.items() if value is not None}
        request = recorded_request(compiled, raw)
        assert request.as_of
        answer = answer_request(compiled, request, request.as_of)
        receipts.append([raw, sha256(answer).hexdigest()])
    files = {path: content.decode() for path, content in sorted(source.items())}
    given = {"form": ANSWER_FORM, "files": files, "receipts": receipts}
    GIVEN.mkdir(exist_ok=True)
    packed = zstandard.compress(json.dumps(given, ensure_ascii=False, default=str).encode(), LEVEL)
    (GIVEN / f"{RELEASE}.json.zst").write_bytes(packed)
    print(f"{len(receipts)} answers, {len(packed):,} bytes")


if __name__ == "__main__":
    main()
