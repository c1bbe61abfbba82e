"""The pages on an application: four faces of one set of views, their texts, headers and errors.

Each face is an address prefix: at the root Chinese, or the first language of a catalogue without,
English below /en, and both again below /embed for a portal's frame. Links are relative to the face,
so a reader stays where he began.
"""

import hashlib
import traceback
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Protocol

import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.exceptions import NotFound as NotFoundHere
from werkzeug.wrappers import Response as WerkzeugResponse

from service.domain.errors import ErrorCode, HuiceError, InvalidInput, NotFound, Refused
from service.domain.facts.profile import COMPANY_KIND
from service.domain.text import Text, first_spoken, grouped, language_asked
from service.intake.query_encoding import names_not_utf_8
from service.memo.pdf import likely
from service.usecases.reference.facets import FACET_LISTS
from service.web import (
    candidates,
    documents,
    feeds,
    formatting,
    fragments,
    kept_cases,
    memos,
    passwords,
    picked,
    portal,
    sessions,
)
from service.web.accounts import AccountViews
from service.web.answers import Answers
from service.web.batch_rows import BatchRowPages
from service.web.batches import BatchPages
from service.web.check import Check
from service.web.client_facts import ClientFacts
from service.web.clients import ClientViews
from service.web.desk import DeskViews
from service.web.downloads import UNNAMED
from service.web.following import FollowingViews
from service.web.library import LibraryViews
from service.web.ports import PageContext
from service.web.projects import ProjectViews
from service.web.provider_login import ProviderLogin
from service.web.result_model import BLOCKS
from service.web.result_views import Results
from service.web.security import Tokens, compress, own_address, secure, with_retry

_log = structlog.get_logger()
HERE = Path(__file__).parent
FACES = {"pages": "", "pages_en": "/en", "embed": "/embed", "embed_en": "/embed/en"}
_YEAR = 31_536_000
_FORM = "application/x-www-form-urlencoded"
# What somebody who is not logged in may open where the pages are closed.
LOGIN_VIEWS = ("login", "log_in", "provider_login", "provider_return")


def register_pages(app: Flask, site: PageContext) -> None:
    """Add every page to the application."""
    app.jinja_env.globals["_"] = formatting.load_translations(HERE / "translations")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.register_blueprint(_asset_blueprint())
    app.before_request(_unknown_address(site))
    for name, prefix in FACES.items():
        app.register_blueprint(_page_blueprint(site, name), url_prefix=prefix or None)


def _asset_blueprint() -> Blueprint:
    """Style sheet, scripts, icon: their addresses change with their bytes, so they keep a year.
    They are most of what a first page loads, and go packed."""
    assets = Blueprint("assets", __name__, static_folder="static", static_url_path="/assets")

    @assets.after_request
    def cache_for_a_year(response: Response) -> Response:
        if response.status_code != 200:
            return response
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
        etag, _ = response.get_etag()
        if etag is not None:  # packed or not, it is the same file
            response.set_etag(etag, weak=True)
        response.direct_passthrough = False
        return compress(response)

    return assets


# What there is to read, the self-check and its result, the desk.
class _PagePart(Protocol):
    """Some of the pages: a module of views, or a class of them."""

    def add_views(self, pages: Blueprint, site: PageContext, tokens: Tokens, /) -> None:
        """Register them on the pages of a face."""


_PARTS: tuple[_PagePart, ...] = (
    LibraryViews, documents, feeds, picked, portal,
    Check, Answers, ProjectViews, fragments, Results, memos,
    DeskViews, sessions, passwords, AccountViews, ProviderLogin, ClientViews, ClientFacts,
    kept_cases, FollowingViews, BatchPages, BatchRowPages, candidates,
)  # fmt: skip


def _page_blueprint(site: PageContext, name: str) -> Blueprint:
    pages = Blueprint(name, __name__, template_folder="templates")
    tokens = Tokens(site.key)
    for part in _PARTS:
        part.add_views(pages, site, tokens)
    for filter_name, function in formatting.template_names(site.vocabulary).items():
        pages.add_app_template_filter(function, filter_name)
    pages.add_app_template_filter(grouped, "grouped")
    pages.add_app_template_filter(site.clock.day_of, "day")
    pages.add_app_template_filter(site.clock.minute_of, "minute")

    @pages.before_request
    def begin() -> None:
        formatting.set_language(_language_of(site, name))
        if names_not_utf_8(request.query_string) or _form_is_not_utf_8():
            abort(400)

    @pages.before_request
    def let_in() -> WerkzeugResponse | None:
        """Sends whoever is not logged in to the login, where the operator has closed the pages."""
        view = (request.endpoint or "").rpartition(".")[2]
        if site.is_open or view in LOGIN_VIEWS or sessions.current(site) is not None:
            return None
        if name.startswith("embed"):
            abort(403)
        return redirect(url_for(f"{name}.login", next=request.path), 303)

    @pages.context_processor
    def context() -> dict[str, Any]:
        return _template_context(site, tokens, name)

    @pages.after_request
    def headers(response: Response) -> Response:
        return compress(secure(response, _frame_ancestors(site, name)))

    pages.register_error_handler(HuiceError, _fault_page)
    pages.register_error_handler(HTTPException, _http_fault)
    pages.register_error_handler(Exception, _broken_page)
    return pages


def _form_is_not_utf_8() -> bool:
    """Whether what a form says is in another encoding, such as GBK: read as it stands, a name would
    be kept as marks of what could not be read."""
    return request.mimetype == _FORM and bool(names_not_utf_8(request.get_data()))


def _language_of(site: PageContext, face: str) -> str:
    """The language of a face."""
    languages = site.vocabulary.languages
    own = "zh" if "zh" in languages else languages[0]
    return "en" if face.endswith("_en") else own


def _language_of_their_words(site: PageContext) -> Markup:
    """The attribute for what the catalogue says, where the service's own words are in another
    language: a page is read out in the language that each of its words is in."""
    languages = site.vocabulary.languages
    theirs = formatting.language() if formatting.language() in languages else languages[0]
    if theirs == first_spoken((formatting.language(),)):
        return Markup("")
    return Markup(' lang="{}"').format(theirs)


def _template_context(site: PageContext, tokens: Tokens, name: str) -> dict[str, Any]:
    """What every template of a face can use."""
    return {
        "site": site,
        "lang": formatting.language(),
        "spoken": first_spoken((formatting.language(),)),
        "theirs": _language_of_their_words(site),
        "label": formatting.label,
        "asset": asset,
        "embedded": name.startswith("embed"),
        "other_face": _other_face(site),
        "own_language": (own := _language_of(site, "")),
        "other_language": (other := own if name.endswith("_en") else "en"),
        "asks_for_other": language_asked(request.accept_languages, ("en", own)) == other,
        "csrf": tokens.make,
        "makes_pdf": lambda: likely(
            formatting.translate(site.vocabulary.facts[COMPANY_KIND].label)
        ),
        "articles_a_page": documents.ARTICLES_A_PAGE,
        "blocks": BLOCKS,
        "own_link_of": lambda case: own_address(url_for(".answers", key=case.id)),
        "say": formatting.translate,
        "unnamed": UNNAMED,
        "cited": formatting.cited,
        "terms_in": partial(formatting.terms_in, site.catalogue.glossary),
        "without": without,
        "face": request.script_root + FACES[name],
        "person": lambda: sessions.current(site),
        **formatting.separators(),
        "facet_name": lambda facet, value: _facet_name(site, facet, value),
    }


def _frame_ancestors(site: PageContext, name: str) -> tuple[str, ...]:
    return site.frame_ancestors if name.startswith("embed") else ()


def _unknown_address(site: PageContext) -> Callable[[], Response | None]:
    """Answers a browser with a page where it asks for an address that nothing has, or reads one
    that only takes forms. Programs, and whoever asks below /api, get the problem document of
    everything else."""
    tokens = Tokens(site.key)

    def answer() -> Response | None:
        error = request.routing_exception
        unknown = isinstance(error, NotFoundHere | MethodNotAllowed)
        if not unknown or request.path.startswith("/api/") or not _is_browser():
            return None
        code = 405 if isinstance(error, MethodNotAllowed) else 404
        name = _face_of(request.path)
        formatting.set_language(_language_of(site, name))
        # No face has this address, so what its templates know is handed to them.
        known = _template_context(site, tokens, name)
        page = render_template("fault.html", **known, code=code, url_for=_links_of(name))
        answer = make_response(page, code)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return compress(secure(answer, _frame_ancestors(site, name)))

    return answer


def _is_browser() -> bool:
    """Whether HTML is asked for by name."""
    return any(kind == "text/html" and q > 0 for kind, q in request.accept_mimetypes)


def _face_of(path: str) -> str:
    """The face whose prefix an address has, the longest there is."""
    fitting = (n for n, prefix in FACES.items() if f"{path}/".startswith(f"{prefix}/"))
    return max(fitting, key=lambda name: len(FACES[name]))


def _links_of(name: str) -> Callable[..., str]:
    """`url_for` with links relative to a face."""
    return lambda endpoint, **values: url_for(name + endpoint, **values)


@lru_cache
def _digest(name: str) -> str:
    return hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file, with a digest of its bytes."""
    return url_for("assets.static", filename=name, v=_digest(name))


def without(chosen: dict[str, str], name: str) -> dict[str, str]:
    """The criteria but one."""
    return {key: value for key, value in chosen.items() if key != name}


def _facet_name(site: PageContext, facet: str, value: str) -> str:
    """A value of a criterion in words; unknown ones as they are."""
    if facet == "commitment":
        return formatting.label("commitment", value)
    if facet == "department":
        return formatting.translate(site.departments.get(value, value))
    if facet == "measure":
        known = site.catalogue.measures.get(value)
        return formatting.cited(known) if known else value
    codes = site.vocabulary.list_named(FACET_LISTS[facet])
    return formatting.translate(codes.label_of(value)) if codes else value


def _other_face(site: PageContext) -> str | None:
    """The address of this page in the other language; None where the catalogue has no other."""
    here, own = request.blueprint or "", _language_of(site, "")
    alone = own == "en" or (own != "zh" and "en" not in site.vocabulary.languages)
    if alone or request.endpoint is None or here not in FACES:
        return None
    other = here.removesuffix("_en") if here.endswith("_en") else f"{here}_en"
    view = request.endpoint.rsplit(".", 1)[1]
    values = {**(request.view_args or {})}
    if request.method == "GET":
        values.update(request.args.to_dict(flat=True))
    return url_for(f"{other}.{view}", **values)


def _fault_page(error: HuiceError) -> tuple[str, int] | Response:
    match error:
        case NotFound():
            return _error_page(404), 404
        case InvalidInput():
            return _error_page(422, error), 422
        case Refused(code=ErrorCode.FORBIDDEN | ErrorCode.UNAUTHENTICATED):
            return _error_page(403), 403
        case Refused(code=ErrorCode.RATE_LIMITED):
            page = _error_page(429, reason=error.reason)
            return with_retry(make_response(page, 429), error)
        case Refused(code=ErrorCode.BUSY):
            return _error_page(503), 503
        case Refused(code=ErrorCode.NOT_ACCEPTABLE):
            return _error_page(406, reason=error.reason), 406
        case Refused():
            return _error_page(409, reason=error.reason), 409
        case HuiceError(code=ErrorCode.STORAGE_FULL):
            return _error_page(507), 507
        case HuiceError(code=ErrorCode.STORAGE_UNAVAILABLE):
            return _error_page(503), 503
        case _:
            return _broken_page(error)


def _broken_page(error: Exception) -> tuple[str, int]:
    """A page for whoever meets a fault of ours. Logged is where it happened, and nowhere the
    message: it may quote what a company stated."""
    where = traceback.format_tb(error.__traceback__)
    name = type(error).__qualname__
    _log.error("internal_error", exception=name, request_id=sessions.trace(), where=where)
    return _error_page(500), 500


def _http_fault(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error
    return _error_page(code), code


def _error_page(code: int, error: InvalidInput | None = None, reason: Text | None = None) -> str:
    problems = error.problems if error else ()
    return render_template("fault.html", code=code, problems=problems, reason=reason)
