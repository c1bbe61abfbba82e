"""Texts of policy files: every one in each of the languages that the catalogue is written in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from service.domain.text import Text, text_of

_LANGUAGES: ContextVar[tuple[str, ...]] = ContextVar("languages", default=("zh", "en"))


@contextmanager
def written_in(languages: tuple[str, ...]) -> Iterator[None]:
    """Files read inside are written in these languages."""
    token = _LANGUAGES.set(languages)
    try:
        yield
    finally:
        _LANGUAGES.reset(token)


def languages() -> tuple[str, ...]:
    """The languages of the catalogue that is being read."""
    return _LANGUAGES.get()


def read_text(value: object) -> Text | str:
    """The text of a mapping `{zh: …, en: …}`, or what is wrong with it."""
    tags = languages()
    shape = ", ".join(f"{tag}: …" for tag in tags)
    if not isinstance(value, dict):
        return f"must be {{{shape}}}"
    cut = [str(key) for key, words in value.items() if key not in tags and words is None]
    if cut:
        return f"must be {{{shape}}}: a comma before {cut[0]!r} ended the text: put it in quotes"
    missing = [tag for tag in tags if tag not in value]
    strange = [str(key) for key in value if key not in tags]
    if missing or strange:
        told = [
            *(f"{t!r} is missing" for t in missing),
            *(f"{t!r} is no language" for t in strange),
        ]
        return f"must be {{{shape}}}: {', '.join(told)}"
    for tag in tags:
        if not isinstance(value[tag], str):
            return f"must be {{{shape}}}: {tag!r} is no text, put it in quotes"
    empty = [tag for tag in tags if not value[tag].strip()]
    if empty:
        return f"still to be written: {', '.join(empty)}"
    return text_of({tag: str(value[tag]) for tag in tags}, tags)
