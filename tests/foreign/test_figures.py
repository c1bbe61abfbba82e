"""What a programme of another country comes to is the same figure wherever it is told: in the
answer of the API, on the page, in the memo and in the workbook."""

import json
import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from service.api.factory import create_app
from service.app import Services
from service.faces import api_context, page_context
from service.intake.notices import TakenAs
from service.rendering.amount_words import amount_text, over_the_years
from service.usecases.authoring.examples import raw_profile
from service.web.cases import Case
from service.web.result_cards import taken_by_reason
from service.web.site import register_pages
from tests.web.conftest import Visitor


@pytest.mark.parametrize("country", ["french", "english"])
def test_a_figure_is_told_alike_everywhere(huice: Services, moor: Services, country: str) -> None:
    """For each example whose amount is decided: with what is paid over years on the page, in whole
    in the memo, as a number in the workbook."""
    opened = huice if country == "french" else moor
    app, site = create_app(api_context(opened)), page_context(opened)
    register_pages(app, site)
    client, catalogue = app.test_client(), opened.compiled.catalogue
    compared = 0
    for programme in catalogue.programmes.values():
        for example in programme.examples:
            stated = raw_profile(programme, example, catalogue.vocabulary)
            raw: dict[str, Any] = json.loads(json.dumps(stated, default=str))
            body = client.post("/api/v1/match", json={"profile": raw}).get_json()
            found = (m for m in body["matches"] if m["programme"]["id"] == programme.id)
            ceiling = next((m["ceiling"] for m in found if m["status"] != "undetermined"), None)
            if ceiling is None or ceiling["amount"] is None:
                continue
            case = Case("", raw.get("company", {}), raw.get("projects", []))
            visitor = Visitor(client, site.cases.create(case.content(), site.now()))
            page = plain(visitor.get("/cases/{key}/result"))
            assert wording_of(over_the_years(ceiling, catalogue.vocabulary)) in page
            visitor.post("/cases/{key}/memo", "/cases/{key}/result")
            memo = plain(visitor.get("/cases/{key}/memo"))
            whole = amount_text(ceiling["amount"], catalogue.vocabulary, ceiling["currency"])
            assert wording_of(whole) in memo
            assert float(ceiling["amount"]) in cells_of(visitor)
            compared += 1
    assert compared >= 1


def wording_of(words: Any) -> str:
    assert words is not None
    return str(words.en)


def plain(page: str) -> str:
    """The text of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page)))


def cells_of(visitor: Visitor) -> list[Any]:
    """Every cell of the workbook of a case."""
    content = visitor.client.get(f"/cases/{visitor.key}/result.xlsx").data
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
    return [cell for sheet in sheets for row in sheet.to_python() for cell in row]


def test_what_is_presumed_of_everybody_stands_on_the_page(moor: Services) -> None:
    """It was taken from no answer, so each such fact is told by itself."""
    vocabulary = moor.compiled.catalogue.vocabulary
    first, second = list(vocabulary.facts)[:2]
    words = {"zh": "按一般情形推定", "en": "presumed"}
    warnings = [
        {"code": "fact_taken", "text": words, "fact": fact, "taken_as": TakenAs.VALUE.value}
        for fact in (first, second, first)
    ]
    notices = taken_by_reason(warnings, vocabulary)
    assert [[fact.id for fact in notice.facts] for notice in notices] == [[first], [second]]
    assert [notice.text for notice in notices] == [words, words]
