"""The answers of a self-check: looked over, taken along by a link, given up."""

from io import BytesIO
from typing import Any

import segno
from flask import render_template, url_for
from werkzeug.wrappers import Response

from service.domain.facts.profile import PROJECTS_ABSENT, Value
from service.domain.facts.vocabulary import Fact
from service.usecases.reference.code_search import path_of
from service.web.cases import Case, case_facts, load_case, lost_answers, read_profile, skip_key
from service.web.formatting import fact_value, separators, translate
from service.web.ports import PageContext
from service.web.questions import Widget, askable, widget
from service.web.security import own_address
from service.web.views import Views, get, post


class Answers(Views):
    """The views; each answers one address."""

    @get("/cases/<key>/answers")
    def answers(self, key: str) -> str:
        case = load_case(self.site, key)
        rows = _answer_rows(self.site, case)
        return render_template(
            "answers.html",
            case=case,
            lost_answers=tuple(lost_answers(self.site, case)),
            stated=[r for r in rows if r["ref"] is None and r["value"]],
            of_projects=[(p, [r for r in rows if r["ref"] == p["ref"]]) for p in case.projects],
            absent=_absent_words(self.site, case),
            blank=[r for r in rows if r["ref"] is None and not r["value"]],
            steps=self.site.steps,
        )

    @get("/cases/<key>/link.svg")
    def link_picture(self, key: str) -> Response:
        """The case's own link as a QR code."""
        load_case(self.site, key)
        target = BytesIO()
        made = segno.make_qr(own_address(url_for(".answers", key=key)))
        made.save(target, kind="svg", border=2, light="white", omitsize=True)
        return Response(target.getvalue(), mimetype="image/svg+xml")

    @post("/cases/<key>/delete")
    def delete_case(self, key: str) -> str:
        self.tokens.require(key)
        case = load_case(self.site, key)
        if case.receipt is not None:  # one from before receipts were noted
            self.site.cases.note_receipt(key, case.receipt)
        self.site.cases.delete(key)
        return render_template("deleted.html")


def _answer_rows(site: PageContext, case: Case) -> list[dict[str, Any]]:
    """Every fact of the company with its answer, and every stated one of the projects."""
    profile = read_profile(site, case)
    rows: list[dict[str, Any]] = []
    for fact in askable(site.vocabulary):
        value = profile.company[fact.id] if fact.name in case.company else None
        words = None if value is None else _answer_words(site, fact, value)
        rows.append(_row(case, fact, None, words))
    for stated in case_facts(site, case):
        if stated.ref is not None:
            words = fact_value(stated.value, stated.fact, site.vocabulary)
            rows.append(_row(case, stated.fact, stated.ref, words))
    return rows


def _absent_words(site: PageContext, case: Case) -> str:
    """The kinds of project that there are said to be none of."""
    fact = site.vocabulary.facts.get(PROJECTS_ABSENT)
    stated = read_profile(site, case).company.get(PROJECTS_ABSENT)
    return fact_value(stated, fact, site.vocabulary) if fact and stated else ""


def _row(case: Case, fact: Fact, ref: str | None, words: str | None) -> dict[str, Any]:
    rough = skip_key(fact, ref) in case.rough
    return {"fact": fact, "ref": ref, "value": words, "rough": rough}


def _answer_words(site: PageContext, fact: Fact, value: Value) -> str:
    """An answer to be looked over: what was found in a long list, with what it lies in, for there
    are several 朝阳区."""
    searched = widget(fact, site.vocabulary) in (Widget.PICK, Widget.PICK_SEVERAL)
    codes = site.vocabulary.codes_of(fact)
    if not searched or codes is None or not value:
        return fact_value(value, fact, site.vocabulary)
    named = sorted(value) if isinstance(value, frozenset) else [str(value)]
    return separators()["comma"].join(translate(path_of(codes, str(code))) for code in named)
