"""Asking the service about a company, and reading the answer as the cases are written.

`P`, `U`, `N`, `W` and `X` are the letters of the cases: potential, undetermined, ineligible, watch,
not in force.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

P, U, N, W, X = "potential", "undetermined", "ineligible", "watch", "not_in_force"
AS_OF = "2026-11-22"

Facts: TypeAlias = Mapping[str, Any]
Ask: TypeAlias = Callable[..., "Answer"]


@dataclass(frozen=True)
class Answer:
    """One answer of /api/v1/match."""

    body: Mapping[str, Any]

    def matches(self, programme: str) -> list[Mapping[str, Any]]:
        """One for each subject the programme was judged for."""
        return [m for m in self.body["matches"] if m["programme"]["id"] == programme]

    def match(self, programme: str, subject: str | None = None) -> Mapping[str, Any]:
        """The one match of a programme, or the one for a subject."""
        found = [m for m in self.matches(programme) if subject in (None, m["subject"])]
        assert len(found) == 1, f"{programme}: {len(found)} subjects"
        return found[0]

    def status(self, programme: str, subject: str | None = None) -> str:
        status: str = self.match(programme, subject)["status"]
        return status

    def ceiling(self, programme: str, subject: str | None = None) -> str | None:
        """The exact ceiling in yuan; None where the text names none or its base is missing."""
        ceiling = self.match(programme, subject)["ceiling"]
        amount: str | None = ceiling and ceiling["amount"]
        return amount

    def of(self, prefix: str) -> dict[str, set[str]]:
        """The statuses of every programme whose id begins with a prefix."""
        found: dict[str, set[str]] = {}
        for match in self.body["matches"]:
            if match["programme"]["id"].startswith(prefix):
                found.setdefault(match["programme"]["id"], set()).add(match["status"])
        return found

    def warnings(self) -> list[str]:
        """The codes of the warnings that go with the whole answer."""
        return [w["code"] for w in self.body["warnings"]]


@dataclass(frozen=True)
class Case:
    """A case in one line: who asks, about what, and what must come out."""

    says: str
    company: Facts
    expects: Mapping[str, str]
    project: Facts | None = None
    ceilings: Mapping[str, str | None] = field(default_factory=dict)
    as_of: str = AS_OF


def judge(ask: Ask, case: Case) -> None:
    """Hold the answer against the case, every expectation of it at once. In brief: near misses of
    all programmes, which no case reads here, are four fifths of the work of an answer in full."""
    projects: Sequence[Facts] = () if case.project is None else (case.project,)
    answer = ask(case.company, *projects, as_of=case.as_of, detail="brief")
    got = {programme: answer.status(programme) for programme in case.expects}
    assert got == dict(case.expects)
    assert {p: answer.ceiling(p) for p in case.ceilings} == dict(case.ceilings)
