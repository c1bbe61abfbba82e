"""Words for people: the language of the page, money, days, places, values."""

import gettext
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from service.domain.facts.glossary import Glossary, Term
from service.domain.facts.profile import PROJECT_KIND, Value
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.rules.measures import Measure
from service.domain.text import Text
from service.domain.wording.clause_words import document_name
from service.domain.wording.labels import LABELS, TRUTH
from service.domain.wording.values import stated_text
from service.rendering.amount_words import amount_text, ceiling_text, range_text
from service.rendering.json_parts import wording

# The singular and the plural of a word.
_NUMBERED = re.compile(r"\[(\w+)\|(\w+)\]")
_language: ContextVar[str] = ContextVar("language", default="zh")


def set_language(chosen: str) -> None:
    """Set the language of the page that is being made, by its tag. The service's own words are
    English in all but Chinese."""
    _language.set(chosen)


def language() -> str:
    """The language of the page."""
    return _language.get()


def load_translations(folder: Path) -> Callable[..., Markup]:
    """What translates the Chinese words of the templates into the language of the page, and fills
    their `%(name)s` places. Of [programme|programmes] in English the first stands where `n` is one.

    A page looks up hundreds of them: each is looked up once for the process.
    """
    english = gettext.translation("messages", folder, ["en"]).gettext

    @cache
    def looked_up(text: str, tongue: str) -> Markup:
        return Markup(text if tongue == "zh" else english(text))  # noqa: S704 - our own words

    def translate(text: str, **parts: object) -> Markup:
        found = looked_up(text, language())
        if not parts:
            return found
        number = 1 if str(parts.get("n")) == "1" else 2
        return Markup(_NUMBERED.sub(rf"\{number}", found)) % parts  # noqa: S704 - our own words

    return translate


def translate(text: Text | Mapping[str, str] | str | None) -> str:
    """A bilingual text in the language of the page; plain strings as they are."""
    if text is None:
        return ""
    if isinstance(text, Text):
        return text.in_language(language())
    return text if isinstance(text, str) else wording(text, language())


def cited(measure: Measure) -> str:
    """How a document is cited in the language of the page."""
    return translate(document_name(measure))


def terms_in(glossary: Glossary, *texts: Text | Mapping[str, str] | None) -> tuple[Term, ...]:
    """The terms that texts have in the language of the page, each once."""
    return glossary.terms_in("\n".join(map(translate, texts)))


def money(amount: str | Decimal | Mapping[str, str | None] | None, vocabulary: Vocabulary) -> str:
    """An amount, or a range of the contract, as people write it; empty where there is none."""
    if amount is None:
        return ""
    if isinstance(amount, Mapping):
        return translate(range_text(amount, vocabulary))
    return translate(amount_text(amount, vocabulary))


def fact_value(value: Value, fact: Fact, vocabulary: Vocabulary) -> str:
    """A stated value in words; certificates with their terms, an empty list as none."""
    return translate(stated_text(value, fact, vocabulary))


def days_left(last: str | None, today: date) -> int | None:
    """Days from today to the last day, that day not counted; None without an end."""
    return None if last is None else (date.fromisoformat(last) - today).days


def truth_badge(truth: str) -> Markup:
    """✓, ✗ or ? with the word that a screen reader says."""
    words = escape(translate(TRUTH[truth]) + separators()["colon"].rstrip())
    return Markup('<span class="mark {}"><span aria-hidden="true">{}</span>{}</span>').format(
        truth, _SIGNS[truth], Markup('<span class="vh">{}</span>').format(words)
    )


_SIGNS = {"true": "✓", "false": "✗", "unknown": "?"}


def label(kind: str, value: str | None) -> str:
    """The word for one of our own fixed values."""
    words = translate(LABELS[kind].get(value or ""))
    return words[:1].upper() + words[1:] if words else (value or "")


def template_names(vocabulary: Vocabulary) -> dict[str, Any]:
    """Filters that depend on the vocabulary."""

    def code(value: str, list_id: str) -> str:
        codes = vocabulary.list_named(list_id)
        return translate(codes.label_of(value)) if codes else value

    def ceiling(value: Mapping[str, Any] | None) -> str:
        return translate(ceiling_text(value, vocabulary)) if value else ""

    def project_kind(value: str) -> str:
        fact = vocabulary.facts.get(PROJECT_KIND)
        codes = vocabulary.codes_of(fact) if fact else None
        return translate(codes.label_of(value)) if codes else value

    spoken: dict[str, Callable[..., str]] = {
        "code": code,
        "project_kind": project_kind,
        "t": translate,
        "money": partial(money, vocabulary=vocabulary),
        "ceiling": ceiling,
        "mark": truth_badge,
    }
    return {name: _in_its_language(function) for name, function in spoken.items()}


def _in_its_language(function: Callable[..., str]) -> Callable[..., str]:
    """A filter that is applied for each page: of a constant ('true'|mark) the template compiler
    would keep what it said in the language of the first."""

    @pass_context
    def applied(context: Context, *values: Any) -> str:
        del context
        return function(*values)

    return applied


def separators() -> dict[str, str]:
    """Punctuation between pieces of text, and the gap between sentences, in the language of the
    page."""
    if language() == "zh":
        return {"colon": "：", "comma": "、", "semi": "；", "gap": ""}
    return {"colon": ": ", "comma": ", ", "semi": "; ", "gap": " "}
