"""Matching as its callers use it: bytes or data, part or whole, kept or not."""

from datetime import date

import orjson
import pytest

from service.app import Services
from service.domain.errors import InvalidInput, NotFound
from service.domain.principal import ANONYMOUS
from service.usecases.matching import answer_request
from tests.usecases.meridian import Opener, request


def test_the_answer_is_kept_as_it_was_given(city: Services) -> None:
    """What the receipt holds is what was said, but for the receipt's own name."""
    answer = orjson.loads(city.matching.match(request(), ANONYMOUS))
    kept = city.receipt_service.show(answer.pop("receipt_id"), ANONYMOUS)
    assert kept["result"] == answer
    assert kept["request"]["profile"] == {**request()["profile"], "provenance": {}}


def test_nothing_is_kept_where_the_operator_keeps_nothing(opener: Opener) -> None:
    """The answer is the same, without a receipt."""
    kept, unkept = opener().matching, opener(retention_days=0).matching
    with_receipt, without = (m.match_json(request()) for m in (kept, unkept))
    assert without.pop("receipt_id") is None
    assert with_receipt.pop("receipt_id") is not None
    assert without == with_receipt


def test_the_whole_answer_lists_what_a_page_leaves_out(city: Services) -> None:
    """By default those out of reach are counted only; `whole` lists them, unless some are named."""
    asked = request(employees=51)
    listed = city.matching.match_json(asked, whole=False)["matches"]
    assert [m["programme"]["id"] for m in listed] == ["me-lighthouse"]
    whole = city.matching.match_json(asked)["matches"]
    assert {m["programme"]["id"] for m in whole} == {"me-lighthouse", "me-young-firm"}
    named = city.matching.match_json({**asked, "statuses": ["ineligible"]})["matches"]
    assert [m["programme"]["id"] for m in named] == ["me-young-firm"]


def test_one_programme_is_checked_with_every_condition(city: Services) -> None:
    """The match object of the whole answer, with the day and the rules it was judged by."""
    checked = city.matching.check("me-young-firm", request())
    (listed,) = (
        m
        for m in city.matching.match_json(request())["matches"]
        if m["programme"]["id"] == "me-young-firm"
    )
    assert {k: checked[k] for k in listed} == listed
    assert (checked["as_of"], checked["other_subjects"]) == ("2026-06-01", [])
    with pytest.raises(NotFound) as refused:
        city.matching.check("me-young-fir", request())
    assert refused.value.suggestion == "me-young-firm"


def test_a_cursor_of_other_rules_is_refused(city: Services) -> None:
    """It would go on in another list."""
    wrong = city.compiled.requests.read({**request(), "cursor": "50-0000000000000000"})
    with pytest.raises(InvalidInput):
        answer_request(city.compiled, wrong, date(2026, 6, 1))
