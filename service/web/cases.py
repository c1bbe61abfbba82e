"""A case: the profile somebody is filling in, what was put aside, and where it is kept.

The profile is held as the contract's plain JSON, so that a case is a request body at any time.
A case may be older than the vocabulary: what today's reader refuses is taken out and told, so that
one withdrawn code does not shut the whole case.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from service.domain.errors import InvalidInput
from service.domain.facts.profile import Profile, Value
from service.domain.facts.vocabulary import Fact
from service.domain.text import LIST_COMMA, Text, join
from service.intake.readable_part import removal_order
from service.intake.schema import MAX_PROJECTS
from service.rendering.canonical_json import canonical_json
from service.rendering.project_names import NamedProject, project_labels
from service.storage.cases import StoredCase
from service.web.ports import PageContext

# Between the values of what was lost.
_BETWEEN = ", "
_WITHDRAWN = Text("{code}（已不在选项中）", "{code} (no longer on the list)")


@dataclass
class Case:
    """One visitor's check, as it goes on.

    `asked_facts` names the facts that have been asked, `company.x` or `ref/project.x`: answered, or
    put aside with 暂不清楚; neither is asked again, but for what is not exact enough (`finer_key`).
    What a page of the basics left blank is not put aside: it is asked once more, but not at once
    (`blank_key`). `lost` has what was stated once and
    cannot be read any more, by the same names. `rough` names the figures that were said to be only
    about so much. `focus` is the programme that the check began from.
    `receipt` names the receipt made of it last. `draft` is a form that was sent and is not stated
    yet (`drafts`). `shared` is a case seen by a link: read only.
    """

    id: str
    company: dict[str, Any] = field(default_factory=dict)
    projects: list[dict[str, Any]] = field(default_factory=list)
    provenance: dict[str, str] = field(default_factory=dict)
    asked_facts: list[str] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)
    rough: list[str] = field(default_factory=list)
    focus: str | None = None
    receipt: str | None = None
    draft: dict[str, Any] | None = None
    expires_at: datetime | None = None
    shared: bool = False

    def profile(self) -> dict[str, Any]:
        """The profile as a request carries it; provenance only of what is stated."""
        stated = {f"company.{name}" for name in self.company}
        for project in self.projects:
            stated |= {f"projects.{project['ref']}.{name}" for name in project}
        marks = {key: mark for key, mark in self.provenance.items() if key in stated}
        return {"company": self.company, "projects": self.projects, "provenance": marks}

    @property
    def named_projects(self) -> list[NamedProject]:
        """Its projects by what each is called."""
        return [NamedProject(p["ref"], p["kind"], str(p.get("name") or "")) for p in self.projects]

    def project(self, ref: str) -> dict[str, Any] | None:
        return next((p for p in self.projects if p["ref"] == ref), None)

    def values(self, ref: str | None) -> dict[str, Any]:
        """The stated facts of the company, or of one project, by name."""
        if ref is None:
            return self.company
        return self.project(ref) or {}

    def raw(self, fact: Fact, ref: str | None = None) -> Any:
        """A stated value in plain JSON; None where unknown."""
        return self.values(ref).get(fact.name)

    def put(
        self, fact: Fact, value: Any, ref: str | None = None, *, rough: bool | None = None
    ) -> None:
        """State a value; None makes the fact unknown. Either way it has been asked. `rough` tells
        a figure that is only about so much; None, that nothing new was said of it."""
        values, key = self.values(ref), skip_key(fact, ref)
        self.lost.pop(key, None)
        if rough is not None:
            self.rough = [k for k in self.rough if k != key] + [key] * (rough and value is not None)
        if key not in self.asked_facts:
            self.asked_facts.append(key)
        if value != values.get(fact.name):  # what was verified was the old value
            self.provenance.pop(provenance_key(fact, ref), None)
        if value is None:
            values.pop(fact.name, None)
            return
        values[fact.name] = value

    def lose(self, pointer: str) -> bool:
        """Take out what a problem of the profile's reader points to; whether anything was."""
        where, *rest = pointer.strip("/").split("/")
        if where == "company" and rest:
            return self._lose(self.company, f"company.{rest[0]}", rest[0])
        if where == "provenance" and rest:
            return self.provenance.pop("/".join(rest), None) is not None
        if where != "projects":
            return False
        if not rest:  # there are too many
            return bool(self.projects) and self._lose_project(self.projects[-1])
        project = self.projects[int(rest[0])]
        if rest[1:2] in ([], ["kind"], ["ref"]):
            return self._lose_project(project)
        return self._lose(project, f"{project['ref']}/project.{rest[1]}", rest[1])

    def _lose_project(self, project: dict[str, Any]) -> bool:
        self.projects.remove(project)
        self.lost["project.kind"] = _plainly(project.get("kind", ""))
        return True

    def _lose(self, values: dict[str, Any], key: str, name: str) -> bool:
        if name not in values:
            return False
        self.lost[key] = _plainly(values.pop(name))
        return True

    @property
    def is_full(self) -> bool:
        """Whether it holds as many projects as a profile may."""
        return len(self.projects) >= MAX_PROJECTS

    def new_ref(self) -> str:
        taken = {p["ref"] for p in self.projects}
        return next(f"p{n}" for n in range(1, len(taken) + 2) if f"p{n}" not in taken)

    def content(self) -> bytes:
        return canonical_json(
            {
                "company": self.company,
                "projects": self.projects,
                "provenance": self.provenance,
                "asked": self.asked_facts,
                "lost": self.lost,
                "focus": self.focus,
                "receipt": self.receipt,
                **({"rough": self.rough} if self.rough else {}),
                **({"draft": self.draft} if self.draft else {}),
            }
        )


def skip_key(fact: Fact, ref: str | None) -> str:
    return fact.id if ref is None else f"{ref}/{fact.id}"


def finer_key(fact_id: str) -> str:
    """What says that a fact was asked once more, beside a value that was not exact enough."""
    return f"{fact_id}+"


def blank_key(fact_id: str) -> str:
    """What says that a page of the basics asked a fact and it was left blank."""
    return f"{fact_id}?"


def skip_question(case: Case, facts: Iterable[Fact], ref: str | None) -> None:
    """暂不清楚: none of these is asked again; what was stated of them stays."""
    for fact in facts:
        case.put(fact, case.raw(fact, ref), ref)


def from_stored(
    site: PageContext, case_id: str, stored: StoredCase, *, shared: bool = False
) -> Case:
    """The case in stored bytes, without what can no longer be read."""
    parts = json.loads(stored.content)
    asked = parts.pop("asked", [])
    asked = parts.pop("skipped", asked)  # its name until November 2026
    case = Case(case_id, asked_facts=asked, **parts, expires_at=stored.expires_at, shared=shared)
    _take_out_unreadable(site, case)
    return case


def _take_out_unreadable(site: PageContext, case: Case) -> None:
    """Raises InvalidInput for what belongs to no fact; nothing that pages save is such."""
    while True:
        try:
            read_profile(site, case)
        except InvalidInput as error:
            lost = [case.lose(pointer) for pointer in removal_order(error.problems)]
            if not any(lost):
                raise
        else:
            return


def _plainly(value: object) -> str:
    """A plain value for a reader to recognise."""
    if isinstance(value, list):
        return _BETWEEN.join(_plainly(v) for v in value)
    if isinstance(value, dict):
        return _plainly(next(iter(value.values()), ""))
    return str(value)


@dataclass(frozen=True)
class LostAnswer:
    """What was stated once and cannot be read any more: of which fact, where it still is one, and
    what, in the words of today's lists as far as they have it."""

    name: Text
    said: Text
    fact: Fact | None = None
    ref: str | None = None


def lost_answers(site: PageContext, case: Case) -> Iterator[LostAnswer]:
    """What a case lost, for a reader."""
    for key, value in case.lost.items():
        ref, _, fact_id = key.rpartition("/")
        fact = site.vocabulary.facts.get(fact_id)
        codes = site.vocabulary.codes_of(fact) if fact else None
        said = [
            codes.label_of(v) if codes and v in codes else _WITHDRAWN.format(code=v)
            for v in lost_codes(value)
        ]
        name = fact.label if fact else Text(key, key)
        yield LostAnswer(name, join(said, LIST_COMMA), fact, ref or None)


def lost_codes(value: str) -> list[str]:
    """The codes of what was lost."""
    return value.split(_BETWEEN)


def load_case(site: PageContext, case_id: str) -> Case:
    """Raises NotFound."""
    return from_stored(site, case_id, site.cases.get(case_id, site.now()))


def load_shared(site: PageContext, link_id: str) -> Case:
    """The case behind a link. Raises NotFound."""
    return from_stored(site, link_id, site.cases.linked(link_id, site.now()), shared=True)


def change_case(site: PageContext, case_id: str, edit: Callable[[Case], bool]) -> Case:
    """The case after an edit, which tells whether it shall be kept. A draft is gone by then.

    Nobody saves it in between: of two tabs, the second edits what the first has saved. Raises
    NotFound.
    """
    now = site.now()

    def edited(content: bytes) -> bytes | None:
        case = from_stored(site, case_id, StoredCase(content, now))
        case.draft = None
        return case.content() if edit(case) else None

    return from_stored(site, case_id, site.cases.change(case_id, now, edited))


def read_profile(site: PageContext, case: Case) -> Profile:
    """The facts of a case. Raises InvalidInput, which a case as it was loaded does not."""
    return site.compiled.reader.read_profile(case.profile(), "")


class CaseFact(NamedTuple):
    """A fact that a case states, with the ref of its project, if it is of one, and what that is
    called; `key` is what its provenance and its document stand under."""

    fact: Fact
    ref: str | None
    about: Text | None
    key: str
    value: Value


def case_facts(site: PageContext, case: Case) -> Iterator[CaseFact]:
    """Every stated fact, in the vocabulary's order."""
    profile, vocabulary = read_profile(site, case), site.vocabulary
    labels = project_labels(case.named_projects, vocabulary)
    for ref, values, facts in (
        (None, case.company, vocabulary.company),
        *((project["ref"], project, vocabulary.project) for project in case.projects),
    ):
        held = profile.facts_of(ref)
        for fact in facts:
            if fact.name in values and (ref is None or fact.name != "kind"):
                about = labels[ref] if ref is not None else None
                yield CaseFact(fact, ref, about, provenance_key(fact, ref), held[fact.id])


def provenance_key(fact: Fact, ref: str | None) -> str:
    """What the provenance of a fact of the company, or of a project, stands under."""
    return fact.id if ref is None else f"projects.{ref}.{fact.name}"
