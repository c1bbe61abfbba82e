"""The bank's desk: a client against one or all programmes, what is proven, what changed."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.domain.wording.labels import AUTHORITY
from service.web.case_evaluation import evaluate_case
from service.web.cases import Case, case_facts, change_case, load_case
from service.web.changes_since import since_last
from service.web.formatting import fact_value
from service.web.ports import PageContext
from service.web.result_model import Result
from service.web.security import OPENING
from service.web.sessions import session_for_forms
from service.web.views import Views, get, post

_MAX_COMPARED = 4
_MAX_SHOWN = 100
# Of many programmes so many are set side by side.
_MAX_LINES = 40
_MAX_ECHOED = 1000
_KEY = re.compile(r"(?:/cases/|^)([A-Za-z0-9_-]{20,40})(?:/|$|\?|#)")


class DeskViews(Views):
    """Cases by their keys: one of them, what is proven of it, several side by side."""

    @get("/desk")
    def desk(self) -> str:
        return self._desk(unknown=False)

    @get("/desk/open")
    def desk_open(self) -> Response | str:
        keys = _keys(request.args.get("case", ""))
        if not keys:
            return self._desk(unknown=True)
        return redirect(url_for(".desk_case", key=keys[0]), 303)

    def _desk(self, *, unknown: bool) -> str:
        return render_template("desk.html", token=self.tokens.make(OPENING), unknown=unknown)

    @get("/desk/cases/<key>")
    def desk_case(self, key: str) -> str:
        result = evaluate_case(self.site, load_case(self.site, key))
        return render_template(
            "desk_case.html",
            case=result.case,
            result=result,
            most=_MAX_SHOWN,
            since=since_last(self.site, result),
            token=self.tokens.make(key),
            **session_for_forms(self.site, self.tokens),
        )

    @get("/desk/cases/<key>/evidence")
    def evidence(self, key: str) -> str:
        case = load_case(self.site, key)
        rows = _evidence(self.site, case)
        return render_template("evidence.html", case=case, rows=rows, token=self.tokens.make(key))

    @post("/desk/cases/<key>/evidence")
    def save_evidence(self, key: str) -> Response:
        """Mark each stated fact as verified or declared."""
        self.tokens.require(key)

        def edit(case: Case) -> bool:
            keys = [row["key"] for row in _evidence(self.site, case)]
            case.provenance = {k: "verified" for k in keys if request.form.get(k) == "verified"}
            return True

        change_case(self.site, key, edit)
        return redirect(url_for(".desk_case", key=key), 303)

    @get("/desk/compare")
    def compare(self) -> str:
        pasted = request.args.get("cases", "").strip()
        keys = _keys(pasted)[:_MAX_COMPARED]
        results = [evaluate_case(self.site, load_case(self.site, key)) for key in keys]
        folded = any(result.folded for result in results)
        most = _MAX_LINES if folded else len(self.site.catalogue.programmes)
        return render_template(
            "compare.html",
            results=results,
            rows=list(_compared(self.site, results, most)),
            most=_MAX_LINES if folded else None,
            entered=bool(keys),
            unread=pasted[:_MAX_ECHOED],
        )


def _keys(written: str) -> list[str]:
    """The ids of cases in what somebody pasted: links or bare ids, parted by blanks or lines."""
    found = (_KEY.search(part) for part in written.split())
    return list(dict.fromkeys(match[1] for match in found if match))


def _evidence(site: PageContext, case: Case) -> list[dict[str, Any]]:
    """Every stated fact with its value and what is known of its source."""
    return [
        {
            "key": stated.key,
            "about": stated.about,
            "fact": stated.fact,
            "value": fact_value(stated.value, stated.fact, site.vocabulary),
            "verified": case.provenance.get(stated.key) == "verified",
        }
        for stated in case_facts(site, case)
    ]


def _compared(site: PageContext, results: list[Result], most: int) -> Iterator[dict[str, Any]]:
    """A line for each programme that at least one client may qualify for or could still."""
    listed = [_first_blocks(result) for result in results]
    shown = ("potential", "undetermined", AUTHORITY)
    ids = dict.fromkeys(i for found in listed for i, block in found.items() if block in shown)
    for programme_id in islice(ids, most):
        blocks = [
            found.get(programme_id) or _block_beyond(site, result, programme_id)
            for found, result in zip(listed, results, strict=True)
        ]
        yield {"id": programme_id, "blocks": blocks}


def _first_blocks(result: Result) -> dict[str, str]:
    """The block of each programme that a result lists, of several the first."""
    found: dict[str, str] = {}
    for card in result.cards:
        found.setdefault(card.programme["id"], card.block)
    return found


def _block_beyond(site: PageContext, result: Result, programme_id: str) -> str:
    """The block of a programme that a result does not list: of many, not all are."""
    if not result.folded:
        return ""
    return evaluate_case(site, result.case, only=programme_id).cards[0].block
