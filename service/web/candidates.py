"""At the desk: which of the clients, or of the companies of a batch, a programme fits."""

from functools import partial
from io import BytesIO

from flask import Blueprint, request, send_file
from flask import Response as PageResponse

from service.domain.principal import Principal, Scope
from service.rendering.json_parts import Json
from service.usecases.tenancy.candidates import (
    USUAL_PAGE,
    CandidateClass,
    CandidateOrder,
    CandidateQuery,
)
from service.web.formatting import language
from service.web.ports import PageContext
from service.web.programme_choice import chosen_programme, listed_programmes
from service.web.security import Tokens
from service.web.sessions import desk_page, require, trace

FORMS = ("xlsx", "csv")
SORTS = (CandidateOrder.CLASS, CandidateOrder.CEILING, CandidateOrder.MISSING, CandidateOrder.NAME)


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """The page, and its list as a file. Not within another site's frame."""
    if pages.name.startswith("embed"):
        return

    @pages.get("/desk/candidates")
    def candidates() -> str:
        session = require(site, Scope.COMPANIES_READ)
        who = session.account.principal
        programme, query = chosen_programme(site, request.args.get("programme", "")), _query()
        return desk_page(
            "candidates.html",
            session,
            tokens,
            programme=programme,
            answer=programme and site.candidates.find(who, programme.id, query, trace()),
            query=query,
            criteria=_as_parameters(programme.id if programme else "", query),
            batches=_batches(site, who),
            classes=[c.value for c in CandidateClass],
            sorts=[s.value for s in SORTS],
            exports=FORMS,
            programmes=listed_programmes(site),
        )

    def candidate_list(form: str) -> PageResponse:
        who = require(site, Scope.COMPANIES_READ).account.principal
        programme = request.args.get("programme", "")
        found = site.candidates.export(who, programme, _query(), form, language(), trace())
        name = f"candidates-{programme}.{form}"
        return send_file(BytesIO(found), as_attachment=True, download_name=name)

    for form in FORMS:
        pages.add_url_rule(
            f"/desk/candidates.{form}", f"candidates_{form}", partial(candidate_list, form)
        )


def _batches(site: PageContext, who: Principal) -> list[Json]:
    """The batches that are done."""
    found: list[Json] = site.batches.list(who)["items"]
    return [b for b in found if b["state"] == "done"]


def _query() -> CandidateQuery:
    """What the address asks for; what is none of the choices narrows nothing."""
    wanted, sort = request.args.get("class", ""), request.args.get("sort", "")
    after = request.args.get("after", "")
    return CandidateQuery(
        wanted=CandidateClass(wanted) if wanted in set(CandidateClass) else None,
        tag=request.args.get("tag", "").strip()[:40] or None,
        batch=request.args.get("batch", "")[:24] or None,
        verified=request.args.get("verified") == "yes",
        sort=CandidateOrder(sort) if sort in set(SORTS) else CandidateOrder.CLASS,
        after=int(after) if after.isdecimal() and len(after) < 10 else 0,
        limit=USUAL_PAGE,
    )


def _as_parameters(programme: str, query: CandidateQuery) -> dict[str, str]:
    """The query as the parameters of an address."""
    parts = {
        "programme": programme,
        "class": query.wanted.value if query.wanted else "",
        "tag": query.tag or "",
        "batch": query.batch or "",
        "verified": "yes" if query.verified else "",
        "sort": query.sort.value,
    }
    return {name: value for name, value in parts.items() if value}
