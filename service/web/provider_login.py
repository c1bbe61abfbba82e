"""Logging in through the provider of identities, where the operator has one."""

from dataclasses import astuple
from typing import Any

from flask import abort, make_response, redirect, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from service.domain.errors import ErrorCode, Refused
from service.identity.attempt import LoginAttempt
from service.web.formatting import translate
from service.web.sessions import cookie_name, give_cookie, login_page, next_address, trace
from service.web.views import Views, get

# How long somebody may take to log in there.
ATTEMPT_AGE = 600


class ProviderLogin(Views):
    """Logging in at the provider: what was begun in a browser is signed, and ends there."""

    in_frames = False

    @get("/desk/login/provider")
    def provider_login(self) -> Response:
        provider = self.site.identity or abort(404)
        try:
            address, attempt = provider.start()
        except Refused as error:
            return self._refused(error)
        response = redirect(address, 303)
        response.set_cookie(
            _cookie(),
            str(self._attempts.dumps([*astuple(attempt), next_address()])),
            max_age=ATTEMPT_AGE,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
        return response

    @get("/desk/login/return")
    def provider_return(self) -> Response:
        provider = self.site.identity or abort(404)
        *attempt, following = self._signed_attempt()
        state, code = request.args.get("state", ""), request.args.get("code", "")
        try:
            who = provider.finish(LoginAttempt(*attempt), state, code)
            before = request.cookies.get(cookie_name())
            secret = self.site.accounts.login_as(who.subject, who.name, trace(), before)
        except Refused as error:
            return self._refused(error)
        response = give_cookie(redirect(following, 303), secret)
        response.delete_cookie(_cookie(), secure=request.is_secure)
        return response

    @property
    def _attempts(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.site.key, salt="huice-login")

    def _signed_attempt(self) -> list[Any]:
        """What was signed when somebody left from this browser."""
        cookie = request.cookies.get(_cookie(), "")
        try:
            signed: list[Any] = self._attempts.loads(cookie, max_age=ATTEMPT_AGE)
        except BadData:
            abort(403)
        return signed

    def _refused(self, error: Refused) -> Response:
        status = 503 if error.code is ErrorCode.BUSY else 403
        page = login_page(self.site, self.tokens, "", translate(error.reason))
        return make_response(page, status)


def _cookie() -> str:
    return f"{cookie_name()}-login"
