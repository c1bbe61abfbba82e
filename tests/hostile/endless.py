"""The service with requests that have no end, which are given up after two seconds."""

from collections.abc import Iterable
from typing import Any

from service.serving import client_connection
from service.wsgi import app as service

client_connection.WORK_SECONDS = 2.0


class EndlessApplication:
    """Whoever calls himself so by his agent is never answered."""

    plain_paths = service.plain_paths

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        while environ.get("HTTP_USER_AGENT") == "endless":
            pass
        return service(environ, start_response)

    def warm(self) -> Any:
        return service.warm()


app = EndlessApplication()
