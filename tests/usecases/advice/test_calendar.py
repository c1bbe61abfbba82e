"""The calendar of a company: which programmes open, close or change for it, and when."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from tests.api.sample import data
from tests.usecases.meridian import Opener, request

PATH = "/api/v1/calendar"
ICS = {"Accept": "text/calendar"}
YEAR_BEFORE = "2025-06-01"


def days(client: FlaskClient, ahead: int, **asked: Any) -> dict[tuple[str, str], str]:
    """(day, programme) → what happens."""
    response = client.post(f"{PATH}?days={ahead}", json={**request(), **asked})
    assert response.status_code == 200, response.text
    return {(e["day"], e["programme"]): e["happening"] for e in data(response)["events"]}


def test_a_programme_opens_on_its_first_day_and_closes_after_its_last(client: FlaskClient) -> None:
    """In force from 2026-01-01 to 2026-12-31, both included."""
    both = {
        ("2026-01-01", "me-lighthouse"): "opens",
        ("2026-01-01", "me-young-firm"): "opens",
        ("2027-01-01", "me-lighthouse"): "closes",
        ("2027-01-01", "me-young-firm"): "closes",
    }
    assert days(client, 1000, as_of=YEAR_BEFORE) == both


@pytest.mark.parametrize(("ahead", "count"), [(213, 0), (214, 2)])
def test_the_last_day_asked_for_is_included(client: FlaskClient, ahead: int, count: int) -> None:
    """From 2026-06-01 it is 214 days to the day of closing."""
    assert len(days(client, ahead)) == count


def test_what_the_company_cannot_have_anyway_is_left_out(client: FlaskClient) -> None:
    """For a company elsewhere nothing opens; asked for by status, it is shown."""
    elsewhere = request(registered_region="910000")["profile"]
    asked = {"as_of": YEAR_BEFORE, "profile": elsewhere}
    assert days(client, 1000, **asked) == {}
    assert len(days(client, 1000, **asked, statuses=["ineligible"])) == 4


def test_ninety_days_are_looked_at_unless_asked_otherwise(client: FlaskClient) -> None:
    """The answer says from when to when."""
    answer = data(client.post(PATH, json=request()))
    assert (answer["from"], answer["to"]) == ("2026-06-01", "2026-08-30")
    assert answer["events"] == []


def test_icalendar_is_what_calendar_programs_read(client: FlaskClient) -> None:
    """Parsed without complaint by an independent reader of RFC 5545, and every event is there."""
    asked = {**request(), "as_of": YEAR_BEFORE}
    plain = data(client.post(f"{PATH}?days=1000", json=asked))["events"]
    response = client.post(f"{PATH}?days=1000", json=asked, headers=ICS)
    assert response.content_type == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.data)
    assert calendar.errors == []
    assert calendar["VERSION"] == "2.0"
    events: Any = calendar.walk("VEVENT")
    opening, closing = events
    assert (str(opening["DTSTART"].dt), str(closing["DTSTART"].dt)) == ("2026-01-01", "2026-12-31")
    assert opening["SUMMARY"] == "子午办〔2026〕1号开始实施，2 项结果变化"
    assert closing["SUMMARY"] == "最后一天：子午办〔2026〕1号有效期满，2 项结果变化"
    for event, happening, alarm in ((opening, "opens", -7), (closing, "closes", -30)):
        told = [e for e in plain if e["happening"] == happening]
        names = "、".join(e["text"]["zh"].partition("：")[2] for e in told)
        assert event["DESCRIPTION"].splitlines() == [
            f"自 {told[0]['day']} 起：",
            f"{told[0]['detail']['zh']}，{len(told)} 项：{names}",
        ]
        assert [a["TRIGGER"].dt.days for a in event.walk("VALARM")] == [alarm]
    assert all(e.errors == [] and e.DTSTAMP.tzinfo for e in events)
    assert all(len(line) <= 75 for line in response.data.split(b"\r\n"))


def test_icalendar_speaks_the_language_asked_for(client: FlaskClient) -> None:
    """English for Accept-Language: en."""
    response = client.post(
        f"{PATH}?days=1000",
        json={**request(), "as_of": YEAR_BEFORE},
        headers={**ICS, "Accept-Language": "en"},
    )
    summaries = [str(e["SUMMARY"]) for e in Calendar.from_ical(response.data).walk("VEVENT")]
    assert summaries[0].endswith("comes into force: 2 results change")


def test_marks_that_have_a_meaning_in_icalendar_survive(opener: Opener) -> None:
    """Commas, semicolons, backslashes and long Chinese names come back as they were."""
    name = "灯塔；a,b;c\\\\d，" + "长" * 60
    city = opener(("policies/meridian/me-2026-1/02-young-firm.yaml", "青年小企业奖励", f'"{name}"'))
    answer = city.scheduling.calendar({**request(), "as_of": YEAR_BEFORE}, 1000)
    calendar = Calendar.from_ical(city.scheduling.icalendar(answer, "zh"))
    told = "\n".join(str(e["DESCRIPTION"]) for e in calendar.walk("VEVENT"))
    assert f"、{name}".replace("\\\\", "\\") in told


def test_the_same_event_keeps_its_id_and_companies_do_not_share_them(client: FlaskClient) -> None:
    """Imported twice it stands once; two clients' calendars can stand beside each other."""

    def ids(**company: Any) -> set[str]:
        asked = {**request(**company), "as_of": YEAR_BEFORE}
        events = data(client.post(f"{PATH}?days=1000", json=asked))["events"]
        return {e["id"] for e in events}

    first = ids(name="甲公司")
    assert len(first) == 4
    assert ids(name="甲公司", employees=49) == first
    assert not ids(name="乙公司") & first


@pytest.mark.parametrize(
    "query", ["days=0", "days=3661", "days=1.5", "days=", "days=1&days=2", "day=3"]
)
def test_a_wrong_number_of_days_is_refused(client: FlaskClient, query: str) -> None:
    """From 1 to 3660, once, under its own name."""
    response = client.post(f"{PATH}?{query}", json=request())
    assert (response.status_code, data(response)["code"]) == (422, "invalid_query")


def test_a_form_that_is_not_offered_is_refused(client: FlaskClient) -> None:
    """The two that are offered are named."""
    response = client.post(PATH, json=request(), headers={"Accept": "text/html"})
    assert response.status_code == 406
    assert "text/calendar" in data(response)["detail"]
