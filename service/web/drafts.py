"""Forms that were sent and not taken: with a value that cannot be read, with an answer that was
given elsewhere meanwhile, or to go on in the other language.

It waits beside the case, under a name that the address of its page carries: so every page is the
answer to a plain request, and whoever goes back or reloads is never asked to send a form again.
"""

from typing import Any

from flask import abort, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from service.storage.identifiers import new_id
from service.web.cases import Case, change_case
from service.web.field_values import Form
from service.web.ports import PageContext

# Characters of one form: that of the longest page with every field filled has some ten thousand.
MAX_DRAFT = 60_000
_NAME_LENGTH = 8


def redirect_to(view: str, key: str, **values: Any) -> Response:
    """Go on to another page of the case, in the same face."""
    return redirect(url_for(f".{view}", key=key, **values), 303)


def back_to_form(site: PageContext, view: str, key: str, **values: Any) -> Response:
    """Keep the form that was sent, and show it again on this page of the case. It is gone with the
    next change of the case, or when another takes its place."""
    form = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf"]
    if sum(len(name) + len(value) for name, value in form) > MAX_DRAFT:
        abort(413)
    name = new_id()[:_NAME_LENGTH]

    def keep(case: Case) -> bool:
        case.draft = {"name": name, "form": form}
        return True

    change_case(site, key, keep)
    return redirect_to(view, key, draft=name, **values)


def draft_of(case: Case) -> Form | None:
    """The form that the address names, as it was sent."""
    draft = case.draft
    if draft is None or draft["name"] != request.args.get("draft"):
        return None
    return MultiDict((name, value) for name, value in draft["form"])
