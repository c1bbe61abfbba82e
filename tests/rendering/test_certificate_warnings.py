"""What is told of a certificate that ends before long."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.rendering.certificate_warnings import SOON

DAY = date(2026, 11, 22)
LAST = str(DAY + SOON)


def high_tech(until: str | None, since: str | None = None, **more: Any) -> dict[str, Any]:
    return {"category": "high_tech_enterprise", "issued_on": since, "expires_on": until, **more}


def warnings(
    client: FlaskClient, *certificates: dict[str, Any], code: str = "certificate_ends", **more: Any
) -> list[Any]:
    profile = {"company": {"kind": "enterprise", "certificates": list(certificates)}}
    request = {"as_of": str(DAY), "profile": profile, **more}
    answer = client.post("/api/v1/match", json=request).get_json()
    return [w for w in answer["warnings"] if w["code"] == code]


def test_its_name_and_last_day_are_told(own_client: FlaskClient) -> None:
    """In the languages of the answer, and what it means for who relies on it."""
    (told,) = warnings(own_client, high_tech(str(DAY)))
    assert told["fact"] == "company.certificates"
    assert told["text"]["zh"].startswith("“高新技术企业”有效期至 2026-11-22：")
    assert "is valid until 2026-11-22: after that day it no longer meets" in told["text"]["en"]
    (giant,) = warnings(own_client, {**high_tech(str(DAY)), "category": "little_giant"})
    assert giant["text"]["zh"].startswith("“专精特新‘小巨人’企业”有效期至")
    (brief,) = warnings(own_client, high_tech(str(DAY)), lang="en")
    assert brief["text"] == {"en": told["text"]["en"]}


@pytest.mark.parametrize(
    ("certificates", "count"),
    [
        ([high_tech(LAST)], 1),
        ([high_tech(str(DAY + SOON + timedelta(days=1)))], 0),
        ([high_tech(str(DAY - timedelta(days=1)))], 0),
        ([high_tech(None)], 0),
        ([high_tech(LAST, since=str(DAY + timedelta(days=1)))], 0),
        ([high_tech(LAST), high_tech("2030-01-01", since="2026-11-01")], 0),
        ([high_tech(LAST), high_tech("2030-01-01", since=str(DAY + SOON + timedelta(days=1)))], 0),
        ([high_tech(LAST), high_tech("2030-01-01", since=str(DAY + SOON + timedelta(days=2)))], 1),
        ([high_tech(LAST), {**high_tech(None), "unsure": True}], 0),
        ([high_tech(LAST), {**high_tech("2030-01-01"), "category": "technology_sme"}], 1),
    ],
    ids=[
        "the last day that counts as soon", "later", "over", "no last day", "not begun",
        "renewed", "renewed from the next day", "renewed a day too late", "perhaps renewed",
        "another stays",
    ],
)  # fmt: skip
def test_only_what_is_valid_ends_soon_and_is_not_renewed(
    own_client: FlaskClient, certificates: list[dict[str, Any]], count: int
) -> None:
    """Both sides of every day."""
    assert len(warnings(own_client, *certificates)) == count


@pytest.mark.parametrize(
    ("certificates", "days"),
    [
        ([high_tech(str(DAY - timedelta(days=1)))], ["2026-11-21"]),
        ([high_tech(str(DAY))], []),
        ([high_tech("2025-01-01"), high_tech("2026-01-01")], ["2026-01-01"]),
        ([high_tech("2026-01-01"), high_tech("2029-01-01", since="2027-01-01")], []),
        ([high_tech("2026-01-01"), high_tech(None)], []),
    ],
    ids=["yesterday", "today", "the last of two", "another to come", "another without a last day"],
)
def test_a_certificate_that_has_ended_is_said_to_meet_nothing(
    own_client: FlaskClient, certificates: list[dict[str, Any]], days: list[str]
) -> None:
    """Once for all of its category; not where another may still be valid."""
    told = warnings(own_client, *certificates, code="certificate_ended")
    assert [w["text"]["en"].split(": ")[0].split(" ended on ")[1] for w in told] == days
