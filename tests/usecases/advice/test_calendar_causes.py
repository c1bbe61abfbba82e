"""One cause, one event: what runs out stands on its last day, with everything that hangs on it."""

from typing import Any

from flask.testing import FlaskClient
from icalendar import Calendar

PATH = "/api/v1/calendar"
HELD = {"category": "high_tech_enterprise", "issued_on": "2024-01-01", "expires_on": "2026-12-31"}
ASKED = {
    "as_of": "2026-11-22",
    "profile": {"company": {"kind": "enterprise", "registered_region": "110108",
                            "certificates": [HELD]}},
}  # fmt: skip


def events(client: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.post(f"{PATH}?days=90", json=ASKED).get_json()["events"]
    return found


def test_a_certificate_that_runs_out_is_the_cause_of_what_changes(own_client: FlaskClient) -> None:
    """It is named, with its last day; that day is on the certificate and inferred from nothing."""
    found = events(own_client)
    assert len(found) > 1
    assert {e["day"] for e in found} == {"2027-01-01"}
    assert {e["last_day"] for e in found} == {"2026-12-31"}
    assert {e["cause"]["zh"] for e in found} == {"“高新技术企业”到期"}
    assert not any(e["window_inferred"] for e in found)
    assert not any("推定" in e["detail"]["zh"] for e in found)


def test_a_calendar_program_gets_one_event_with_an_alarm(own_client: FlaskClient) -> None:
    """On the last day, reminded a month before, with the count and the list of what changes."""
    listed = events(own_client)
    answer = own_client.post(
        f"{PATH}?days=90", json=ASKED, headers={"Accept": "text/calendar", "Accept-Language": "zh"}
    )
    found: Any = Calendar.from_ical(answer.data).walk("VEVENT")
    (event,) = found
    assert str(event["DTSTART"].dt) == "2026-12-31"
    assert event["SUMMARY"] == f"最后一天：“高新技术企业”到期，{len(listed)} 项结果变化"
    assert [alarm["TRIGGER"].dt.days for alarm in event.walk("VALARM")] == [-30]
    assert {e["detail"]["zh"] for e in listed} == {
        line.partition("，")[0] for line in event["DESCRIPTION"].splitlines()[1:]
    }


def test_a_document_that_ends_is_one_event(own_client: FlaskClient) -> None:
    """The Beijing plan ends for more than forty programmes on one day: one entry on its last day,
    with one alarm, that lists them; a reader is not told that the last day is past."""
    asked = {
        "as_of": "2027-12-01",
        "profile": {"company": {"kind": "enterprise", "registered_region": "110108"}},
    }
    listed = own_client.post(f"{PATH}?days=60", json=asked).get_json()["events"]
    assert len(listed) > 40
    assert {e["cause"]["zh"] for e in listed} == {"京科发〔2025〕19号有效期满"}
    for language, summary in (
        ("zh", f"最后一天：京科发〔2025〕19号有效期满，{len(listed)} 项结果变化"),
        ("en", f"Last day: 京科发〔2025〕19号 ceases to be in force: {len(listed)} results change"),
    ):
        headers = {"Accept": "text/calendar", "Accept-Language": language}
        answer = own_client.post(f"{PATH}?days=60", json=asked, headers=headers)
        entries: Any = Calendar.from_ical(answer.data).walk("VEVENT")
        (event,) = entries
        assert str(event["DTSTART"].dt) == "2027-12-31"
        assert event["SUMMARY"] == summary
        assert len(event.walk("VALARM")) == 1
        assert "2028-01-01" in event["DESCRIPTION"].splitlines()[0]
        # A telephone shows a few lines: one for all that turn alike, in the words of the result.
        lines = event["DESCRIPTION"].splitlines()[1:]
        assert len(lines) == len({e["detail"][language] for e in listed}) < 5
        words = {"zh": "补充信息后可判断 → 不在有效期", "en": "needs more facts → not in force"}
        assert words[language] in event["DESCRIPTION"]
