"""Where the service is found from outside, which no request's header decides; and who calls, which
the proxies that the operator counts may say (X-Forwarded-For), and nobody else."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.middleware.proxy_fix import ProxyFix

from service.api.ports import ApiLimits

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Probes on the machine itself ask by these names, whatever the public name is.
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def hosts_answered(trusted: Iterable[str], public_url: str | None) -> list[str] | None:
    """The host names that a request may be addressed to; None: any."""
    named = [*trusted]
    if public_url is not None:
        named.append(urlsplit(public_url).hostname or "")
    return [*named, *LOOPBACK_HOSTS] if named else None


class PublicAddress:
    """Has the application see every request as addressed to the public address, so that links it
    writes begin there; a request for a foreign host is left as it is, for the check of hosts."""

    def __init__(
        self, application: "WSGIApplication", public_url: str, hosts: Iterable[str]
    ) -> None:
        parts = urlsplit(public_url)
        self._application = application
        self._scheme, self._host = parts.scheme, parts.netloc
        self._hosts = frozenset(hosts)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name in self._hosts:
            environ["HTTP_HOST"], environ["wsgi.url_scheme"] = self._host, self._scheme
        if self._scheme != "https":
            return self._application(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            headers.append(_HSTS)
            return start_response(status, headers, *error)

        return self._application(environ, start)


def with_own_address(
    application: "WSGIApplication", limits: ApiLimits, hosts: Iterable[str]
) -> "WSGIApplication":
    """The application at its public address, if it has one, and told its client's address as the
    outermost of our own proxies saw it."""
    if limits.public_url is not None:
        application = PublicAddress(application, limits.public_url, hosts)
    if limits.proxies:
        application = ProxyFix(application, x_for=limits.proxies, x_proto=0)
    return application
