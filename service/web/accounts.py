"""At the desk: an administrator makes accounts for a tenant's people, changes and ends them, and
logs people out."""

from collections.abc import Callable

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.principal import Principal, Role, Scope
from service.domain.text import Text
from service.rendering.json_parts import Json
from service.storage.accounts import Session
from service.usecases.tenancy.accounts import AccountService
from service.usecases.tenancy.passwords import MAX_LENGTH, MIN_LENGTH
from service.web.ports import PageContext
from service.web.security import Tokens
from service.web.sessions import answer_form, desk_page, require, require_form, trace

_NO_ROLE = Text("请选择角色", "choose a role")


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """The list of people and a page for each. Not within another site's frame."""
    if pages.name.startswith("embed"):
        return

    def people(session: Session, fault: str = "", name: str = "") -> str:
        found = site.accounts.list(session.account.principal)["items"]
        return desk_page(
            "accounts.html",
            session,
            tokens,
            accounts=found,
            roles=list(Role),
            by_provider=site.identity is not None,
            fault=fault,
            name=name,
            least=MIN_LENGTH,
            most=MAX_LENGTH,
        )

    def person(session: Session, name: str, fault: str = "") -> str:
        found = site.accounts.list(session.account.principal)["items"]
        one = next((a for a in found if a["name"] == name), None) or abort(404)
        return desk_page(
            "account.html",
            session,
            tokens,
            account=one,
            roles=list(Role),
            fault=fault,
            least=MIN_LENGTH,
            most=MAX_LENGTH,
        )

    @pages.get("/desk/accounts")
    def accounts() -> str:
        return people(require(site, Scope.KEYS))

    @pages.post("/desk/accounts")
    def add_account() -> Response:
        """Another person; without a password only the provider of identities lets them in."""
        session, form = require_form(site, tokens, Scope.KEYS), request.form
        name, by_provider = form.get("name", "").strip().lower(), form.get("provider") == "yes"
        password = None if by_provider else form.get("password", "")
        who = session.account.principal

        def add() -> Json:
            return site.accounts.add(who, name, _role(), password, trace())

        return answer_form(
            add,
            lambda _: redirect(url_for(".accounts"), 303),
            lambda fault: people(session, fault, name[:64]),
            _status_of,
        )

    @pages.get("/desk/accounts/<account>")
    def account(account: str) -> str:
        return person(require(site, Scope.KEYS), account)

    @pages.post("/desk/accounts/<account>")
    def change_account(account: str) -> Response:
        """Another role or password, logged out everywhere, or ended."""
        session = require_form(site, tokens, Scope.KEYS)
        change = _CHANGES.get(request.form.get("act", "")) or abort(422)
        who, back = session.account.principal, url_for(".account", account=account)
        return answer_form(
            lambda: change(site.accounts, who, account),
            lambda _: redirect(back, 303),
            lambda fault: person(session, account, fault),
            _status_of,
        )


def _status_of(refused: ErrorCode) -> int:
    return 409 if refused is ErrorCode.DUPLICATE_VALUE else 403


def _role() -> Role:
    """The chosen role. Raises InvalidInput."""
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        raise InvalidInput((Problem("/role", ErrorCode.INVALID_VALUE, _NO_ROLE),)) from None


_CHANGES: dict[str, Callable[[AccountService, Principal, str], object]] = {
    "role": lambda accounts, who, name: accounts.set_role(who, name, _role(), trace()),
    "password": lambda accounts, who, name: accounts.set_password(
        who, name, request.form.get("password", ""), trace()
    ),
    "sessions": lambda accounts, who, name: accounts.end_sessions(who, name, trace()),
    "end": lambda accounts, who, name: accounts.end(who, name, trace()),
}
