"""What the worker answers by itself, where a request never reaches the application."""

from gunicorn.http import errors
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from service.domain.text import language_asked
from service.serving.framing import FramingFault, RequestFramer
from service.serving.problem import problem


def fault_of(exc: BaseException) -> FramingFault:
    """What gunicorn's parser refuses a request for, or met; a fault of ours is 500."""
    match exc:
        # Newer than the stubs of gunicorn's types.
        case (
            errors.InvalidResponseHeader()  # type: ignore[attr-defined]
            | errors.InvalidResponseHeaderName()  # type: ignore[attr-defined]
        ):
            return FramingFault(500, "internal")
        case errors.LimitRequestLine():
            return FramingFault(414, "too_large")
        case errors.LimitRequestHeaders():
            return FramingFault(431, "headers_too_large")
        case errors.ExpectationFailed():
            return FramingFault(417, "bad_request")
        case errors.UnsupportedTransferCoding():
            return FramingFault(501, "bad_request")
        case errors.ParseException():
            return FramingFault(400, "bad_request")
        case _:
            return FramingFault(500, "internal")


def response_to(fault: FramingFault, asked: RequestFramer | None = None) -> bytes:
    """A whole response, after which the connection ends, to what was `asked`, as far as it is
    known."""
    as_page = asked is not None and asked.wants_page
    accepted = parse_accept_header(asked.languages, LanguageAccept) if asked is not None else ()
    status, headers, body = problem(
        fault.status,
        fault.code,
        fault.limit,
        as_page=as_page,
        language=language_asked(accepted),
        retry_after=fault.retry_after,
    )
    lines = [f"{name}: {value}" for name, value in {**headers, "Connection": "close"}.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body
