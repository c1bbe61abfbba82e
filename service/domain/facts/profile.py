"""What is submitted: a company and its projects. An absent fact is unknown, never zero or false."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from service.domain.text import Text
from service.domain.truth import Truth


@dataclass(frozen=True, slots=True)
class Certificate:
    """A recognition with a term. Unknown dates stay None; both ends of the term are included.

    `unsure`: nobody says whether it is held, so that a list which is not whole can be stated.
    `contested` is never submitted: it marks a claim that the submitter's own figures contradict.
    """

    category: str
    issued_on: date | None = None
    expires_on: date | None = None
    number: str | None = None
    contested: bool = False
    unsure: bool = False

    @property
    def code(self) -> str:
        """What it is, in the fact's code list."""
        return self.category


@dataclass(frozen=True, slots=True)
class Award:
    """Support already received. It counts against the same purpose at the same level of government,
    for the same thing: `project` is the ref of one that is submitted, `object` a thing's name.
    `granted_on` is the day on which it was promised, where that is known; its year otherwise.
    `likely` are the programmes that `programme` may mean, where it is no id and not the name of
    one alone. `payer` is what `programme` is called, for whoever reads of it."""

    purpose: str
    level: str | None = None
    amount: Decimal | None = None
    year: int | None = None
    programme: str | None = None
    project: str | None = None
    object: str | None = None
    granted_on: date | None = None
    likely: tuple[str, ...] = ()
    payer: Text | None = field(default=None, compare=False)

    def paid_by(self, programme: str) -> Truth:
        """Whether a programme paid it."""
        if self.programme is None or programme in self.likely:
            return Truth.UNKNOWN
        return Truth.of(self.programme == programme)

    @property
    def payer_unsure(self) -> bool:
        """Whether it does not say clearly which programme paid it."""
        return self.programme is None or bool(self.likely)

    @property
    def code(self) -> str:
        """What it was for, in the fact's code list."""
        return self.purpose


# One thing that a company holds or has had.
Record: TypeAlias = Certificate | Award

COMPANY_KIND = "company.kind"
# The facts that tell whether there is a project at all; a vocabulary with projects has both.
PROJECT_KIND = "project.kind"
PROJECTS_ABSENT = "company.projects_absent"
NO_PROJECT = "none"
# How the facts of a project begin.
OF_PROJECT = "project."

Value: TypeAlias = (
    str | bool | int | Decimal | date | frozenset[str]
    | tuple[Certificate, ...] | tuple[Award, ...] | tuple["Project", ...]
)  # fmt: skip


class Provenance(StrEnum):
    """Where a figure comes from, weakest first."""

    DERIVED = "derived"
    DECLARED = "declared"
    VERIFIED = "verified"


WEAKEST_FIRST = list(Provenance)


@dataclass(frozen=True, slots=True)
class Project:
    """One thing the company wants supported, named by the submitter's own `ref`."""

    ref: str
    kind: str
    facts: Mapping[str, Value]

    def __hash__(self) -> int:
        return hash((self.ref, self.kind, frozenset(self.facts.items())))


def projects_in(value: object) -> tuple[Project, ...]:
    """The projects that a value consists of; none where it is another."""
    held = value if isinstance(value, tuple) else ()
    return tuple(p for p in held if isinstance(p, Project))


def records_in(value: object) -> tuple[Record, ...]:
    """The certificates, or the support had, that a value consists of."""
    held = value if isinstance(value, tuple) else ()
    return tuple([r for r in held if isinstance(r, Certificate | Award)])


@dataclass(frozen=True)
class Profile:
    """Facts by id (`company.…`, and `project.…` within a project); provenance by
    `company.<fact>` or `projects.<ref>.<fact>`."""

    company: Mapping[str, Value] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=dict)

    def facts_of(self, ref: str | None) -> Mapping[str, Value]:
        """The company's facts, with those of the project of that name, if there is one."""
        project = next((p for p in self.projects if p.ref == ref), None)
        return {**self.company, **(project.facts if project else {})}


@dataclass(frozen=True)
class Subject:
    """What one programme is evaluated for: the company, or one of its projects.

    `ref` is None for the company itself. A hypothetical subject is a project nobody has submitted.
    """

    ref: str | None
    facts: Mapping[str, Value]
    provenance: Mapping[str, Provenance]
    hypothetical: bool = False

    def get(self, fact: str) -> Value | None:
        return self.facts.get(fact)

    def with_facts(self, facts: Mapping[str, Value]) -> "Subject":
        """The same with these facts stated, or stated otherwise."""
        return replace(self, facts={**self.facts, **facts})

    def provenance_of(self, facts: tuple[str, ...]) -> Provenance | None:
        """The weakest provenance among the stated facts; None where none of them is stated."""
        known = [self.provenance.get(f, Provenance.DECLARED) for f in facts if f in self.facts]
        if len(known) < 2:
            return known[0] if known else None
        return min(known, key=WEAKEST_FIRST.index)


# Who states nothing.
NOBODY = Subject(None, {}, {})


def kinds_of(profile: Profile) -> frozenset[str]:
    """What an applicant says that it is: several kinds at once, one, or none where it is silent."""
    kind = profile.company.get(COMPANY_KIND)
    if isinstance(kind, str):
        return frozenset((kind,))
    return kind if isinstance(kind, frozenset) else frozenset()


def company_subject(profile: Profile) -> Subject:
    return Subject(None, profile.company, profile.provenance)


def project_subject(profile: Profile, project: Project) -> Subject:
    """The company's facts and one project's, its provenance renamed to `project.…`."""
    prefix = f"projects.{project.ref}."
    provenance = {
        f"project.{key[len(prefix) :]}" if key.startswith(prefix) else key: value
        for key, value in profile.provenance.items()
    }
    return Subject(project.ref, {**profile.company, **project.facts}, provenance)


def hypothetical_subject(profile: Profile, kinds: tuple[str, ...]) -> Subject:
    """A project nobody has submitted: whether there is one, and everything about it, is unknown,
    unless the company says that it has none of these kinds."""
    facts = profile.company
    absent = facts.get(PROJECTS_ABSENT)
    if isinstance(absent, frozenset) and absent.issuperset(kinds):
        facts = {**facts, PROJECT_KIND: NO_PROJECT}
    return Subject(None, facts, profile.provenance, hypothetical=True)
