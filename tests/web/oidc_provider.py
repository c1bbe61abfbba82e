"""A provider of identities in a process of its own, by Authlib's server: `python oidc_provider.py`.

It prints its port, lets anybody log in under the name that the form gives, and knows one client.
`REDIRECT` is where that client's people go back. A `fault` in the form has it err on purpose:
`issuer` (a token of another), `nonce`, `audience`, `expired`, `key` (one that it does not publish);
below `/broken` its metadata are of another issuer.
"""

import os
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, request
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "huice", "a secret of the client"
REDIRECT = os.environ.get("REDIRECT", "")
_published, _other = (RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}) for _ in range(2))
_EVIL = "https://evil.example"
_FAULTS = {
    "issuer": {"iss": _EVIL}, "nonce": {"nonce": "another"}, "audience": {"aud": ["another"]},
    "expired": {"exp": int(time.time()) - 3600},
}  # fmt: skip
_codes: dict[str, "Code"] = {}
_issuer = ""


@dataclass
class User:
    name: str
    fault: str

    def get_user_id(self) -> str:
        return self.name


@dataclass
class Code(AuthorizationCodeMixin):  # type: ignore[misc]  # comes without types
    code: str
    user: User
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    auth_time: float = field(default_factory=time.time)

    def get_redirect_uri(self) -> str:
        return REDIRECT

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(self.auth_time)

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Client(ClientMixin):  # type: ignore[misc]  # comes without types
    """The one client."""

    client_id = CLIENT
    signing = _published

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return REDIRECT

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == REDIRECT

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return bool(method == "client_secret_basic")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Grant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # comes without types
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, asked: Any) -> None:
        data = asked.payload.data
        _codes[code] = Code(
            code, asked.user, asked.payload.scope, data.get("nonce", ""),
            data["code_challenge"], data["code_challenge_method"],
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return _codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        _codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code: Code) -> User:
        self.request.client.signing = (
            _other if authorization_code.user.fault == "key" else _published
        )
        return authorization_code.user


class Identities(OpenIDCode):  # type: ignore[misc]  # comes without types
    def exists_nonce(self, nonce: str, asked: Any) -> bool:
        return any(code.nonce == nonce for code in _codes.values())

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        return client.signing

    def get_client_algorithm(self, client: Client) -> str:
        return "RS256"

    def get_encode_header(self, client: Client) -> dict[str, str]:
        return {"alg": "RS256", "kid": "1"}

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": _issuer, "aud": [CLIENT], "exp": int(time.time()) + 300}

    def generate_user_info(self, user: User, scope: str) -> UserInfo:
        wrong: Any = _FAULTS.get(user.fault, {})
        return UserInfo(sub=f"id-of-{user.name}", preferred_username=user.name, **wrong)


app = Flask(__name__)
server = AuthorizationServer(app, lambda _: Client(), lambda _, __: None)
server.register_grant(Grant, [Identities(require_nonce=True), CodeChallenge(required=True)])


@app.get("/.well-known/openid-configuration")
@app.get("/broken/.well-known/openid-configuration")
def discovery() -> Response:
    return jsonify(
        issuer=_EVIL if request.path.startswith("/broken") else _issuer,
        authorization_endpoint=f"{_issuer}/authorize",
        token_endpoint=f"{_issuer}/token",
        jwks_uri=f"{_issuer}/keys",
    )


@app.get("/keys")
def keys() -> Response:
    return jsonify(KeySet([_published]).as_dict(private=False))


@app.route("/authorize", methods=["GET", "POST"])
def authorize() -> Any:
    if request.method == "GET":
        server.get_consent_grant(end_user=None)
        return '<form method="post"><input name="user"><button>Log in</button></form>'
    return server.create_authorization_response(
        grant_user=User(request.form["user"], request.form.get("fault", ""))
    )


@app.post("/token")
def token() -> Any:
    return server.create_token_response()


def main() -> None:
    global _issuer  # noqa: PLW0603  known once the port is
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # on this machine only
    running = make_server("127.0.0.1", 0, app, threaded=True)
    _issuer = f"http://127.0.0.1:{running.server_port}"
    threading.Thread(target=running.serve_forever, daemon=True).start()
    print(running.server_port, flush=True)
    sys.stdin.read()  # until whoever started it is gone


if __name__ == "__main__":
    main()
