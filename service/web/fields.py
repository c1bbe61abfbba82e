"""What a template needs to ask one fact: widget, present value, options, faults."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.vocabulary import Fact
from service.domain.text import Text
from service.usecases.reference.code_search import path_of
from service.web.cases import Case
from service.web.forms import NONE, Form, FormResult
from service.web.ports import PageContext
from service.web.questions import Widget, widget


@dataclass(frozen=True)
class Option:
    """One value to choose."""

    code: str
    label: Text
    chosen: bool = False
    help: Text | None = None
    issued_on: str = ""
    expires_on: str = ""


@dataclass(frozen=True)
class Field:
    """One question on a page. `text` is what stands in a text field; `none` whether 都没有 is
    chosen; `asked` the words in a search field; `rows` the awards."""

    fact: Fact
    widget: Widget
    text: str = ""
    options: tuple[Option, ...] = ()
    none: bool = False
    asked: str = ""
    fault: Text | None = None
    rows: tuple[dict[str, str], ...] = ()
    levels: tuple[Option, ...] = field(default=())

    @property
    def id(self) -> str:
        """An id for HTML: no dots, which CSS would need escaped."""
        return self.fact.id.replace(".", "-")


def fields_for(
    site: PageContext,
    case: Case,
    facts: Iterable[Fact],
    ref: str | None = None,
    reading: FormResult | None = None,
) -> list[Field]:
    """The questions of a page, filled with what is known, or with what was sent and is faulty."""
    return [_field(site, fact, case.raw(fact, ref), reading) for fact in facts]


def _field(site: PageContext, fact: Fact, value: Any, reading: FormResult | None) -> Field:
    kind = widget(fact, site.vocabulary)
    codes = site.vocabulary.codes_of(fact)
    fault = reading.faults.get(fact.id) if reading else None
    form = reading.form if reading else None
    parts: dict[str, Any] = {}
    if kind is Widget.AWARDS:
        parts = _award_parts(site, codes, value)
    elif codes is None:
        parts = {"text": _text(value) if form is None else form.get(fact.id, "")}
    else:
        chosen = _chosen(fact, value, form)
        extra = reading.candidates.get(fact.id, []) if reading else []
        parts = {
            "options": _options(kind, codes, chosen, extra, value),
            "none": value == [] if form is None else NONE in form.getlist(fact.id),
            "asked": form.get(f"{fact.id}~q", "") if form else "",
        }
    return Field(fact, kind, fault=fault, **parts)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _chosen(fact: Fact, value: Any, form: Form | None) -> list[str]:
    if form is not None:
        return [v for v in form.getlist(fact.id) if v and v != NONE]
    if isinstance(value, list):
        return [v["category"] if isinstance(v, dict) else str(v) for v in value]
    return [] if value is None else [str(value)]


def _options(
    kind: Widget, codes: CodeList, chosen: list[str], extra: list[str], value: Any
) -> tuple[Option, ...]:
    if kind in (Widget.PICK, Widget.PICK_SEVERAL):
        listed = dict.fromkeys([*(c for c in chosen if c in codes), *extra])
        return picks(codes, listed, chosen)
    held = {c["category"]: c for c in value or () if isinstance(c, dict)}
    return tuple(_option(codes.codes[c], c in chosen, held.get(c, {})) for c in codes.codes)


def picks(codes: CodeList, listed: Iterable[str], chosen: Iterable[str]) -> tuple[Option, ...]:
    """Options out of a long list, each with what it lies in."""
    taken = set(chosen)
    return tuple(Option(code, path_of(codes, code), code in taken) for code in listed)


def _option(code: Code, chosen: bool, held: dict[str, str]) -> Option:
    issued, expires = held.get("issued_on", ""), held.get("expires_on", "")
    return Option(code.code, code.label, chosen, code.help, issued, expires)


def _award_parts(site: PageContext, codes: CodeList | None, value: Any) -> dict[str, Any]:
    """The stated awards and one empty row."""
    assert codes is not None
    rows = [{key: str(part) for key, part in award.items()} for award in value or ()]
    levels = site.vocabulary.lists.get("levels")
    return {
        "options": tuple(Option(c, codes.codes[c].label) for c in codes.codes),
        "rows": (*rows, {}),
        "levels": tuple(Option(c.code, c.label) for c in levels.codes.values()) if levels else (),
        "none": value == [],
    }
