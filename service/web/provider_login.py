"""Logging in through the provider of identities, where the operator has one."""

from dataclasses import astuple
from typing import Any

from flask import Blueprint, abort, make_response, redirect, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from service.domain.errors import ErrorCode, Refused
from service.identity.attempt import LoginAttempt
from service.web.formatting import translate
from service.web.ports import PageContext
from service.web.security import Tokens
from service.web.sessions import cookie_name, give_cookie, login_page, next_address, trace

# How long somebody may take to log in there.
ATTEMPT_AGE = 600


def add_views(pages: Blueprint, site: PageContext, tokens: Tokens) -> None:
    """Off to the provider and back. Not within another site's frame."""
    if pages.name.startswith("embed"):
        return
    attempts = URLSafeTimedSerializer(site.key, salt="huice-login")

    def refused(error: Refused) -> Response:
        status = 503 if error.code is ErrorCode.BUSY else 403
        return make_response(login_page(site, tokens, "", translate(error.reason)), status)

    def signed_attempt() -> list[Any]:
        """What was signed when somebody left from this browser."""
        try:
            found: list[Any] = attempts.loads(
                request.cookies.get(_cookie(), ""), max_age=ATTEMPT_AGE
            )
        except BadData:
            abort(403)
        return found

    @pages.get("/desk/login/provider")
    def provider_login() -> Response:
        provider = site.identity or abort(404)
        try:
            address, attempt = provider.start()
        except Refused as error:
            return refused(error)
        response = redirect(address, 303)
        response.set_cookie(
            _cookie(),
            str(attempts.dumps([*astuple(attempt), next_address()])),
            max_age=ATTEMPT_AGE,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
        return response

    @pages.get("/desk/login/return")
    def provider_return() -> Response:
        provider = site.identity or abort(404)
        *attempt, following = signed_attempt()
        state, code = request.args.get("state", ""), request.args.get("code", "")
        try:
            who = provider.finish(LoginAttempt(*attempt), state, code)
            before = request.cookies.get(cookie_name())
            secret = site.accounts.login_as(who.subject, who.name, trace(), before)
        except Refused as error:
            return refused(error)
        response = give_cookie(redirect(following, 303), secret)
        response.delete_cookie(_cookie(), secure=request.is_secure)
        return response


def _cookie() -> str:
    return f"{cookie_name()}-login"
