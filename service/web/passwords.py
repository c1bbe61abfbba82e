"""At the desk: whoever is logged in by a password sets another."""

from flask import Blueprint, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from service.domain.principal import Scope
from service.domain.text import Text
from service.storage.accounts import Session
from service.usecases.tenancy.passwords import MAX_LENGTH, MIN_LENGTH
from service.web.formatting import translate
from service.web.ports import PageContext
from service.web.security import Tokens
from service.web.sessions import (
    STATUS,
    desk_page,
    give_cookie,
    process_form,
    require,
    require_form,
    trace,
)

_NOT_TWICE = Text("两次填写的新密码不同", "the new password is not the same twice")


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """The form. Not within another site's frame."""
    if pages.name.startswith("embed"):
        return

    @pages.get("/desk/password")
    def password() -> str:
        return _page(require(site, Scope.COMPANIES_READ), tokens)

    @pages.post("/desk/password")
    def change_password() -> Response:
        """Another password for whoever knows the present one; every other session ends."""
        session = require_form(site, tokens, Scope.COMPANIES_READ)
        present, wanted = request.form.get("present", ""), request.form.get("wanted", "")
        if wanted != request.form.get("again", ""):
            return make_response(_page(session, tokens, translate(_NOT_TWICE)), 422)
        address = str(request.remote_addr)
        change = site.accounts.change_own_password
        return process_form(
            lambda: change(session, present, wanted, address, trace()),
            lambda secret: give_cookie(redirect(url_for(".clients"), 303), secret),
            lambda fault: _page(session, tokens, fault),
            lambda refused: STATUS.get(refused, 403),
        )


def _page(session: Session, tokens: Tokens, fault: str = "") -> str:
    """The form for another password, with what was wrong."""
    return desk_page(
        "password.html",
        session,
        tokens,
        fault=fault,
        least=MIN_LENGTH,
        most=MAX_LENGTH,
    )
