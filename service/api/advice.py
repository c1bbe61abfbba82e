"""POST: two evaluations compared, and the days on which something turns for a company."""

from datetime import date

from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import JSON, accept_one_of, body, json_answer, plain_request
from service.api.match import REQUEST
from service.api.openapi import Body, new_blueprint, operation
from service.api.ports import ApiContext
from service.api.principals import any_principal
from service.api.problems import language
from service.api.queries import QueryParameter, count_to, read_query
from service.domain.dates import add_months
from service.domain.text import Text
from service.rendering.json_parts import Json, in_language
from service.usecases.advice.calendar import MAX_DAYS, USUAL_DAYS
from service.usecases.reference.example_request import example_request

COMPARISON = "CompareRequest"
CALENDAR = "text/calendar"
_DAYS = QueryParameter(
    "days",
    count_to(MAX_DAYS),
    {"type": "integer", "minimum": 1, "maximum": MAX_DAYS, "default": USUAL_DAYS},
    Text("往后看多少天", "How many days ahead"),
)


def _over_a_year(example: Json) -> Json:
    """An example on its day beside the same a year before, so that the two sides differ."""
    day = date.fromisoformat(example.get("as_of", "2026-01-01"))
    before = add_months(day, -12).isoformat()
    return {"before": {**example, "as_of": before}, "after": example}


def advice_blueprint(service: ApiContext) -> Blueprint:
    """Comparisons and calendars over one service."""
    example = example_request(service.compiled)
    blueprint = new_blueprint("advice", "比较与日程 · What changes, because of what, and when")

    @operation(
        blueprint,
        "POST /match/compare",
        schemas.ComparisonSchema(),
        further_statuses=(401, 409, 429),
        body=Body(COMPARISON, _over_a_year(example)),
    )
    def compare() -> Response:
        plain_request()
        any_principal(service)
        return json_answer(service.comparing.compare(body()))

    @operation(
        blueprint,
        "POST /calendar",
        schemas.CalendarSchema(),
        further_statuses=(401, 429),
        body=Body(REQUEST, example),
        parameters=[_DAYS.document()],
        further_media=[CALENDAR],
    )
    def calendar() -> Response:
        days = read_query([_DAYS]).get("days", USUAL_DAYS)
        kind = accept_one_of([JSON, CALENDAR])
        any_principal(service)
        asked = body()
        answer = service.scheduling.calendar(asked, days)
        if kind == JSON:
            # What is no object has been refused.
            lang = asked.get("lang") if isinstance(asked, dict) else None
            response = json_answer(in_language(answer, lang))
        else:
            response = _icalendar(service.scheduling.icalendar(answer, language()))
        response.vary.add("Accept")
        return response

    return blueprint


def _icalendar(content: str) -> Response:
    response = Response(content, content_type=f"{CALENDAR}; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="huice.ics"'
    response.vary.add("Accept-Language")
    return response
