"""A file to begin from: what can be taken from the official text is there, and what an author has
to write is an empty text, which `huice policies lint` names line by line until it is filled.
"""

import re
from collections.abc import Iterator
from datetime import date

from service.catalogue.document_days import DocumentDays, document_days
from service.catalogue.numerals import find_numbers
from service.catalogue.official_text import OUTLINE, TextPart, split
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Commitment

_NO_DIGEST = "sha256:" + "0" * 64


# A date and the number of a document say nothing of what is given.
_ABOUT_ITSELF = re.compile(r"\d{4}年.*[月日]|〔\d{4}〕\d+号")
_KINDS = "parameter, target, metadata or name"
_READ = "  # as the text has it"
_UNREAD = "  # and to:, where the text says so"
# 试府发〔2026〕1号; No. 12 of 2031; N° 2031-45; Nr. 7/2031.
_NUMBER_LINE = re.compile(
    r"^\s*(\S{1,20}[〔\[（(]\d{4}[〕\]）)]\s*第?\d+号"
    r"|(?:No\.|N[o°º]\.?|Nr\.?)\s*\d[\w/. -]{0,30})\s*$",
    re.MULTILINE,
)


def measure_skeleton(
    name: str, title: str, text: str | None, day: date, vocabulary: Vocabulary
) -> str:
    """`measure.yaml` of a document: with its text, every article with digest and numbers."""
    empty = _empty_text(vocabulary)
    days = document_days(text or "")
    lines = [
        f"id: {name}",
        f'number: "{_document_number(text or "")}"   # the document number, as it is printed',
        f"title: {_title_yaml(vocabulary, title)}",
        f"issuers: [{empty}]",
        f"issued_on: {_day_yaml(days.issued)}     # the day on the document",
        f"reviewed_on: {day.isoformat()}   # the day on which it was last read",
        f"window: {_window_yaml(days)}{_READ if days.start or days.end else _UNREAD}",
        'jurisdiction: ""           # a code of the list of places: huice codes NAME',
        "evidence: official         # or news",
        'source: ""                 # where the text was read',
        f"decided_by: {empty}",
        f"departments: [{empty}]",
        "definitions: {}            # conditions that several programmes share",
        "caps: []                   # what several programmes come to together, by some article",
        "articles:",
    ]
    parts = split(text, title) if text else (TextPart(1, ""),)
    for part in parts:
        lines += _article_lines(
            part, empty, _title_yaml(vocabulary, part.heading), known=bool(text)
        )
    return "\n".join(lines) + "\n"


def _window_yaml(days: DocumentDays) -> str:
    """Its own days in force; to be written where the text does not say the first."""
    end = f", to: {days.end}" if days.end else ""
    return f"{{from: {_day_yaml(days.start)}{end}}}"


def _day_yaml(day: date | None) -> str:
    return day.isoformat() if day else '""'


def _document_number(text: str) -> str:
    """The number of the document, where it stands on a line of its own."""
    found = _NUMBER_LINE.search(text)
    return found[1] if found else ""


def _article_lines(part: TextPart, empty: str, title: str, *, known: bool) -> Iterator[str]:
    yield f"  - number: {part.number}"
    yield f"    title: {title}"
    yield f"    gist: {empty}              # in your own words"
    yield f"    digest: {part.digest if known else _NO_DIGEST}"
    if not isinstance(part.number, int):
        yield f"    unmatched: {empty}         # why nothing here can be matched"
    numbers = [] if part.number == OUTLINE else list(find_numbers(part.body))
    yield "    numbers:" if numbers else "    numbers: []"
    for figure in numbers:
        kind = "metadata" if _ABOUT_ITSELF.fullmatch(figure.text) else '""'
        yield f"      - {{text: {figure.text}, kind: {kind}}}  # {_KINDS}"


def programme_skeleton(vocabulary: Vocabulary, name: str, article: int | str) -> str:
    """A programme's file; it loads as soon as its texts are written."""
    empty = _empty_text(vocabulary)
    kinds, instruments = vocabulary.lists["kinds"], vocabulary.lists["instruments"]
    first = next(iter(kinds.codes))
    lines = [
        f"id: {name}",
        f"name: {empty}",
        f"summary: {empty}             # one line, in your own words",
        f"article: {article}",
        f'instrument: ""              # one of: {", ".join(instruments.codes)}',
        f'commitment: ""              # one of: {", ".join(c.value for c in Commitment)}',
        f"kinds: [{first}]         # whom it addresses: huice codes WORD",
        "conditions:",
        "  all: []                     # such as {fact: company.employees, at_most: 300}",
        "# benefit: {rate: 0.30, of: …, cap: 1_000_000, per: unstated}",
        "given: {}                     # facts with which it comes out best",
        "examples:",
        "  - say: nothing is known",
        f"    given: {{}}\n    expect: {{status: {_expected_status(vocabulary)}}}",
        "# once the conditions stand: huice policies examples FILE writes both sides of each bound",
    ]
    return "\n".join(lines) + "\n"


def _expected_status(vocabulary: Vocabulary) -> str:
    """What comes out of nothing: open, unless everybody is of the one kind there is."""
    return "undetermined" if len(vocabulary.lists["kinds"].codes) > 1 else '""'


def _empty_text(vocabulary: Vocabulary) -> str:
    return "{" + ", ".join(f'{tag}: ""' for tag in vocabulary.languages) + "}"


def _title_yaml(vocabulary: Vocabulary, title: str) -> str:
    first, *others = vocabulary.languages
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return "{" + ", ".join([f'{first}: "{quoted}"', *(f'{tag}: ""' for tag in others)]) + "}"
