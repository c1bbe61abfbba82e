"""Texts of policy files: every one in each of the languages that the catalogue is written in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from service.catalogue.fault_words import joined_by_commas, quoted, say
from service.domain.text import LIST_COMMA, Text, join, text_of

_HAN = re.compile("[\u3400-\u9fff]")
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


class WrongText(Exception):
    """A value that is no text in the languages of the catalogue; the message says why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def read_text(value: object) -> Text:
    """The text of a mapping `{zh: …, en: …}`. Raises WrongText."""
    tags = languages()
    if not isinstance(value, dict):
        raise WrongText(say("must_have_the_shape", shape=_shape(tags)))
    if value.keys() != set(tags):
        raise _wrong_languages(value, tags)
    for tag in tags:
        if not isinstance(value[tag], str):
            words = say("must_be_is_no_text_put", shape=_shape(tags), tag=quoted(tag))
            raise WrongText(words)
    if empty := [tag for tag in tags if not value[tag].strip()]:
        raise WrongText(say("still_to_be_written", names=joined_by_commas(empty)))
    if value.keys() >= {"zh", "en"} and _HAN.search(value["en"]) and not _HAN.search(value["zh"]):
        raise WrongText(say("languages_swapped"))
    return text_of(value, tags)


def _shape(tags: Iterable[str]) -> str:
    """How a text is written."""
    return ", ".join(f"{tag}: …" for tag in tags)


def _wrong_languages(value: Mapping[object, object], tags: tuple[str, ...]) -> WrongText:
    """What is said of a text that has not just the languages of the catalogue."""
    cut = [str(key) for key, words in value.items() if key not in tags and words is None]
    if cut:
        said = say("must_be_a_comma_before_ended", shape=_shape(tags), cut=quoted(cut[0]))
        return WrongText(said)
    missing = [tag for tag in tags if tag not in value]
    strange = [str(key) for key in value if key not in tags]
    shapes = [
        *(say("is_missing", t=quoted(t)) for t in missing),
        *(say("is_no_language", t=quoted(t)) for t in strange),
    ]
    names = join(shapes, LIST_COMMA)
    return WrongText(say("must_have_the_shape_of", shape=_shape(tags), names=names))
