"""At the desk: an administrator makes accounts for a tenant's people, changes and ends them, and
logs people out."""

from collections.abc import Callable

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.principal import Principal, Role, Scope
from service.domain.text import Text
from service.rendering.json_parts import Json
from service.storage.accounts import Session
from service.usecases.tenancy.accounts import AccountService
from service.usecases.tenancy.passwords import MAX_LENGTH, MIN_LENGTH
from service.web.sessions import desk_page, process_form, require, require_form, trace
from service.web.views import Views, get, post

_NO_ROLE = Text("请选择角色", "choose a role")


class AccountViews(Views):
    """A tenant's people: all of them, another one, one of them."""

    in_frames = False

    @get("/desk/accounts")
    def accounts(self) -> str:
        return self._people(require(self.site, Scope.KEYS))

    @post("/desk/accounts")
    def add_account(self) -> Response:
        """Another person; without a password only the provider of identities lets them in."""
        session, form = require_form(self.site, self.tokens, Scope.KEYS), request.form
        name, by_provider = form.get("name", "").strip().lower(), form.get("provider") == "yes"
        password = None if by_provider else form.get("password", "")
        who = session.account.principal

        def add() -> Json:
            return self.site.accounts.add(who, name, _role(), password, trace())

        return process_form(
            add,
            lambda _: redirect(url_for(".accounts"), 303),
            lambda fault: self._people(session, fault, name[:64]),
            _status_of,
        )

    @get("/desk/accounts/<account>")
    def account(self, account: str) -> str:
        return self._person(require(self.site, Scope.KEYS), account)

    @post("/desk/accounts/<account>")
    def change_account(self, account: str) -> Response:
        """Another role or password, logged out everywhere, or ended."""
        session = require_form(self.site, self.tokens, Scope.KEYS)
        change = _CHANGES.get(request.form.get("act", "")) or abort(422)
        who, back = session.account.principal, url_for(".account", account=account)
        return process_form(
            lambda: change(self.site.accounts, who, account),
            lambda _: redirect(back, 303),
            lambda fault: self._person(session, account, fault),
            _status_of,
        )

    def _people(self, session: Session, fault: str = "", name: str = "") -> str:
        by_provider = self.site.identity is not None
        return self._page(
            "accounts.html", session, fault,
            accounts=self._accounts(session), by_provider=by_provider, name=name,
        )  # fmt: skip

    def _person(self, session: Session, name: str, fault: str = "") -> str:
        found = next((a for a in self._accounts(session) if a["name"] == name), None) or abort(404)
        return self._page("account.html", session, fault, account=found)

    def _accounts(self, session: Session) -> list[Json]:
        listed: list[Json] = self.site.accounts.list(session.account.principal)["items"]
        return listed

    def _page(self, template: str, session: Session, fault: str, **parts: object) -> str:
        bounds = {"least": MIN_LENGTH, "most": MAX_LENGTH}
        return desk_page(
            template, session, self.tokens, roles=list(Role), fault=fault, **bounds, **parts
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
