"""Sights: the subjects of one profile with their classes, each seen once."""

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from service.compiled.recall.templates import Filling
from service.domain.facts.profile import (
    Profile,
    Project,
    Subject,
    company_subject,
    hypothetical_subject,
    project_subject,
)
from service.domain.likeness import Class, Likeness

# Whose programme it is: the place of one of the profile's projects; or the kind of a project that
# nobody has submitted, None for the company.
Whose: TypeAlias = int | tuple[str, ...] | None


class Sight:
    """A subject with its classes, and what fills the holes for it; `kind` is its project's."""

    __slots__ = ("classes", "filling", "kind", "manner", "subject")

    def __init__(
        self, subject: Subject, classes: Sequence[Class], kind: str | tuple[str, ...] | None = None
    ) -> None:
        self.subject = subject
        self.kind = kind
        self.classes = classes
        self.filling = Filling(subject)
        self.manner = subject.hypothetical, subject.ref is None


class Sights:
    """The subjects of one profile on a day."""

    def __init__(self, likeness: Likeness, profile: Profile, as_of: date) -> None:
        self.profile = profile
        self._likeness, self._as_of = likeness, as_of
        subject = company_subject(profile)
        self.company = Sight(subject, likeness.classes(subject, as_of))
        self.projects = tuple([self._of_project(p) for p in profile.projects])
        self._without: dict[tuple[str, ...], Sight] = {}

    def of(self, whose: Whose) -> Sight:
        """The sight of a subject."""
        if whose is None:
            return self.company
        return self.projects[whose] if isinstance(whose, int) else self._hypothetical(whose)

    def _of_project(self, project: Project) -> Sight:
        subject = project_subject(self.profile, project)
        company = self.company.classes
        classes = self._likeness.further(company, project.facts, subject, self._as_of)
        return Sight(subject, classes, project.kind)

    def _hypothetical(self, kind: tuple[str, ...]) -> Sight:
        found = self._without.get(kind)
        if found is None:
            subject = hypothetical_subject(self.profile, kind)
            same = subject.facts is self.profile.company
            classes = self.company.classes
            if not same:
                classes = self._likeness.classes(subject, self._as_of)
            found = self._without[kind] = Sight(subject, classes, kind)
        return found
