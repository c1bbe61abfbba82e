"""Properties of reading profiles: both ways of reading agree, and nothing is lost in writing."""

from datetime import date
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from service.domain.errors import InvalidInput
from service.intake.faults import InvalidValue
from service.intake.json_reader import read_json
from service.intake.profiles import ProfileReader, dump_profile

days = st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(date.isoformat)
money = st.integers(0, 10**17 - 1).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200)
regions = st.sampled_from(["310000", "110000", "310115", "110108"])
certificates = st.builds(
    lambda category, term: {
        "category": category,
        **dict(zip(["issued_on", "expires_on"], term, strict=False)),
    },
    st.sampled_from(["high_tech", "small_giant"]),
    st.lists(days, max_size=2).map(sorted),
)
awards = st.fixed_dictionaries(
    {"purpose": st.just("first_set")},
    optional={"amount": money, "year": st.integers(1900, 2200), "programme": texts},
)
companies = st.fixed_dictionaries(
    {},
    optional={
        "name": texts,
        "uscc": st.sampled_from(["91110000600037341L", "9111 0000 6000 37341l"]),
        "kind": st.sampled_from(["enterprise", "bank"]),
        "registered_region": regions,
        "presence_regions": st.lists(regions, unique=True),
        "industry": st.sampled_from(["A", "C39", "C3912", "C391"]),
        "tags": st.lists(st.integers(0, 69).map("m{}".format), unique=True, max_size=20),
        "founded_on": days,
        "employees": st.integers(0, 10_000_000),
        "revenue": money | st.integers(0, 10**15 - 1),
        "profit": st.integers(1 - 10**15, 10**15 - 1),
        "share": st.decimals(0, 10**9, places=6).map("{:f}".format),
        "listed": st.booleans(),
        "certificates": st.lists(certificates, max_size=5),
        "awards_received": st.lists(awards, max_size=5),
    },
)
refs = st.text("abz09._-", min_size=1, max_size=64)
projects = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("product")},
        optional={"contract_amount": money.filter(lambda m: float(m) > 0), "region": regions},
    ),
    st.fixed_dictionaries({"kind": st.just("person")}, optional={"name": texts}),
)


@st.composite
def profiles(draw: st.DrawFn) -> dict[str, Any]:
    company = draw(companies)
    named = draw(st.dictionaries(refs, projects, max_size=4))
    stated = [f"company.{name}" for name in company]
    stated += [f"projects.{ref}.{name}" for ref, facts in named.items() for name in facts]
    keys = draw(st.lists(st.sampled_from(stated), unique=True)) if stated else []
    words = st.sampled_from(["declared", "verified", "derived"])
    return {
        "company": company,
        "projects": [{"ref": ref, **facts} for ref, facts in named.items()],
        "provenance": {key: draw(words) for key in keys},
    }


@given(raw=profiles())
def test_what_is_written_reads_back_as_the_same(reader: ProfileReader, raw: dict[str, Any]) -> None:
    """read(dump(p)) == p, through real JSON bytes, and the canonical form is a fixed point."""
    profile, _ = reader.read(raw)
    dumped = dump_profile(profile)
    again, _ = reader.read(read_json(orjson.dumps(dumped)))
    assert again == profile
    assert dump_profile(again) == dumped


@given(raw=profiles())
def test_the_quick_reading_is_marshmallows(reader: ProfileReader, raw: dict[str, Any]) -> None:
    """A sound profile needs no second reading, and would get the same from marshmallow."""
    assert reader.schema.read(raw) == reader.schema.load(raw)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["person"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """A sound profile with one value somewhere replaced."""
    raw = draw(profiles())
    place: Any = raw
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from([*keys, *(["x"] if isinstance(place, dict) else [])] or [None]))
        if key is None:
            return raw
        inner = place[key] if key in keys else None
        if not isinstance(inner, dict | list) or draw(st.booleans()):
            place[key] = draw(junk)
            return raw
        place = inner


@given(raw=spoiled())
def test_both_readings_accept_the_same(reader: ProfileReader, raw: Any) -> None:
    """The quick reading accepts nothing that marshmallow refuses, and misses nothing it accepts."""
    try:
        quick: Any = reader.schema.read(raw)
    except InvalidValue:
        quick = None
    try:
        slow: Any = reader.schema.load(raw)
    except ValidationError:
        slow = None
    assert quick == slow


@given(raw=spoiled() | junk)
def test_any_plain_value_is_read_or_refused_in_order(reader: ProfileReader, raw: Any) -> None:
    """No value raises anything but InvalidInput, and a refusal names at least one fault."""
    try:
        reader.read(raw)
    except InvalidInput as error:
        told = len(error.problems)
    else:
        return
    assert told
