"""Which facts are asked on which page, and with which widget: all taken from vocabulary and rules.

The basics are the facts that many programmes look at; the applicant's name and number, which
decide nothing, can be added to the first page; everything else is asked in the order of what an
answer would still decide.
"""

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from service.compiled.code_uses import CodeUses
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import PROJECT_KIND, PROJECTS_ABSENT
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.text import LIST_COMMA, Text, join

# A fact is basic where at least one programme in this many looks at it.
BASIC_ONE_IN = 10
# A fact is essential where at least one in this many does.
_ESSENTIAL_ONE_IN = 2
# What fits on a page, and what a search in a long list and any other question take of it.
_PAGE_ROOM, _SEARCH_ROOM, _QUESTION_ROOM = 8, 3, 2
_LONG_LIST = 60
_MAX_RADIO_BUTTONS = 6


class Widget(StrEnum):
    """How a fact is asked."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    YES_NO = "yes_no"
    ONE = "one"  # radio buttons
    CHOICE = "choice"  # a select
    SEVERAL = "several"  # check boxes
    PICK = "pick"  # search in a long list
    PICK_SEVERAL = "pick_several"
    CERTIFICATES = "certificates"
    AWARDS = "awards"


_SIMPLE = {
    FactType.TEXT: Widget.TEXT,
    FactType.IDENTIFIER: Widget.TEXT,
    FactType.BOOLEAN: Widget.YES_NO,
    FactType.INTEGER: Widget.NUMBER,
    FactType.NUMBER: Widget.NUMBER,
    FactType.MONEY: Widget.MONEY,
    FactType.DATE: Widget.DATE,
    FactType.CERTIFICATES: Widget.CERTIFICATES,
    FactType.AWARDS: Widget.AWARDS,
}
# An estimate: a question with its choices is read and answered in some twenty seconds.
_MINUTES_A_QUESTION = 0.37
_NAMING = (FactType.TEXT, FactType.IDENTIFIER)
LARGE = {Widget.SEVERAL, Widget.CERTIFICATES, Widget.AWARDS}


def widget(fact: Fact, vocabulary: Vocabulary) -> Widget:
    """The widget of a fact, by its type and the length of its list."""
    if fact.type in _SIMPLE:
        return _SIMPLE[fact.type]
    codes = vocabulary.codes_of(fact)
    assert codes is not None
    several = fact.type is FactType.CODES
    if len(codes.codes) > _LONG_LIST:
        return Widget.PICK_SEVERAL if several else Widget.PICK
    if several:
        return Widget.SEVERAL
    return Widget.ONE if len(codes.codes) <= _MAX_RADIO_BUTTONS else Widget.CHOICE


@dataclass(frozen=True)
class Step:
    """One page of the basics; `projects` marks the one that asks which projects there are.
    `naming` are the facts that decide nothing and only name the applicant."""

    number: int
    facts: tuple[Fact, ...]
    projects: bool = False
    naming: tuple[Fact, ...] = ()

    @property
    def all_facts(self) -> tuple[Fact, ...]:
        return (*self.facts, *self.naming)

    @property
    def title(self) -> Text:
        if self.projects:
            return Text("项目", "Projects")
        return join((f.label for f in self.facts[:2]), LIST_COMMA)


def steps(catalogue: Catalogue) -> tuple[Step, ...]:
    """The pages of the basics, projects last where any programme supports one."""
    pages: list[list[Fact]] = []
    room = 0
    for fact in _basics(catalogue):
        searched = widget(fact, catalogue.vocabulary) in (Widget.PICK, Widget.PICK_SEVERAL)
        size = _SEARCH_ROOM if searched else _QUESTION_ROOM
        if not pages or size > room:
            pages.append([])
            room = _PAGE_ROOM
        pages[-1].append(fact)
        room -= size
    naming = tuple(f for f in catalogue.vocabulary.company if f.type in _NAMING)
    found = [
        Step(n, tuple(facts), naming=naming if n == 1 else ())
        for n, facts in enumerate(pages or [[]], 1)
    ]
    if supported_kinds(catalogue):
        found.append(Step(len(found) + 1, (), projects=True))
    return tuple(found)


def questions_from(pages: tuple[Step, ...], number: int, settled: Container[str]) -> int:
    """How many questions a page of the basics and those behind it ask, but those that other answers
    have settled; which projects there are is one."""
    asked = [[f for f in page.facts if f.id not in settled] for page in pages[number - 1 :]]
    return sum(map(len, asked)) + any(page.projects for page in pages[number - 1 :])


def check_length(pages: tuple[Step, ...]) -> dict[str, int]:
    """How many questions lead to a first result, and how many minutes they take."""
    questions = questions_from(pages, 1, frozenset())
    return {"questions": questions, "minutes": max(1, round(questions * _MINUTES_A_QUESTION))}


def supported_kinds(catalogue: Catalogue) -> dict[str, Text]:
    """The kinds of project that a programme supports, with their names, in their list's order."""
    fact = catalogue.vocabulary.facts.get(PROJECT_KIND)
    kinds = catalogue.vocabulary.codes_of(fact) if fact else None
    if kinds is None:
        return {}
    return {c: kinds.label_of(c) for c in kinds.codes if c in catalogue.supported_kinds}


def essential_facts(catalogue: Catalogue) -> tuple[Fact, ...]:
    """The company's facts without which hardly anything can be judged: half of the programmes
    look at them, and no other fact stands in for them."""
    used, needed = catalogue.fact_uses, len(catalogue.programmes) / _ESSENTIAL_ONE_IN
    return tuple(
        f
        for f in catalogue.vocabulary.company
        if used.get(f.id, 0) >= needed > 0 and not f.default_from
    )


def _basics(catalogue: Catalogue) -> list[Fact]:
    used = catalogue.fact_uses
    needed = len(catalogue.programmes) / BASIC_ONE_IN
    return [
        fact
        for fact in askable(catalogue.vocabulary)
        if fact.type not in _NAMING and used.get(fact.id, 0) >= needed
    ]


def project_facts(vocabulary: Vocabulary, kind: str) -> tuple[Fact, ...]:
    """What is asked of a project of a kind."""
    return tuple(
        f
        for f in vocabulary.project
        if f.id != PROJECT_KIND and not f.never_asked and vocabulary.project_has(f, kind)
    )


def askable(vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """The company's facts that a page of answers lists: all but which projects it has not, and what
    is read off other answers."""
    return tuple(f for f in vocabulary.company if f.id != PROJECTS_ABSENT and not f.never_asked)


@dataclass
class CodeUse:
    """How many programmes look at a code, and how much they mean the applicant's kind: one that is
    for this kind alone counts whole, one for ten kinds a tenth, one for what the applicant may be
    as well nothing."""

    programmes: int = 0
    closeness: Fraction = Fraction(0)


def uses_of(
    uses: CodeUses, fact: Fact, codes: CodeList, within_reach: Container[str], kinds: frozenset[str]
) -> dict[str, CodeUse]:
    """How many of the programmes within reach of an applicant of these kinds look at each code; at
    a narrower one, too, where they name what it lies in."""
    found: dict[str, CodeUse] = {}
    for named in uses.get(fact.id, ()):
        if named.programme not in within_reach:
            continue
        for code in codes.codes:
            if not codes.ancestors(code).isdisjoint(named.codes):
                use = found.setdefault(code, CodeUse())
                use.programmes += 1
                if not named.kinds or not kinds or not named.kinds.isdisjoint(kinds):
                    use.closeness += Fraction(1, len(named.kinds) or 1)
    return found
