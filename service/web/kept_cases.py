"""At the desk: a self-check becomes a client of the institution."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.principal import Scope
from service.domain.text import Text
from service.intake.tenancy import stated_code
from service.web.cases import load_case
from service.web.ports import PageContext
from service.web.security import Tokens
from service.web.sessions import require_form, trace

_NO_CODE = Text(
    "先填写企业的代码，才能存为客户", "state the company's code first: a client is kept under it"
)


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """The one deed. Not within another site's frame."""
    if pages.name.startswith("embed"):
        return

    @pages.post("/desk/cases/<key>/keep")
    def keep_case(key: str) -> Response:
        """Keep what a case states as a client, under its code."""
        session = require_form(site, tokens, Scope.COMPANIES)
        case = load_case(site, key)
        uscc = stated_code(case.company, site.vocabulary)
        if not uscc:
            raise InvalidInput((Problem("/company", ErrorCode.REQUIRED, _NO_CODE),))
        site.companies.keep_profile(session.account.principal, uscc, case.profile(), trace())
        return redirect(url_for(".client", uscc=uscc), 303)
