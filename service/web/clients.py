"""The desk of somebody logged in: the tenant's clients, one of them, all in numbers."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import orjson
from flask import Response as PageResponse
from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from service.domain.errors import InvalidInput
from service.domain.evaluation.evaluator import Status
from service.domain.facts.vocabulary import Fact, Owner
from service.domain.principal import Scope
from service.domain.text import Text
from service.memo import pdf
from service.memo.page import POLICY, memo_page
from service.rendering.json_parts import Json
from service.storage.companies import CompanyOrder
from service.usecases.tenancy.clients import Client, ClientFilter
from service.web.case_evaluation import evaluate_case
from service.web.cases import Case, case_facts, read_profile
from service.web.downloads import MEMO, download, file_name
from service.web.field_values import written
from service.web.formatting import fact_value, language, translate
from service.web.ports import PageContext
from service.web.programme_choice import chosen_programme, listed_programmes
from service.web.questions import askable
from service.web.sessions import desk_page, require, require_form, trace
from service.web.views import Views, get, post

STATES = (Status.ELIGIBLE, Status.POTENTIAL, Status.UNDETERMINED, Status.WATCH)
# So many matches, and programmes of the overview, are listed.
MAX_SHOWN, FIRST_PROGRAMMES, MAX_SEARCHED = 100, 15, 100
# Programmes that the numbers are told of one by one: of ten thousand nobody reads more.
MAX_PROGRAMMES = 300
_BY_KEY = Text("接口密钥 {key}", "API key {key}")


class ClientViews(Views):
    """A tenant's clients: all, one of them, its memo, and all of them in numbers."""

    in_frames = False

    @get("/desk/clients")
    def clients(self) -> str:
        session = require(self.site, Scope.COMPANIES_READ)
        wanted = _filter(self.site)
        account = session.account
        found = self.site.clients.page(
            account.principal, account.id, wanted, request.args.get("after", "")[:18]
        )
        return desk_page(
            "clients.html",
            session,
            self.tokens,
            found=found,
            wanted=wanted,
            filters=_as_parameters(wanted),
            orders=CompanyOrder,
            states=STATES,
            programmes=listed_programmes(self.site),
        )

    @get("/desk/clients/<uscc>")
    def client(self, uscc: str) -> str:
        session = require(self.site, Scope.COMPANIES_READ)
        account = session.account
        client = self.site.clients.client(account.principal, account.id, uscc)
        case = case_of(client)
        result = evaluate_case(self.site, case, brief=True) if client.statuses is not None else None
        return desk_page(
            "client.html",
            session,
            self.tokens,
            client=client,
            result=result,
            facts=_facts(self.site, client, case) if result else [],
            unstated=_unstated(self.site, case) if result else [],
            most=MAX_SHOWN,
        )

    @post("/desk/clients/<uscc>/seen")
    def mark_seen(self, uscc: str) -> Response:
        session = require_form(self.site, self.tokens, Scope.COMPANIES_READ)
        self.site.clients.mark_seen(session.account.principal, session.account.id, uscc)
        return redirect(url_for(".client", uscc=uscc), 303)

    @post("/desk/clients/<uscc>/delete")
    def delete_client(self, uscc: str) -> Response:
        """Wipe every version of it."""
        session = require_form(self.site, self.tokens, Scope.COMPANIES)
        self.site.companies.delete(session.account.principal, uscc, None, trace())
        return redirect(url_for(".clients"), 303)

    @get("/desk/clients/<uscc>/history")
    def client_history(self, uscc: str) -> str:
        session = require(self.site, Scope.COMPANIES_READ)
        asked = request.args.get("before", "")
        until = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
        page = self.site.companies.history(session.account.principal, uscc, until)
        found, further = page["items"], page["next_cursor"] is not None
        # The last of a page is told on the next one: what it is compared with stands there.
        pairs = [*pairwise(found), *([] if further else [(found[-1], None)])]
        return desk_page(
            "client_history.html",
            session,
            self.tokens,
            uscc=uscc,
            older=found[-2]["version"] if further else None,
            versions=[
                {
                    **one,
                    "by": _by_whom(one["updated_by"]),
                    "changes": _changed_facts(self.site, before, one),
                    "others_changed": before is not None
                    and _beside_facts(before) != _beside_facts(one),
                }
                for one, before in pairs
            ],
        )

    @post("/desk/clients/<uscc>/memo")
    def keep_client_memo(self, uscc: str) -> Response:
        """Today's answer kept as the tenant's receipt, and its memo."""
        session = require_form(self.site, self.tokens, Scope.MATCH)
        who = session.account.principal
        found = self.site.clients.client(who, session.account.id, uscc)
        answer = self.site.matching.match_json(
            {"profile": case_of(found).profile()}, principal=who, trace=trace()
        )
        if answer["receipt_id"] is None:
            abort(404)
        view = ".client_memo_pdf" if request.form.get("as") == "pdf" else ".client_memo"
        return redirect(url_for(view, receipt_id=answer["receipt_id"]), 303)

    @get("/desk/receipts/<receipt_id>/memo")
    def client_memo(self, receipt_id: str) -> PageResponse:
        response = PageResponse(memo_page(self._memo(receipt_id), language()), mimetype="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @get("/desk/receipts/<receipt_id>/memo.pdf")
    def client_memo_pdf(self, receipt_id: str) -> Response:
        memo = self._memo(receipt_id)
        page = memo_page(memo, language())
        case = Case("", {"name": memo["company"]["name"]})
        name = file_name(case, MEMO, self.site.today(), "pdf")
        return download(pdf.memo_pdf(page), "application/pdf", name)

    def _memo(self, receipt_id: str) -> Json:
        session = require(self.site, Scope.MATCH)
        return self.site.memos.of_receipt(receipt_id, session.account.principal)

    @get("/desk/portfolio")
    def portfolio(self) -> str:
        session = require(self.site, Scope.COMPANIES_READ)
        overview = self.site.clients.overview(session.account.principal)
        return desk_page(
            "portfolio.html",
            session,
            self.tokens,
            overview=overview,
            first=FIRST_PROGRAMMES,
            most=MAX_PROGRAMMES,
            day=self.site.today(),
        )


def _by_whom(principal: str) -> str:
    """Who changed a client: an account by its name, a key by its id."""
    mark, _, name = principal.partition(":")
    return translate(_BY_KEY.format(key=name)) if mark == "key" else name or mark


def _changed_facts(site: PageContext, before: Json | None, now: Json) -> list[dict[str, Any]]:
    """The facts of a company that a version states otherwise than the one before it."""
    was, held = ((one or {}).get("profile", {}).get("company", {}) for one in (before, now))
    return [
        {
            "label": fact.label,
            "before": _as_stated(site, fact, was.get(fact.name)),
            "after": _as_stated(site, fact, held.get(fact.name)),
        }
        for fact in site.vocabulary.company
        if before is not None and was.get(fact.name) != held.get(fact.name)
    ]


def _beside_facts(version: Json) -> list[Any]:
    """What a version says beside the facts of the company: projects, sources, tags, documents."""
    profile = version["profile"]
    parts = (profile.get("projects"), profile.get("provenance"))
    return [part or None for part in (*parts, version["tags"], version["evidence"])]


def _as_stated(site: PageContext, fact: Fact, raw: Any) -> str:
    """A value in words; as it was written where today's words do not read it."""
    if raw is None:
        return "—"
    try:
        stated = read_profile(site, Case("", company={fact.name: raw}))
        return str(fact_value(stated.company[fact.id], fact, site.vocabulary))
    except (InvalidInput, KeyError):
        return str(raw)


def _unstated(site: PageContext, case: Case) -> list[Fact]:
    """The company's facts that can be entered and are not."""
    own = (f for f in askable(site.vocabulary) if f.owner is Owner.COMPANY)
    return [f for f in own if case.raw(f) is None]


def _filter(site: PageContext) -> ClientFilter:
    """What the address asks for; what is none of the choices narrows nothing."""
    status = request.args.get("status", "")
    programme = chosen_programme(site, request.args.get("programme", ""))
    chosen = ClientFilter(
        tag=request.args.get("tag", "").strip()[:40] or None,
        changed=request.args.get("changed") == "yes",
        words=written(request.args, "q")[:MAX_SEARCHED],
    )
    order = request.args.get("sort", "")
    if order in {o.value for o in CompanyOrder}:
        chosen = replace(chosen, order=CompanyOrder(order))
    if status in {s.value for s in STATES}:
        chosen = replace(chosen, status=Status(status))
    if programme is not None:
        chosen = replace(chosen, programme=programme.id)
    return chosen


def _as_parameters(wanted: ClientFilter) -> dict[str, str]:
    """The filter as the parameters of an address."""
    parts = {
        "status": wanted.status.value if wanted.status else "",
        "programme": wanted.programme or "",
        "tag": wanted.tag or "",
        "changed": "yes" if wanted.changed else "",
        "q": wanted.words,
        "sort": "" if wanted.order is CompanyOrder.CODE else wanted.order.value,
    }
    return {name: value for name, value in parts.items() if value}


def case_of(client: Client) -> Case:
    """A stored company as the pages know a profile."""
    stated = orjson.loads(client.company.content)["profile"]
    return Case(
        client.company.uscc,
        company=stated.get("company", {}),
        projects=stated.get("projects", []),
        provenance=stated.get("provenance", {}),
    )


def _facts(site: PageContext, client: Client, case: Case) -> list[dict[str, Any]]:
    """Every stated fact with where it comes from and the document that shows it."""
    evidence = orjson.loads(client.company.content).get("evidence") or {}
    return [
        {
            "fact": stated.fact,
            "about": stated.about,
            "value": fact_value(stated.value, stated.fact, site.vocabulary),
            "provenance": case.provenance.get(stated.key, "declared"),
            "evidence": evidence.get(stated.key),
        }
        for stated in case_facts(site, case)
    ]
