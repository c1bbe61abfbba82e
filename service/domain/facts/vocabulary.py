"""The vocabulary: every fact a profile may hold, with its type, unit, code list and words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from service.domain.facts.code_lists import CodeList
from service.domain.facts.parameters import Parameter
from service.domain.facts.profile import PROJECT_KIND, Certificate, Value
from service.domain.text import Text, nearest

# ISO 4217: no currency.
NO_CURRENCY = "XXX"
CENT = Decimal("0.01")


class FactType(StrEnum):
    """The type of a fact's value, and in brackets how it is held in a profile."""

    TEXT = "text"  # str
    IDENTIFIER = "identifier"  # str, checked by the scheme the fact names
    BOOLEAN = "boolean"  # bool
    INTEGER = "integer"  # int
    NUMBER = "number"  # Decimal
    MONEY = "money"  # Decimal, yuan, at most two places
    DATE = "date"  # date
    CODE = "code"  # str of the fact's code list
    CODES = "codes"  # frozenset[str] of the fact's code list
    CERTIFICATES = "certificates"  # tuple[Certificate, ...]
    AWARDS = "awards"  # tuple[Award, ...]
    PROJECTS = "projects"  # tuple[Project, ...]: those of the profile, for rules about all of them


class Owner(StrEnum):
    COMPANY = "company"
    PROJECT = "project"


class Sensitivity(StrEnum):
    PUBLIC = "public"
    COMMERCIAL = "commercial"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class FinerQuestion:
    """The question, and the name of the fact in it, for a value that is stated too coarsely."""

    label: Text
    question: Text


_STEPS = {FactType.INTEGER: Decimal(1), FactType.NUMBER: Decimal("0.000001")}


@dataclass(frozen=True, slots=True)
class Fact:
    """One typed datum.

    `minimum` and `maximum` bound numbers; `positive` excludes zero. `changeable` says whether the
    holder can alter it by its own action. `default_from` names a fact that stands in, marked as
    derived, where this one is not stated; `quiet`: that a value was derived is shown where it is
    used, and not told of the whole answer. `kinds` are the project kinds that have a project fact
    (empty: all); `kind_unsaid`: a column of its name does not tell the kind of a row's project, for
    any may have it. `repayable` is money that has to be paid back, as a loan's principal.
    `received`: whether it is what was had as support; None where nobody says.
    `at_least_one`: a set of codes that is never empty, so that one code alone may stand for it.
    `aliases` are other names it goes by in people's own tables. `asked_of`: it is asked only where
    one of these facts has one of these values (empty: always), and not where one of `not_asked_of`
    has, whatever else is stated; `never_asked`: it is read off other answers. `hinted_by`: until
    one of these facts has one of these values, what waits for it is listed behind the rest; it is
    asked all the same. `finer`: what is asked of it once a value is stated that is not exact
    enough, such as the dates of a certificate. `coin` is the least that is paid in the
    currency of its money: a cent, or a whole yen.
    """

    id: str
    owner: Owner
    name: str
    type: FactType
    label: Text
    question: Text
    help: Text
    unit: str | None = None
    list: str | None = None
    scheme: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    positive: bool = False
    changeable: bool = False
    sensitivity: Sensitivity = Sensitivity.COMMERCIAL
    default_from: str | None = None
    quiet: bool = False
    kinds: tuple[str, ...] = ()
    kind_unsaid: bool = False
    at_least_one: bool = False
    sample: object = None
    aliases: tuple[str, ...] = ()
    repayable: bool = False
    received: bool | None = None
    parameter: str | None = None
    never_asked: bool = False
    asked_of: Mapping[str, tuple[Value, ...]] = field(default_factory=dict, hash=False)
    not_asked_of: Mapping[str, tuple[Value, ...]] = field(default_factory=dict, hash=False)
    hinted_by: Mapping[str, tuple[Value, ...]] = field(default_factory=dict, hash=False)
    finer: FinerQuestion | None = None
    coin: Decimal = CENT

    @property
    def step(self) -> Decimal | None:
        """The least by which two numbers of it differ; None where it is no number."""
        if self.type is FactType.MONEY:
            return self.coin
        return _STEPS.get(self.type)

    def wording(self, stated: Value | None) -> FinerQuestion:
        """What it is called and asked by, beside what is stated of it."""
        if self.finer is None or stated is None or _may_hold_more(stated):
            return FinerQuestion(self.label, self.question)
        return self.finer


def _may_hold_more(stated: Value) -> bool:
    """Whether it is not even said which certificates are held."""
    records = stated if isinstance(stated, tuple) else ()
    return any(isinstance(record, Certificate) and record.unsure for record in records)


@dataclass(frozen=True)
class AtLeast:
    """A count of so many or more, where a value of a fact is wanted."""

    least: int


Wanted: TypeAlias = Value | AtLeast


@dataclass(frozen=True)
class Implication:
    """Where each fact of `when` has one of its values, `then` holds too; where that is only
    `presumed`, whoever states otherwise contradicts nothing."""

    when: Mapping[str, tuple[Wanted, ...]]
    then: Mapping[str, Value]
    presumed: bool = False


@dataclass(frozen=True, slots=True)
class UnitWords:
    """A unit in words: behind a number, and in "for each …"; of a currency also what else people
    write for it."""

    label: Text
    each: Text
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All facts by id, in the order a person is asked them, all code lists by id, which facts
    follow from which, and what holds for the whole catalogue: words for units, the currency of
    money facts that name none, the languages its texts are written in, the time zone of its days,
    the list its places are codes of. Two of them are equal only where they are the same object, so
    that one may be part of a cache's key.
    """

    facts: Mapping[str, Fact]
    lists: Mapping[str, CodeList]
    implications: tuple[Implication, ...] = ()
    units: Mapping[str, UnitWords] = field(default_factory=dict)
    currency: str = NO_CURRENCY
    languages: tuple[str, ...] = ("zh", "en")
    time_zone: str = "UTC"
    region_list: str = "regions"
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def unit_words(self, symbol: str) -> UnitWords:
        """The words of a unit; one without words is called by its symbol."""
        name = Text(symbol, symbol)
        return self.units.get(symbol) or UnitWords(name, name)

    @cached_property
    def stated(self) -> tuple[Fact, ...]:
        """The facts that are stated one by one: all but the one that holds the projects."""
        return tuple(f for f in self.facts.values() if f.type is not FactType.PROJECTS)

    @cached_property
    def asked_facts(self) -> tuple[Fact, ...]:
        """Those of them that somebody can be asked: the others are read off answers."""
        return tuple(f for f in self.stated if not f.never_asked)

    @cached_property
    def project_lists(self) -> tuple[str, ...]:
        """The facts that hold the projects of a profile."""
        return tuple(f.id for f in self.facts.values() if f.type is FactType.PROJECTS)

    @cached_property
    def company(self) -> tuple[Fact, ...]:
        return tuple(f for f in self.stated if f.owner is Owner.COMPANY)

    @cached_property
    def project(self) -> tuple[Fact, ...]:
        return tuple(f for f in self.facts.values() if f.owner is Owner.PROJECT)

    @cached_property
    def identifier(self) -> Fact | None:
        """The fact that tells one company from another: companies are kept under its value."""
        return next((f for f in self.company if f.type is FactType.IDENTIFIER), None)

    @cached_property
    def identity(self) -> tuple[str, ...]:
        """The facts that say which company it is: its name and its code, as far as there are such
        facts."""
        named = ("company.name",) if "company.name" in self.facts else ()
        return (*named, self.identifier.id) if self.identifier else named

    @cached_property
    def currencies(self) -> frozenset[str]:
        """The symbols that money is counted in."""
        units = (f.unit for f in self.facts.values() if f.type is FactType.MONEY and f.unit)
        return frozenset((self.currency, *units))

    def suggest(self, word: str) -> str | None:
        """The fact that a word which is none was probably meant for: by its label or another name
        of it, with its owner left out, written most alike, by a label within the word, or by the
        shortest label that the word stands in."""
        given = word.strip()
        for fact in self.facts.values():
            if given in (fact.label.zh, fact.label.en, fact.name, *fact.aliases):
                return fact.id
        near = nearest(given, self.facts)
        named = (f.id for f in self.facts.values() if len(f.label.zh) > 1 and f.label.zh in given)
        around = [f for f in self.facts.values() if len(given) > 1 and given in f.label.zh]
        widest = min(around, key=lambda fact: len(fact.label.zh)).id if around else None
        return near or next(named, None) or widest

    def list_named(self, name: str) -> CodeList | None:
        """A list by its id; `regions` stands for whichever list places are codes of."""
        return self.regions if name == "regions" else self.lists.get(name)

    @property
    def regions(self) -> CodeList:
        """The list that jurisdictions are codes of; empty where no measure needs one."""
        return self.lists.get(self.region_list) or CodeList(self.region_list, Text("", ""), {})

    @cached_property
    def place_facts(self) -> tuple[str, ...]:
        """The facts of an applicant that are places."""
        return tuple(fact.id for fact in self.company if fact.list == self.region_list)

    def stated_places(self, facts: Mapping[str, object]) -> tuple[frozenset[str], ...]:
        """The places that somebody states, by fact in the vocabulary's order: where it is
        registered before where it only works."""
        values = (facts.get(fact) for fact in self.place_facts)
        stated = (frozenset((v,)) if isinstance(v, str) else v for v in values)
        return tuple(places for places in stated if isinstance(places, frozenset) and places)

    @cached_property
    def _never_asked(self) -> frozenset[str]:
        return frozenset(fact.id for fact in self.facts.values() if fact.never_asked)

    def askable(self, facts: Iterable[str]) -> list[str]:
        """Those of some facts that somebody can be asked; the others are read off answers."""
        return [fact for fact in facts if fact not in self._never_asked]

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {fact: place for place, fact in enumerate(self.facts)}

    def place_of(self, fact: str) -> int:
        """Where a fact stands in the order in which a person is asked."""
        return self._places[fact]

    @cached_property
    def renamed(self) -> Mapping[str, CodeList]:
        """The lists with codes that others have followed, by the facts that draw from them."""
        listed = ((fact.id, self.codes_of(fact)) for fact in self.facts.values())
        return {fact: codes for fact, codes in listed if codes and codes.succeeded}

    @cached_property
    def retired(self) -> Mapping[str, CodeList]:
        """The lists with codes that are no longer given out, by the facts that draw from them."""
        listed = ((fact.id, self.codes_of(fact)) for fact in self.facts.values())
        return {fact: codes for fact, codes in listed if codes and codes.retired}

    def codes_of(self, fact: Fact) -> CodeList | None:
        """The code list a fact draws its values from; None for free values."""
        return self.lists[fact.list] if fact.list else None

    def project_has(self, fact: Fact, kind: str) -> bool:
        """Whether a project of a kind has a fact: all have it, or this kind or a broader one."""
        listed = self.facts.get(PROJECT_KIND)
        kinds = self.codes_of(listed) if listed else None
        broader = kinds.ancestors(kind) if kinds else frozenset({kind})
        return not fact.kinds or not broader.isdisjoint(fact.kinds)
