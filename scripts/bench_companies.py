"""Companies as two kinds of client have them: no two alike, drawn from the vocabulary with a seed.

A bank's register: the same fourteen columns for everybody, codes and figures all different. A
portal: each states a subset of its own, 5 to 30 facts, and has up to two projects.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from service.domain.facts.profile import Certificate, Profile, Project, Value
from service.domain.facts.vocabulary import Fact, FactType, Owner
from service.domain.rules.catalogue import Catalogue
from service.intake.profiles import dump_profile
from tests.synthetic import value

DAY = date(2026, 11, 22)
REGISTER = (
    "name", "uscc", "kind", "registered_region", "industry", "founded_on", "employees", "revenue",
    "total_assets", "rnd_expense", "listings", "ownership", "certificates", "exports",
)  # fmt: skip
NUMBERS = (FactType.INTEGER, FactType.NUMBER, FactType.MONEY)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CITIES = ("110000", "310000", "420100", "360800")


def registry(catalogue: Catalogue, count: int, seed: int = 21) -> Iterator[Profile]:
    """Companies of a bank's register."""
    random, facts = Random(seed), catalogue.vocabulary.facts  # noqa: S311 - repeatable on purpose
    known = [facts[f"company.{name}"] for name in REGISTER if f"company.{name}" in facts]
    for number in range(count):
        yield Profile({f.id: _value(random, catalogue, f, number) for f in known})


def portal(catalogue: Catalogue, count: int, seed: int = 22) -> Iterator[Profile]:
    """Companies of a portal, each with facts and projects of its own."""
    random, words = Random(seed), catalogue.vocabulary  # noqa: S311 - repeatable on purpose
    askable = [f for f in words.company if f.type is not FactType.AWARDS and "absent" not in f.id]
    kinds = sorted(words.lists["project_kinds"].codes)
    for number in range(count):
        stated = random.sample(askable, random.randint(5, min(30, len(askable))))
        company = {f.id: _value(random, catalogue, f, number) for f in stated}
        chosen = random.sample(kinds, random.choice([0, 0, 1, 1, 2]))
        projects = [_project(random, catalogue, kind, f"p{i}") for i, kind in enumerate(chosen)]
        yield Profile(company, tuple(projects))


def bodies(profiles: Iterator[Profile], **asked: Any) -> Iterator[bytes]:
    """Match requests for these companies."""
    for profile in profiles:
        request = {"as_of": DAY.isoformat(), **asked, "profile": dump_profile(profile)}
        yield json.dumps(request).encode()


def _project(random: Random, catalogue: Catalogue, kind: str, ref: str) -> Project:
    words = catalogue.vocabulary
    lines = words.lists["project_kinds"].ancestors(kind)
    own = [
        f
        for f in words.facts.values()
        if f.owner is Owner.PROJECT
        and f.id != "project.kind"
        and f.type is not FactType.AWARDS
        and (not f.kinds or lines & set(f.kinds))
    ]
    stated = random.sample(own, random.randint(min(1, len(own)), len(own)))
    facts = {f.id: _value(random, catalogue, f, 0) for f in stated}
    return Project(ref, kind, {"project.kind": kind, **facts})


def _value(random: Random, catalogue: Catalogue, fact: Fact, number: int) -> Value:
    if fact.type is FactType.IDENTIFIER:
        return _uscc(random)
    if fact.type is FactType.TEXT:
        return f"第{number}号样本公司"
    if fact.type is FactType.CERTIFICATES:
        return _certificates(random, catalogue, fact)
    if fact.id == "company.kind":
        codes = catalogue.vocabulary.codes_of(fact)
        assert codes is not None
        other = random.choice(sorted(codes.codes.keys() - codes.completing))
        return frozenset(["enterprise" if random.random() < 0.85 else other])
    if fact.id.endswith("region") and random.random() < 0.7:
        return _district(random, catalogue, fact)
    if fact.type in NUMBERS:
        low = int(fact.minimum or 0) + fact.positive
        high = int(min(fact.maximum or Decimal(10**9), Decimal(10**9)))
        drawn = min(high, low + int((high - low + 1) ** random.random()))
        return drawn if fact.type is FactType.INTEGER else Decimal(drawn)
    return value(random, catalogue.vocabulary, fact)


def _district(random: Random, catalogue: Catalogue, fact: Fact) -> str:
    """A district of a city that has programmes of its own."""
    codes = catalogue.vocabulary.codes_of(fact)
    assert codes is not None
    city = random.choice(_CITIES)
    return random.choice([c for c in codes.codes if city in codes.ancestors(c)])


def _certificates(random: Random, catalogue: Catalogue, fact: Fact) -> tuple[Certificate, ...]:
    codes = catalogue.vocabulary.codes_of(fact)
    assert codes is not None
    held = random.sample(sorted(codes.codes), random.choice([0, 0, 1, 1, 2]))
    issued = [DAY - timedelta(days=random.randrange(1, 1500)) for _ in held]
    return tuple(
        Certificate(code, day, day + timedelta(days=1095))
        for code, day in zip(held, issued, strict=True)
    )


def _uscc(random: Random) -> str:
    """A unified social credit code with its check character."""
    stem = "91" + "310115" + "".join(random.choice(_ALPHABET) for _ in range(9))
    total = sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(stem))
    return stem + _ALPHABET[-total % 31]
