"""The memo of a case: its answer kept as a receipt, and set on paper."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from service import __version__
from service.domain.errors import ErrorCode, NotFound, Refused
from service.memo import pdf
from service.memo.page import POLICY, memo_page
from service.rendering.json_parts import Json
from service.usecases.receipts.memo import MemoSource
from service.usecases.receipts.memo import memo as memo_of
from service.web.cases import Case, change_case, load_case
from service.web.downloads import MEMO, download, file_name
from service.web.formatting import language
from service.web.ports import PageContext
from service.web.security import Tokens


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """Keeping today's answer, and the memo of the answer kept last."""

    @pages.post("/cases/<key>/memo")
    def keep_memo(key: str) -> Response:
        tokens.require(key)
        store_receipt(site, load_case(site, key))
        view = ".memo_pdf" if request.form.get("as") == "pdf" else ".memo"
        return redirect(url_for(view, key=key), 303)

    @pages.get("/cases/<key>/memo")
    def memo(key: str) -> Response:
        response = Response(_page(site, load_case(site, key)), mimetype="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @pages.get("/cases/<key>/memo.pdf")
    def memo_pdf(key: str) -> Response:
        case = load_case(site, key)
        page = _page(site, case)
        name = file_name(case, MEMO, site.today(), "pdf")
        return download(pdf.memo_pdf(page), "application/pdf", name)


def store_receipt(site: PageContext, case: Case) -> Json:
    """Keep today's answer as a receipt that goes with the case; the answer. Where the operator
    keeps none, its `receipt_id` is None."""
    answer = site.matching.match_json({"profile": case.profile()})
    made = answer["receipt_id"]
    if made is not None:
        site.cases.note_receipt(case.id, made)

    def edit(held: Case) -> bool:
        held.receipt = made
        return made is not None

    change_case(site, case.id, edit)
    return answer


def _page(site: PageContext, case: Case) -> str:
    """The memo of the receipt made last; of today's answer where none is kept or none can be read
    any more, and it says so."""
    return memo_page(_of_receipt(site, case) or _of_today(site, case), language())


def _of_receipt(site: PageContext, case: Case) -> Json | None:
    """None where the receipt was deleted, and where this program can no longer read the rules of
    its day or makes another answer of it."""
    try:
        return site.memos.of_receipt(case.receipt) if case.receipt else None
    except NotFound:
        return None
    except Refused as error:
        if error.code is not ErrorCode.BROKEN_CATALOGUE:
            raise
        return None


def _of_today(site: PageContext, case: Case) -> Json:
    raw = {"profile": case.profile()}
    answer = site.matching.answer(site.compiled.requests.read(raw), site.today())
    return memo_of(site.compiled, raw, answer, MemoSource(None, __version__))
