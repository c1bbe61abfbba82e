"""The bank's desk: a client against one or all programmes, what is proven, what changed."""

import re
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.web.case_evaluation import evaluate_case
from service.web.cases import Case, change_case, known_facts, load_case, read_profile
from service.web.changes_since import since_last
from service.web.formatting import fact_value
from service.web.ports import PageContext
from service.web.result_model import Result
from service.web.security import OPENING
from service.web.sessions import session_for_forms
from service.web.views import Views, get, post

_MAX_COMPARED = 4
_MAX_SHOWN = 100
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
        return render_template(
            "compare.html",
            results=results,
            rows=_compared(results),
            asked=bool(keys),
            unread=pasted[:_MAX_ECHOED],
        )


def _keys(written: str) -> list[str]:
    """The ids of cases in what somebody pasted: links or bare ids, parted by blanks or lines."""
    found = (_KEY.search(part) for part in written.split())
    return list(dict.fromkeys(match[1] for match in found if match))


def _evidence(site: PageContext, case: Case) -> list[dict[str, Any]]:
    """Every stated fact with its value and what is known of its source."""
    profile = read_profile(site, case)
    rows: list[dict[str, Any]] = []
    for fact, ref in known_facts(site, case):
        held = profile.company
        if ref is not None:
            (held,) = (p.facts for p in profile.projects if p.ref == ref)
        key = fact.id if ref is None else f"projects.{ref}.{fact.name}"
        rows.append(
            {
                "key": key,
                "ref": ref,
                "fact": fact,
                "value": fact_value(held[fact.id], fact, site.vocabulary),
                "verified": case.provenance.get(key) == "verified",
            }
        )
    return rows


def _compared(results: list[Result]) -> list[dict[str, Any]]:
    """A line for each programme that at least one client may qualify for or could still."""
    best: dict[str, list[str]] = {}
    for position, result in enumerate(results):
        for card in result.cards:
            row = best.setdefault(card.programme["id"], [""] * len(results))
            row[position] = row[position] or card.block
    shown = ("potential", "undetermined", "authority")
    return [
        {"id": programme_id, "blocks": blocks}
        for programme_id, blocks in best.items()
        if any(block in shown for block in blocks)
    ]
