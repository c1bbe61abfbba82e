"""The memo of a case: of the receipt made last, or else of today's answer."""

import pytest

from tests.web.conftest import Visitor

BASICS = {"company.name": "甲公司", "company.kind": "enterprise"}
OF_TODAY = "未留存回执"


def _with_receipt(visitor: Visitor) -> None:
    """A case whose answer is kept as a receipt."""
    visitor.send("/cases/{key}/steps/1", {**BASICS, "company.registered_region~q": "浦东新区"})
    visitor.post("/cases/{key}/memo", "/cases/{key}/result")


def test_the_memo_is_of_the_receipt_made_last(visitor: Visitor) -> None:
    """It names the receipt, so that whoever holds the paper can look it up."""
    _with_receipt(visitor)
    page = visitor.get("/cases/{key}/memo")
    assert "甲公司" in page
    assert OF_TODAY not in page


def test_a_memo_whose_answer_is_no_longer_made_again_is_of_today_and_says_so(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later program that answers otherwise still prints a memo, as where the receipt is gone."""
    _with_receipt(visitor)
    monkeypatch.setattr(
        "service.usecases.receipts.receipts.answer_request", lambda *_: b'{"otherwise":true}'
    )
    page = visitor.get("/cases/{key}/memo")
    assert "甲公司" in page
    assert OF_TODAY in page
