"""A case: the profile somebody is filling in, what was put aside, and where it is kept.

The profile is held as the contract's plain JSON, so that a case is a request body at any time.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.domain.facts.profile import Profile
from service.domain.facts.vocabulary import Fact
from service.rendering.canonical_json import canonical_json
from service.storage.cases import StoredCase
from service.web.ports import PageContext


@dataclass
class Case:
    """`skipped` names facts that were put aside with 暂不清楚: `company.x`, or `ref/project.x`.
    `focus` is the programme that the check began from. `receipt` names the receipt made of it last.
    `shared` is a case seen by a link: read only."""

    id: str
    company: dict[str, Any] = field(default_factory=dict)
    projects: list[dict[str, Any]] = field(default_factory=list)
    provenance: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    focus: str | None = None
    receipt: str | None = None
    expires_at: datetime | None = None
    shared: bool = False

    def profile(self) -> dict[str, Any]:
        """The profile as a request carries it; provenance only of what is stated."""
        stated = {f"company.{name}" for name in self.company}
        for project in self.projects:
            stated |= {f"projects.{project['ref']}.{name}" for name in project}
        marks = {key: mark for key, mark in self.provenance.items() if key in stated}
        return {"company": self.company, "projects": self.projects, "provenance": marks}

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

    def put(self, fact: Fact, value: Any, ref: str | None = None) -> None:
        """State a value; None makes the fact unknown and counts as put aside."""
        values, key = self.values(ref), skip_key(fact, ref)
        if value != values.get(fact.name):  # what was verified was the old value
            self.provenance.pop(fact.id if ref is None else f"projects.{ref}.{fact.name}", None)
        if value is None:
            values.pop(fact.name, None)
            if key not in self.skipped:
                self.skipped.append(key)
            return
        values[fact.name] = value
        if key in self.skipped:
            self.skipped.remove(key)

    def new_ref(self) -> str:
        taken = {p["ref"] for p in self.projects}
        return next(f"p{n}" for n in range(1, len(taken) + 2) if f"p{n}" not in taken)

    def content(self) -> bytes:
        return canonical_json(
            {
                "company": self.company,
                "projects": self.projects,
                "provenance": self.provenance,
                "skipped": self.skipped,
                "focus": self.focus,
                "receipt": self.receipt,
            }
        )


def skip_key(fact: Fact, ref: str | None) -> str:
    return fact.id if ref is None else f"{ref}/{fact.id}"


def skip_question(case: Case, facts: Iterable[Fact], ref: str | None) -> None:
    """暂不清楚 for what is not stated yet; what was stated stays."""
    for fact in facts:
        if case.raw(fact, ref) is None:
            case.put(fact, None, ref)


def from_stored(case_id: str, stored: StoredCase, *, shared: bool = False) -> Case:
    """The case in stored bytes."""
    held = json.loads(stored.content)
    return Case(case_id, **held, expires_at=stored.expires_at, shared=shared)


def load_case(site: PageContext, case_id: str) -> Case:
    """Raises NotFound."""
    return from_stored(case_id, site.cases.get(case_id, site.now()))


def load_shared(site: PageContext, link_id: str) -> Case:
    """The case behind a link. Raises NotFound."""
    return from_stored(link_id, site.cases.linked(link_id, site.now()), shared=True)


def save_case(site: PageContext, case: Case) -> None:
    """Raises NotFound where it is gone."""
    site.cases.save(case.id, case.content(), site.now())


def read_profile(site: PageContext, case: Case) -> Profile:
    """The facts of a case. Raises InvalidInput; what a case holds has been read before, so only a
    changed vocabulary can make it so."""
    profile, _ = site.compiled.reader.read(case.profile())
    return profile


def known_facts(site: PageContext, case: Case) -> Iterator[tuple[Fact, str | None]]:
    """Every stated fact with the ref of its project, in the vocabulary's order."""
    for fact in site.vocabulary.company:
        if fact.name in case.company:
            yield fact, None
    for project in case.projects:
        for fact in site.vocabulary.project:
            if fact.name in project and fact.name != "kind":
                yield fact, project["ref"]
