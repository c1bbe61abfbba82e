"""Forms as a browser would send them: what stands in them, by each of their buttons."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_NOT_SENT = ("file", "button", "reset", "image")


@dataclass
class Form:
    """One form of a page; `missing` are required fields that stand empty, `files` says whether it
    takes files."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    files: bool = False

    @property
    def kind(self) -> tuple[str, ...]:
        return (self.method, *sorted({n for n, _ in self.fields if n != "csrf"}))

    def presses(self, client: FlaskClient, headers: dict[str, str]) -> Iterator[TestResponse]:
        """What comes of each button; of none, where the form has none that says anything."""
        for button in self.buttons or [("", "")]:
            sent: dict[str, list[str]] = {}
            for name, value in (*self.fields, *([button] if button[0] else [])):
                sent.setdefault(name, []).append(value)
            if self.method == "post":
                yield client.post(self.action, data=sent, headers=headers)
            else:
                yield client.get(self.action, query_string=sent, headers=headers)


class _Reader(HTMLParser):
    def __init__(self, at: str) -> None:
        super().__init__()
        self.at, self.forms = at, list[Form]()
        self._form: Form | None = None
        self._choice = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "form":
            action = urljoin(self.at, given.get("action", ""))
            self._form = Form(action, given.get("method", "get").lower())
            self.forms.append(self._form)
        form = self._form
        if form is None or "disabled" in given:
            return
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "input":
            self._input(form, given)
        elif tag == "button" and given.get("type", "submit") == "submit":
            form.buttons.append((name, value))
        elif tag == "select":
            self._choice = name
        elif tag == "option" and self._choice and "selected" in given:
            form.fields.append((self._choice, value))
        elif tag == "textarea":
            self._text = name

    def _input(self, form: Form, given: dict[str, str]) -> None:
        kind, name, value = given.get("type", "text"), given.get("name", ""), given.get("value", "")
        form.files = form.files or kind == "file"
        if kind == "submit":
            form.buttons.append((name, value))
        elif (
            name
            and kind not in _NOT_SENT
            and (kind not in ("checkbox", "radio") or "checked" in given)
        ):
            form.fields.append((name, value or ("on" if kind == "checkbox" else "")))
            if "required" in given and not value:
                form.missing.append(name)

    def handle_data(self, data: str) -> None:
        if self._text and self._form is not None:
            self._form.fields.append((self._text, data))
            self._text = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in ("select", "textarea"):
            self._choice = self._text = ""


def forms_of(page: str, at: str) -> list[Form]:
    """The forms of a page at an address."""
    reader = _Reader(at)
    reader.feed(page)
    return reader.forms
