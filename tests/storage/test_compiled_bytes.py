"""A compiled catalogue as bytes, read again by the program that wrote them, is the same."""

import gc
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from service.compiled import match_writer
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.deferred import Deferred, DeferredMapping
from service.domain.evaluation.evaluator import Status
from service.domain.rules.operators import InSet, Quantifier, Range
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import AsOf, FactQuantity
from service.domain.text import Text
from service.intake.requests import MatchRequest
from service.rendering import match_json
from service.storage import compiled_bytes
from service.storage.compiled_bytes import packed, unpacked
from service.usecases.matching import answer_request
from tests.compiled.test_match_answers import BENCH, DAYS, requests


def test_a_kept_catalogue_answers_as_the_one_it_was_made_of() -> None:
    """Also under rules that are searched, checks, size classes, and with readers of its own."""
    BENCH.compile()
    again = unpacked(packed(BENCH))
    assert isinstance(again, CompiledCatalogue)
    again.warm()
    assert again.requests.schema is not BENCH.requests.schema
    for profile, as_of, form in requests(8, seed=3):
        request = MatchRequest(profile, profile, (), as_of, None, form)
        assert answer_request(again, request, as_of) == answer_request(BENCH, request, as_of)


class Noticing:
    """Notices, when it is taken up, whether the collector of garbage might look meanwhile."""

    collecting = True

    def __reduce__(self) -> tuple[Any, ...]:
        return _noticed, ()


def _noticed() -> Noticing:
    Noticing.collecting = gc.isenabled()
    return Noticing()


def test_nothing_is_collected_while_a_catalogue_is_taken_up() -> None:
    """All of it stays: with 10,000 programmes the collector looked for longer than it took."""
    assert gc.isenabled()
    unpacked(packed(Noticing()))
    assert not Noticing.collecting
    assert gc.isenabled()


def test_a_large_catalogue_keeps_less_and_answers_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many programmes no words are kept or made ahead, and only some are held at a time; each
    programme is kept by itself, and shares the lists of codes with all others."""
    BENCH.compile()
    whole = len(packed(BENCH))
    monkeypatch.setattr(match_json, "MAX_WARM", 10)
    monkeypatch.setattr(match_json, "CACHE_SIZE", 20)
    monkeypatch.setattr(match_writer, "MAX_WARM", 10)
    monkeypatch.setattr(match_writer, "MAX_TEMPLATES", 10)
    programmes = DeferredMapping.of(BENCH.catalogue.programmes)
    again = CompiledCatalogue(replace(BENCH.catalogue, programmes=programmes))
    again.compile()
    small = unpacked(packed(again))
    assert isinstance(small, CompiledCatalogue)
    assert len(packed(again)) < whole
    with monkeypatch.context() as start:
        start.setattr(compiled_bytes._PackedPiece, "__call__", _read_no_programme)
        small.warm()
    for profile, as_of, form in requests(8, seed=4):
        request = MatchRequest(profile, profile, (), as_of, None, form)
        assert answer_request(small, request, as_of) == answer_request(BENCH, request, as_of)


_read = compiled_bytes._PackedPiece.__call__


def _read_no_programme(piece: compiled_bytes._PackedPiece) -> object:
    found = _read(piece)
    assert not isinstance(found, Programme), "a start reads no programme"
    return found


def test_bytes_that_name_nothing_shared_are_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """As forks send them: to take them up and pack them again took a tenth of a second each."""
    names = Deferred.of({"甲": Text("甲", "a")})
    sent = unpacked(packed([names]))
    assert isinstance(sent, list)
    with monkeypatch.context() as packing:
        packing.setattr(compiled_bytes._PackedPiece, "__call__", pytest.fail)
        again = unpacked(packed(sent))
    assert isinstance(again, list)
    assert again[0].value == names.value


def test_programmes_of_another_catalogue_are_copied_as_they_are() -> None:
    """With the lists of codes that they share, which stay the same for new ones, too."""
    known = BENCH.catalogue
    first = CompiledCatalogue(replace(known, programmes=DeferredMapping.of(known.programmes)))
    first.keep_beside({})
    earlier = unpacked(packed(first))
    assert isinstance(earlier, CompiledCatalogue)
    taken = dict(earlier.catalogue.programmes)
    name = next(iter(taken))
    taken[name] = replace(taken[name], purpose="changed")
    programmes = DeferredMapping.of(taken, earlier.catalogue.programmes)
    second = CompiledCatalogue(replace(earlier.catalogue, programmes=programmes))
    again = unpacked(packed(second, [earlier.digests]))
    assert isinstance(again, CompiledCatalogue)
    again.warm()
    assert again.catalogue.programmes[name].purpose == "changed"
    for profile, as_of, form in requests(8, seed=5):
        request = MatchRequest(profile, profile, (), as_of, None, form)
        assert answer_request(again, request, as_of) == answer_request(BENCH, request, as_of)


@dataclass(frozen=True, slots=True)
class _Reordered:
    """Its class takes more than its parts."""

    first: int
    second: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "second", self.first + 1)


def test_values_are_the_same_again() -> None:
    """Whatever the way in which they are made."""
    values = (
        Text("甲", "a"), Range(1, None), _Reordered(1), DAYS, frozenset([Text("乙", "b")]),
        Status.POTENTIAL, Status, Fraction(1, 3), Decimal("1.50"), AsOf(), Counter("aab"),
        InSet(("a",), Quantifier.ALL, ("b",)), FactQuantity("company.employees", Fraction(0)),
    )  # fmt: skip
    again = unpacked(packed(values))
    assert again == values
    assert repr(again) == repr(values)


def test_what_a_test_remembers_is_not_kept() -> None:
    """Which values it met is found again when they are asked for."""
    met, never_met = InSet(("a", "b")), InSet(("a", "b"))
    met.decide("b", date(2026, 1, 1))
    assert packed(met) == packed(never_met)


def test_damaged_bytes_are_refused() -> None:
    damaged = bytearray(packed(DAYS))
    damaged[-1] ^= 1
    with pytest.raises(ValueError, match="damaged"):
        unpacked(bytes(damaged))
