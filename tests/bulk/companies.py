"""Rows of companies as a file has them, on the edges of the real rules and elsewhere."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa

from service.domain.advice.candidate_values import candidate_values
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.facts.implied_facts import implied_facts, with_implied
from service.domain.facts.profile import (
    NOBODY,
    Award,
    Certificate,
    Profile,
    Project,
    Value,
    records_in,
)
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.truth import Truth
from tests.synthetic import TOP, asked_facts, value

Row = dict[str, Value]
REGION, PRESENCE = "company.registered_region", "company.presence_regions"
# A condition's truth by what an engine of SQL answers.
SQL_TRUTHS = {None: Truth.UNKNOWN, True: Truth.TRUE, False: Truth.FALSE}
NUMBERS = (FactType.INTEGER, FactType.NUMBER, FactType.MONEY)

POOL = 500  # how many different values a column of codes has
KNOWN = 0.8  # the share of cells that are filled


def rows(whole: Catalogue, count: int, as_of: date, seed: int = 3) -> list[Row]:
    """So many companies, about half of them with a project."""
    random = Random(seed)
    rules = [p.condition for p in whole.programmes.values()]
    words = whole.vocabulary
    kinds = sorted({kind for p in whole.programmes.values() for kind in p.supports})
    found = []
    for _ in range(count):
        kind = random.choice(kinds) if random.random() < 0.5 else None
        row: Row = {"project.kind": kind} if kind else {}
        for fact in words.stated:
            if fact.id == "project.kind" or random.random() < 0.4:
                continue
            if fact.owner == "project" and not fits(whole, fact, kind):
                continue
            known = candidate_values(fact, random.choice(rules), NOBODY, as_of)
            chosen = random.choice(known) if known and random.random() < 0.7 else None
            drawn = chosen if chosen is not None else drawn_value(random, whole, fact)
            if drawn is not None:
                row[fact.id] = drawn
        found.append(row)
    return found


def fits(whole: Catalogue, fact: Fact, kind: str | None) -> bool:
    """Whether projects of a kind have a fact."""
    if kind is None:
        return False
    codes = whole.vocabulary.codes_of(whole.vocabulary.facts["project.kind"])
    return not fact.kinds or (codes is not None and bool(codes.ancestors(kind) & set(fact.kinds)))


def drawn_value(random: Random, whole: Catalogue, fact: Fact) -> Value | None:
    """Any value of the fact that the vocabulary allows."""
    if fact.type in NUMBERS:
        low = int(fact.minimum or 0) + fact.positive
        high = int(min(fact.maximum or Decimal(10**9), Decimal(10**9)))
        whole_number = random.randint(low, max(low, high))
        return whole_number if fact.type is FactType.INTEGER else Decimal(whole_number)
    if fact.type in (FactType.TEXT, FactType.IDENTIFIER, FactType.AWARDS):
        return None
    return value(random, whole.vocabulary, fact)


def cell(held: Value | None) -> str | None:
    """A value as a cell of text."""
    if held is None:
        return None
    if isinstance(held, bool):
        return str(held).lower()
    if isinstance(held, frozenset):
        return "|".join(sorted(held)) or "-"
    if isinstance(held, Decimal):
        return f"{held:f}"
    if isinstance(held, tuple):
        return json.dumps([_record(record) for record in records_in(held)])
    return str(held)


def _record(held: Certificate | Award) -> Mapping[str, object]:
    if isinstance(held, Award):
        told = {"purpose": held.purpose, "level": held.level, "year": held.year,
                "programme": held.programme, "amount": str(held.amount),
                "granted_on": held.granted_on and str(held.granted_on)}  # fmt: skip
        return {k: v for k, v in told.items() if v not in (None, "None")}
    return _certificate(held)


def _certificate(held: Certificate) -> Mapping[str, str | bool]:
    days = {"issued_on": held.issued_on, "expires_on": held.expires_on}
    told: dict[str, str | bool] = {k: str(d) for k, d in days.items() if d}
    return {"category": held.category} | told | ({"unsure": True} if held.unsure else {})


def table(whole: Catalogue, listed: list[Row]) -> pa.Table:
    """The rows as columns of text, one for each fact, and an id of their own."""
    columns = {
        fact.id: pa.array([cell(row.get(fact.id)) for row in listed], pa.string())
        for fact in whole.vocabulary.stated
    }
    return pa.table({"id": [f"c{i}" for i in range(len(listed))], **columns})


def project_of(row: Row) -> tuple[Project, ...]:
    """The one project of a row."""
    kind = row.get("project.kind")
    if not isinstance(kind, str):
        return ()
    return (Project("row", kind, {k: v for k, v in row.items() if k.startswith("project.")}),)


def profile_of(catalogue: Catalogue, row: Row, as_of: date) -> Profile:
    """What intake makes of the row: what stands in for what is not stated, and what follows."""
    whole = with_defaults(catalogue, row)
    company = {k: v for k, v in whole.items() if k.startswith("company.")}
    profile, _ = with_implied(Profile(company, project_of(whole)), catalogue.vocabulary)
    return with_contested_certificates(catalogue, profile, as_of)


def completed(catalogue: Catalogue, row: Row) -> Row:
    """The row with what stands in and what follows, for readings that know of neither."""
    whole = with_defaults(catalogue, row)
    kind, facts = row.get("project.kind"), catalogue.vocabulary.facts
    implied = {i.fact: i.value for i in implied_facts(whole, catalogue.vocabulary)}
    own = {
        name: value
        for name, value in implied.items()
        if name.startswith("company.")
        or fits(catalogue, facts[name], kind if isinstance(kind, str) else None)
    }
    return {**whole, **own}


def with_defaults(catalogue: Catalogue, row: Row) -> Row:
    """The row with the facts that stand in for unstated ones: one code as a set of one."""
    whole = dict(row)
    for fact in catalogue.vocabulary.facts.values():
        source = whole.get(fact.default_from or "")
        if source is not None and fact.id not in whole:
            several = fact.type is FactType.CODES and isinstance(source, str)
            whole[fact.id] = frozenset((str(source),)) if several else source
    return whole


def synthetic_table(words: Vocabulary, count: int, seed: int = 11) -> pa.Table:
    """So many companies, four in five facts stated; codes from a pool, numbers all different."""
    drawn = np.random.default_rng(seed)
    random = Random(seed)
    columns: dict[str, Any] = {"id": pa.array(np.arange(count))}
    for fact in asked_facts(words):
        columns[fact.id] = _column(words, fact, count, drawn, random)
    return pa.table(columns)


def _column(
    words: Vocabulary, fact: Fact, count: int, drawn: np.random.Generator, random: Random
) -> pa.Array:
    unknown = drawn.random(count) >= KNOWN
    if fact.type is FactType.INTEGER:
        most = int(min(fact.maximum or TOP, TOP))
        least = int(fact.minimum or 0) + fact.positive
        return pa.array(drawn.integers(least, max(most, least + 1), count), mask=unknown)
    if fact.type in (FactType.MONEY, FactType.NUMBER):
        most = int(min(fact.maximum or TOP, TOP)) * 100
        cents = pa.array(drawn.integers(1, most, count) / 100, mask=unknown)
        return cents.cast(pa.string()).cast(pa.decimal128(20, 2))
    pool = sorted({str(cell(value(random, words, fact))) for _ in range(POOL)})
    return pa.DictionaryArray.from_arrays(
        pa.array(drawn.integers(0, len(pool), count), pa.int32(), mask=unknown), pool
    ).dictionary_decode()
