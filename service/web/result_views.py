"""The result of a case: to read, to sort, to print, to take along, to hand on, to take back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.intake.currency import currency_of
from service.intake.tenancy import stated_code
from service.memo import pdf
from service.usecases.advice.calendar import MAX_DAYS
from service.usecases.reference.lookup import find_programme
from service.web.case_evaluation import evaluate_case, evaluate_group, evaluate_page
from service.web.cases import Case, load_case, load_shared, lost_answers
from service.web.downloads import CALENDAR, SHEET, SUMMARY, UNNAMED, download, file_name
from service.web.drafts import back_to_form, draft_of
from service.web.fields import fields_for
from service.web.formatting import language, translate
from service.web.forms import FormResult
from service.web.memos import store_receipt
from service.web.ports import PageContext
from service.web.result_cards import SORTS, View
from service.web.result_model import BLOCKS, FIRST_CARDS, GROUP_PAGE
from service.web.security import own_address
from service.web.sessions import session_for_forms
from service.web.spreadsheet import MIME, workbook
from service.web.views import Views, get, post

Page: TypeAlias = str | Response

# What one sheet takes: so many rows of three lines, fewer where more stands below them.
_SUMMARY_ROWS, _FEWEST_ROWS = 12, 4
_ROW_LINES = 3
_SHEET_LINES = _SUMMARY_ROWS * _ROW_LINES
# Of what lacks facts so many are named, each on two lines.
_MAX_OPEN_NAMED = 12
_VIEW = ("sort", "place", "instrument")
_PAPER = (Path(__file__).parent / "static" / "paper.css").read_text(encoding="utf-8")


class Results(Views):
    """The views; each answers one address."""

    def add_to(self, pages: Blueprint) -> None:
        """Adds the views, with those that may be read under the address of a link, too."""
        super().add_to(pages)
        self._add_read(pages, "/cases/<key>/result", "/shared/<key>", "result", self._page)
        for rest, name, view in (
            ("summary", "summary", self._summary),
            ("summary.pdf", "summary_pdf", self._summary_pdf),
            ("groups/<block>", "group", self._group),
            ("programmes/<programme_id>", "programme", self._programme),
            ("result.xlsx", "sheet", self._sheet),
            ("calendar.ics", "calendar", self._calendar),
        ):
            self._add_read(pages, f"/cases/<key>/{rest}", f"/shared/<key>/{rest}", name, view)

    def _add_read(
        self, pages: Blueprint, own: str, shared: str, name: str, view: Callable[..., Page]
    ) -> None:
        """The same view of a case under its owner's address and under that of a link."""
        pages.add_url_rule(own, f"case_{name}", partial(self._read, load_case, view))
        pages.add_url_rule(shared, f"shared_{name}", partial(self._read, load_shared, view))

    def _read(
        self,
        load: Callable[[PageContext, str], Case],
        view: Callable[..., Page],
        key: str,
        **rest: str,
    ) -> Page:
        return view(load(self.site, key), **rest)

    @post("/cases/<key>/receipt")
    def receipt(self, key: str) -> str:
        """Keep the answer of today as a receipt."""
        self.tokens.require(key)
        case = load_case(self.site, key)
        return render_template("receipt.html", case=case, answer=store_receipt(self.site, case))

    @get("/cases/<key>/share")
    def share(self, key: str) -> str:
        return self._share_page(load_case(self.site, key), None)

    @post("/cases/<key>/share")
    def make_link(self, key: str) -> str:
        self.tokens.require(key)
        case = load_case(self.site, key)
        link = self.site.cases.link(key, self.site.now(), self.site.link_lives)
        return self._share_page(case, own_address(url_for(".shared_result", key=link)))

    @post("/cases/<key>/revoke")
    def revoke(self, key: str) -> Response:
        self.tokens.require(key)
        self.site.cases.revoke(key, request.form.get("name") or abort(400))
        return redirect(url_for(".share", key=key), 303)

    @post("/cases/<key>/result")
    def switch_language(self, key: str) -> Page:
        """The result in the other language, with the question on it as far as it is answered."""
        self.tokens.require(key)
        view = {name: request.args[name] for name in _VIEW if name in request.args}
        return back_to_form(self.site, "case_result", key, **view)

    def _page(self, case: Case) -> str:
        form = draft_of(case)
        reading = None if form is None else FormResult(form)
        result = evaluate_page(self.site, case, _view())
        asked = [
            q for q in result.to_ask.fresh if q["fact"].startswith("company.") and not case.shared
        ][:1]
        facts = [self.site.vocabulary.facts[q["fact"]] for q in asked]
        return render_template(
            "result.html",
            case=case,
            lost_answers=tuple(lost_answers(self.site, case)),
            result=result,
            steps=self.site.steps,
            question_of={q["fact"]: q for q in asked},
            fields=fields_for(self.site, case, facts, None, reading),
            focus=self.site.catalogue.programmes.get(case.focus or ""),
            first_cards=FIRST_CARDS,
            token=self.tokens.make(case.id),
            **({} if case.shared else session_for_forms(self.site, self.tokens)),
        )

    def _summary_pdf(self, case: Case) -> Response:
        page = self._summary(case).replace("</head>", f"<style>{_PAPER}</style></head>")
        name = file_name(case, SUMMARY, self.site.today(), "pdf")
        return download(pdf.memo_pdf(page), "application/pdf", name)

    def _summary(self, case: Case) -> str:
        """What counts, on one page to print."""
        result = evaluate_page(self.site, case, _view())
        open_count = result.size("undetermined")
        names_open = open_count <= _MAX_OPEN_NAMED and not result.folded
        below = sum(group.lines for group in result.authority_groups)
        below += 2 * open_count if names_open else 0
        rows = (_SHEET_LINES - below) // _ROW_LINES
        return render_template(
            "summary.html",
            case=case,
            result=result,
            name=case.company.get("name") or translate(UNNAMED),
            uscc=stated_code(case.company, self.site.vocabulary),
            most=max(rows, _FEWEST_ROWS),
            names_open=names_open,
        )

    def _group(self, case: Case, block: str) -> str:
        """One block of the result by itself, a page at a time."""
        if block not in BLOCKS:
            abort(404)
        start = max(request.args.get("start", 0, type=int), 0)
        return render_template(
            "group.html",
            case=case,
            result=evaluate_group(self.site, case, _view(), block, start),
            block=block,
            start=start,
            page=GROUP_PAGE,
        )

    def _programme(self, case: Case, programme_id: str) -> str:
        programme = find_programme(self.site.catalogue, programme_id)
        result = evaluate_case(self.site, case, only=programme_id)
        return render_template("fit.html", case=case, result=result, programme=programme)

    def _calendar(self, case: Case) -> Response:
        """What opens, closes or changes for the company in the coming years, for calendars."""
        answer = self.site.scheduling.calendar({"profile": case.profile()}, MAX_DAYS)
        content = self.site.scheduling.icalendar(answer, language())
        name = file_name(case, CALENDAR, self.site.today(), "ics")
        return download(content, "text/calendar; charset=utf-8", name)

    def _sheet(self, case: Case) -> Response:
        content = workbook(evaluate_case(self.site, case), currency_of(self.site.vocabulary).label)
        return download(content, MIME, file_name(case, SHEET, self.site.today(), "xlsx"))

    def _share_page(self, case: Case, link: str | None) -> str:
        return render_template(
            "share.html",
            case=case,
            link=link,
            links=self.site.cases.links(case.id, self.site.now()),
            days=self.site.link_lives.days,
            token=self.tokens.make(case.id),
        )


def _view() -> View:
    sort = request.args.get("sort", "")
    return View(
        sort if sort in SORTS else SORTS[0],
        request.args.get("place", ""),
        request.args.get("instrument", ""),
    )
