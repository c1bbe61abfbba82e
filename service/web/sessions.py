"""Who is logged in at the desk: a cookie that scripts do not read and other sites do not send.

Only the desk has one; a self-check needs none. The cookie's secret is the session's, whose digest
forms are bound to.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import (
    Blueprint,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from service.domain.errors import ErrorCode, InvalidInput, Refused
from service.domain.principal import Scope
from service.storage.accounts import Session
from service.web.formatting import translate
from service.web.ports import PageContext
from service.web.security import OPENING, Tokens, with_retry

MAX_AGE = 12 * 3600
_NEXT = re.compile(r"(?:/en)?/desk(?:/[A-Za-z0-9/_-]{0,100})?")
Done = TypeVar("Done")
STATUS = {ErrorCode.RATE_LIMITED: 429, ErrorCode.UNAUTHENTICATED: 403}


def cookie_name() -> str:
    """A name that a browser takes over https only, from this host alone, where that is possible."""
    return "__Host-huice" if request.is_secure else "huice"


def current(site: PageContext) -> Session | None:
    """The session of this request, looked up once."""
    if "session" not in g:
        secret = request.cookies.get(cookie_name())
        g.session = site.accounts.session(secret) if secret else None
    found: Session | None = g.session
    return found


def session_for_forms(site: PageContext, tokens: Tokens) -> dict[str, Any]:
    """For a page that anybody may read: who is logged in, and a token for the forms of a session;
    nobody within another site's frame."""
    session = None if (request.blueprint or "").startswith("embed") else current(site)
    token = tokens.make(session.digest) if session else ""
    return {"session": session, "session_token": token}


def require(site: PageContext, scope: Scope) -> Session:
    """The session of somebody who may do this; whoever is not logged in is sent to do so."""
    session = current(site)
    if session is None:
        abort(redirect(url_for(".login", next=_page_asked_for()), 303))
    if not session.account.principal.may(scope):
        abort(403)
    return session


def _page_asked_for() -> str:
    """The page of a request; of a form that is sent the page below whose address it is."""
    path, adapter = request.path, current_app.create_url_adapter(request)
    while path and adapter and not adapter.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path


def require_form(site: PageContext, tokens: Tokens, scope: Scope) -> Session:
    """The session of somebody who sends a form and has a scope; the form must carry the token of
    this session."""
    session = require(site, scope)
    tokens.require(session.digest)
    return session


def desk_page(template: str, session: Session, tokens: Tokens, **values: Any) -> str:
    """A page of the desk for whoever is logged in, with a token for its forms."""
    token = tokens.make(session.digest)
    return render_template(template, session=session, token=token, **values)


def process_form(
    deed: Callable[[], Done],
    then: Callable[[Done], Response],
    page: Callable[[str], str],
    status: Callable[[ErrorCode], int],
) -> Response:
    """Do what a form asks and go on, or show the page again with what was wrong; `status` is that
    of a page by the code of what was refused."""
    try:
        done = deed()
    except InvalidInput as error:
        faults = " ".join(translate(p.message) for p in error.problems)
        return make_response(page(faults), 422)
    except Refused as error:
        answer = make_response(page(translate(error.reason)), status(error.code))
        return with_retry(answer, error)
    return then(done)


def give_cookie(response: Response, secret: str) -> Response:
    """Have the browser keep a session's secret."""
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=MAX_AGE,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def trace() -> str:
    """What a deed at the desk is traced by."""
    return str(request.environ.get("huice.request_id", ""))


def next_address() -> str:
    """Where to go after logging in: a page of the desk, nowhere else."""
    wanted = request.values.get("next", "")
    return wanted if _NEXT.fullmatch(wanted) else url_for(".clients")


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """Logging in and out. Not within another site's frame."""
    if pages.name.startswith("embed"):
        return

    @pages.get("/desk/login")
    def login() -> Response | str:
        if current(site) is not None:
            return redirect(next_address(), 303)
        return login_page(site, tokens)

    @pages.post("/desk/login")
    def log_in() -> Response:
        tokens.require(OPENING)
        before = request.cookies.get(cookie_name())
        name, password = request.form.get("name", ""), request.form.get("password", "")
        address = str(request.remote_addr)
        return process_form(
            lambda: site.accounts.login(name, password, address, trace(), before),
            lambda secret: give_cookie(redirect(next_address(), 303), secret),
            lambda fault: login_page(site, tokens, name[:64], fault),
            lambda refused: STATUS.get(refused, 403),
        )

    @pages.post("/desk/logout")
    def log_out() -> Response:
        session = current(site)
        if session is not None:
            tokens.require(session.digest)
            if request.form.get("everywhere"):
                site.accounts.logout_everywhere(session, trace())
            site.accounts.logout(request.cookies[cookie_name()])
        response = redirect(url_for(".login"), 303)
        response.delete_cookie(
            cookie_name(), secure=request.is_secure, httponly=True, samesite="Lax"
        )
        return response


def login_page(site: PageContext, tokens: Tokens, name: str = "", fault: str = "") -> str:
    """The form, with what was wrong."""
    return render_template(
        "login.html",
        token=tokens.make(OPENING),
        name=name,
        fault=fault,
        next=next_address(),
        provider=site.identity is not None,
    )
