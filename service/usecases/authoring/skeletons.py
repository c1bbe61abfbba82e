"""A file to begin from: what can be taken from the official text is there, and what an author has
to write is an empty text, which `huice policies lint` names line by line until it is filled.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from service.catalogue.document_days import DocumentDays, document_days, signers
from service.catalogue.numerals import Figure, find_numbers
from service.catalogue.official_text import ANNEX, HEADING, OUTLINE, PREAMBLE, TextPart, split
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.levels import LEVELS
from service.domain.rules.programmes import Commitment
from service.rendering.texts import read_texts
from service.usecases.authoring.places_named import place_named
from service.usecases.authoring.rule_figures import document_writing
from service.usecases.authoring.telling_clauses import overlap_clause

_BENEFIT = "# benefit: {rate: 0.30, of: …, cap: 1_000_000, per: unstated}"
_NO_DIGEST = "sha256:" + "0" * 64
_WORDS = read_texts(__file__)


_ABOUT_ITSELF = re.compile(r"\d{4}年.*[月日]|〔\d{4}〕\d+号|第.+[条款]")
# What the last article mostly is about: its own days, and who explains it.
_OF_THE_DOCUMENT = re.compile("施行|实施之日|有效期|负责解释|in force|into force|takes? effect")
# What stands behind a number that is part of the name of a rate and no figure of a rule: 一年期LPR.
_NAMED_RATE = re.compile("(?:贷款|存款|国债)?(?:市场报价|基准)?利率|国债|LPR", re.IGNORECASE)
_TENOR = re.compile("[一二三五十]年期|[1-9]0?年期")
# 试府发〔2026〕1号; No. 12 of 2031; N° 2031-45; Nr. 7/2031.
_NUMBER_LINE = re.compile(
    r"^\s*(\S{1,20}[〔\[（(]\d{4}[〕\]）)]\s*第?\d+号"
    r"|(?:No\.|N[o°º]\.?|Nr\.?)\s*\d[\w/. -]{0,30})\s*$",
    re.MULTILINE,
)


class Skeletons:
    """Files to begin from, their texts in the languages of a vocabulary, and what stands beside the
    blanks in the language of whoever writes."""

    def __init__(self, vocabulary: Vocabulary, language: str) -> None:
        self.vocabulary = vocabulary
        self.language = language
        self.writing = document_writing(vocabulary)
        self.empty = "{" + ", ".join(f'{tag}: ""' for tag in vocabulary.languages) + "}"

    def measure(self, name: str, title: str, text: str | None, day: date) -> str:
        """`measure.yaml` of a document: with its text, every article with digest and numbers."""
        days = document_days(text or "", self.writing)
        read = "window_read" if days.start or days.end else "window_unread"
        issuers = signers(text or "", self.writing)
        place = place_named((*issuers, title), self.vocabulary.regions)
        lines = [
            f"id: {name}",
            f'number: "{_document_number(text or "")}"{self._beside("number")}',
            f"title: {self._title_yaml(title)}",
            f"issuers: {self._issuers_yaml(issuers)}",
            f"issued_on: {_day_yaml(days.issued)}{self._beside('issued')}",
            f"reviewed_on: {day.isoformat()}{self._beside('reviewed')}",
            f"window: {_window_yaml(days)}{self._beside(read)}",
            f"jurisdiction: {self._place_yaml(place, signed=bool(issuers))}",
            f"evidence: official{self._beside('evidence')}",
            f'source: ""{self._beside("source")}',
            f"decided_by: {self.empty}",
            f"departments: [{self.empty}]",
            f"definitions: {{}}{self._beside('definitions')} {self._example_of_shared()}",
            f"caps: []{self._beside('caps')}",
        ]
        parts = split(text, title) if text else (TextPart(1, ""),)
        lines += self._overlap_lines(parts)
        lines.append(f"articles:{self._beside('kind')}")
        for part in parts:
            lines += self._article_lines(part, known=bool(text))
        return "\n".join(lines) + "\n"

    def _issuers_yaml(self, names: tuple[str, ...]) -> str:
        """Those who signed, to be checked; to be written where nobody is known."""
        read = self._beside("issuers_read") if names else ""
        return f"[{', '.join(map(self._title_yaml, names)) or self.empty}]{read}"

    def _place_yaml(self, code: str | None, *, signed: bool) -> str:
        """The code of the place that is named, with what it is called, to be checked. Who signs
        without naming one may speak for the place that all others lie in."""
        places = self.vocabulary.regions
        if code is None:
            whole = places.broadest if signed else None
            if whole is None:
                return f'""{self._beside("jurisdiction")}'
            named = places.label_of(whole)
            words = _WORDS["jurisdiction_of_all"].format(name=named, code=whole)
            return f'""  # {words.in_language(self.language)}'
        name = places.label_of(code).in_language(self.language)
        read = _WORDS["jurisdiction_read"].format(name=name).in_language(self.language)
        return f'"{code}"  # {read}'

    def _overlap_lines(self, parts: Iterable[TextPart]) -> Iterator[str]:
        """The clause against taking two awards for one thing, where the text has one."""
        found = ((part.number, overlap_clause(part.wording)) for part in parts)
        for number, words in found:
            if words:
                levels = self.vocabulary.lists.get(LEVELS)
                allowed = ", ".join(levels.codes) if levels else ""
                yield f"# “{words}”: {self._words('overlap')}{allowed}"
                yield f'overlap: {{level: "", article: {number}, text: {self.empty}}}'
                return

    def _article_lines(self, part: TextPart, *, known: bool) -> Iterator[str]:
        numbers = [] if part.number == OUTLINE else list(find_numbers(part.body, self.writing))
        rules = [] if part.number in (HEADING, PREAMBLE) else list(self._of_rules(numbers))
        closing = self._is_closing(part)
        if closing and not any(map(self._is_money_or_share, rules)):
            rules = []  # how long it is in force
        closing = closing and not rules
        ending = "ending_and_overlap" if overlap_clause(part.wording) else "ending"
        signed = part.number == ANNEX and part.is_signature
        named = part.number in _WORDS and not part.heading
        title = self._said(str(part.number)) if named else self._title_yaml(part.heading)
        gist = f"{self.empty}{self._beside('gist')}"
        yield f"  - number: {part.number}"
        yield f"    title: {self._said('signature') if signed else title}"
        yield f"    gist: {self._said('signed_by') if signed else gist}"
        yield f"    digest: {part.digest if known else _NO_DIGEST}"
        if signed:
            yield f"    unmatched: {self._said('signed_by')}"
        elif part.number == OUTLINE or closing:
            yield f"    unmatched: {self._said('headings' if part.number == OUTLINE else ending)}"
        elif not isinstance(part.number, int):
            yield f"    unmatched: {self.empty}{self._beside('unmatched')}"
        elif not numbers:
            yield f"    # unmatched: {self.empty}{self._beside('perhaps_unmatched')}"
        yield "    numbers:" if numbers else "    numbers: []"
        for figure in numbers:
            kind = "parameter" if figure.text in rules else "metadata"
            kind = "name" if _names_a_rate(figure, part.body) else kind
            yield f'      - {{text: "{figure.text}", kind: {kind}}}'

    def _of_rules(self, numbers: Iterable[Figure]) -> Iterator[str]:
        """The numbers that may stand in a rule: a date, the number of a document and that of
        another article say nothing of what is given."""
        for figure in numbers:
            is_day = self.writing.day(figure.text.lower()) is not None
            if not is_day and not _ABOUT_ITSELF.fullmatch(figure.text):
                yield figure.text

    def _is_closing(self, part: TextPart) -> bool:
        """Whether a part says from when to when the document is in force, or who explains it."""
        days = document_days(part.wording, self.writing)
        return bool(days.start or days.end or _OF_THE_DOCUMENT.search(part.body))

    def _is_money_or_share(self, number: str) -> bool:
        signs = ("元", "%", *self.writing.currencies)
        return any(sign in number for sign in signs)

    def programme(self, name: str, article: int | str) -> str:
        """A programme's file; it loads as soon as its texts are written."""
        kinds, instruments = self.vocabulary.lists["kinds"], self.vocabulary.lists["instruments"]
        first = next(iter(kinds.codes))
        commitments = ", ".join(c.value for c in Commitment)
        lines = [
            f"id: {name}",
            f"name: {self.empty}",
            f"summary: {self.empty}{self._beside('summary')}",
            f"article: {article}",
            f'instrument: ""{self._beside("one_of")}{", ".join(instruments.codes)}',
            f'commitment: ""{self._beside("one_of")}{commitments}',
            f"kinds: [{first}]{self._beside('kinds')}",
            "conditions:",
            f"  all: []{self._beside('conditions')} {self._example_of_number()}",
            f"{_BENEFIT}{self._beside('benefit')}",
            f"given: {{}}{self._beside('given')} {{company.kind: {first}}}",
            "examples:",
            f"  - say: {self._words('nothing')}",
            f"    given: {{}}\n    expect: {{status: {_expected_status(self.vocabulary)}}}",
            f"# {self._words('bounds')}",
        ]
        return "\n".join(lines) + "\n"

    def _example_of_shared(self) -> str:
        """A condition that several programmes share: on the place, where the catalogue asks it."""
        fact = next(iter(self.vocabulary.place_facts), None)
        code = next(iter(self.vocabulary.regions.codes), None)
        if fact and code:
            return f'in_place: {{fact: {fact}, within: "{code}"}}'
        return f"small: {self._example_of_number()}"

    def _example_of_number(self) -> str:
        numbers = (FactType.INTEGER, FactType.MONEY, FactType.NUMBER)
        facts = self.vocabulary.facts.values()
        counted = next((f.id for kind in numbers for f in facts if f.type is kind), "…")
        return f"{{fact: {counted}, at_most: 300}}"

    def _words(self, key: str) -> str:
        return _WORDS[key].in_language(self.language)

    def _beside(self, key: str) -> str:
        return f"  # {self._words(key)}"

    def _said(self, key: str) -> str:
        """A text of ours in the languages that it is known in; the others are to be written."""
        known = {"zh": _WORDS[key].zh, "en": _WORDS[key].en}
        tags = (f'{tag}: "{known.get(tag, "")}"' for tag in self.vocabulary.languages)
        return "{" + ", ".join(tags) + "}"

    def _title_yaml(self, title: str) -> str:
        first, *others = self.vocabulary.languages
        quoted = title.replace("\\", "\\\\").replace('"', '\\"')
        return "{" + ", ".join([f'{first}: "{quoted}"', *(f'{tag}: ""' for tag in others)]) + "}"


def _names_a_rate(figure: Figure, body: str) -> bool:
    """Whether a number is the tenor in the name of a public rate."""
    tenor = _TENOR.fullmatch(figure.text)
    return tenor is not None and _NAMED_RATE.match(body, figure.end) is not None


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


def _expected_status(vocabulary: Vocabulary) -> str:
    """What comes out of nothing: open, unless everybody is of the one kind there is."""
    return "undetermined" if len(vocabulary.lists["kinds"].codes) > 1 else '""'
