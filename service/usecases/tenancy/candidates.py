"""政策找企业: which kept companies, or companies of a batch, a programme fits, and what each answer
rests on.

All are held against the programme at once, by columns; whoever is shown is then evaluated with
every condition, so that the list tells what the answer to that one company would tell.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.clock import Clock
from service.domain.errors import ErrorCode, InvalidInput, Problem, Refused, named_at
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.evaluation.evaluator import (
    PROMISING,
    Finding,
    Match,
    Status,
    evaluate_programme,
    subjects,
)
from service.domain.facts.asking import lacking_facts
from service.domain.facts.profile import WEAKEST_FIRST, Provenance
from service.domain.principal import Principal, Scope
from service.domain.rules.programmes import Programme
from service.domain.text import Text, did_you_mean
from service.domain.truth import Truth
from service.intake.faults import nearest_name
from service.rendering.json_parts import Json, subject_name, text_json
from service.storage.audit import AuditLog, Deed
from service.storage.batches import BatchRepository, BatchState
from service.storage.companies import CompanyRepository
from service.usecases.reference.lookup import find_programme

if TYPE_CHECKING:
    from service.usecases.tenancy.candidate_sources import CandidateSource, Prospect

MAX_PAGE, USUAL_PAGE = 500, 50
EXPORTS = ("xlsx", "csv", "jsonl")
_NO_FACT = Text("没有信息项“{name}”", "there is no fact {name}")
_NOT_DONE = Text("批次还没有处理完，现为 {state}", "the batch is not done yet: it is {state}")


class CandidateClass(StrEnum):
    """How near a company is to a programme."""

    AUTOMATIC = "automatic"  # every stated condition is met by what is known
    ONE_FACT_SHORT = "one_fact_short"  # one fact decides
    OPEN = "open"  # more is missing, or nothing that a company could state decides


class CandidateOrder(StrEnum):
    """What the list is sorted by; equal ones by their class, then as `CLASS` says."""

    CLASS = "class"  # the surest first, then by the most, then by how little is missing
    CEILING = "ceiling"  # the greatest first, those of whom the text says nothing last
    MISSING = "missing"  # how many facts are missing, fewest first
    NAME = "name"
    USCC = "uscc"


@dataclass(frozen=True, slots=True)
class CandidateQuery:
    """What to list: a class, those that lack only one fact, those that rest on verified facts alone
    (None, False: all); companies with a tag, or of a batch; in which order, from a position on."""

    as_of: date | None = None
    wanted: CandidateClass | None = None
    tag: str | None = None
    batch: str | None = None
    missing_fact: str | None = None
    verified: bool = False
    sort: CandidateOrder = CandidateOrder.CLASS
    after: int = 0
    limit: int | None = USUAL_PAGE


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A company evaluated, at its nearest."""

    prospect: "Prospect"
    match: Match
    lacking: list[str]  # the facts to ask for, as the columns count them
    kind: CandidateClass

    @property
    def order(self) -> tuple[int, Decimal, int]:
        most = self.match.ceiling.at_most if self.match.ceiling else None
        return _order_of(self.kind, most, len(self.lacking))


@dataclass(frozen=True)
class CandidateService:
    """Companies held against one programme."""

    companies: CompanyRepository
    batches: BatchRepository
    compiled: CompiledCatalogue
    clock: Clock
    audit: AuditLog

    def find(
        self, principal: Principal, programme_id: str, query: CandidateQuery, trace: str = ""
    ) -> Json:
        """The companies the programme may fit; how many of each class, and how many it does not fit
        or could not be judged. Raises NotFound, Refused, InvalidInput (a batch's table that can no
        longer be read)."""
        source, day = self._source(principal, query)
        programme = find_programme(self.compiled.catalogue, programme_id)
        deed = Deed(principal, self.clock.now(), trace)
        self.audit.record(deed, "programme.candidates", programme.id)
        return self.list(source, programme, replace(query, as_of=query.as_of or day))

    def list(self, source: "CandidateSource", programme: Programme, query: CandidateQuery) -> Json:
        """The companies of a source for a programme, nearest first, as far as the query wants them.
        Raises InvalidInput for a fact that nobody knows."""
        if query.missing_fact is not None:
            self._require_fact(query.missing_fact)
        as_of = query.as_of or self.clock.today()
        counts: Counter[str] = Counter()
        found = [*_nearest_subjects(source.prospects(programme, as_of), counts)]
        listed = sorted((p for p in found if _is_wanted(p, query)), key=_SORTS[query.sort])
        if query.verified:
            listed = [p for p in listed if self._is_verified(programme, p, as_of)]
        end = len(listed) if query.limit is None else query.after + query.limit
        page = listed[query.after : end]
        return {
            "programme": programme.id,
            "as_of": as_of.isoformat(),
            "catalogue_version": self.compiled.catalogue.version,
            "decided_by": text_json(programme.decided_by),
            "summary": {
                **{k.value: counts[k] for k in CandidateClass},
                "not_fitting": counts["not_fitting"],
                "unreadable": counts["unreadable"],
            },
            "items": [self._json(c) for p in page if (c := self._evaluated(programme, p, as_of))],
            "next_cursor": str(end) if end < len(listed) else None,
            "total": len(listed),
        }

    def export(
        self,
        principal: Principal,
        programme_id: str,
        query: CandidateQuery,
        form: str,
        language: str,
        trace: str = "",
    ) -> bytes:
        """The whole list as a file in a form of EXPORTS. Raises as `find` does."""
        from service.usecases.tenancy.candidate_files import write_candidates  # noqa: PLC0415

        found = self.find(principal, programme_id, replace(query, after=0, limit=None), trace)
        programme = self.compiled.catalogue.programmes[programme_id]
        with TemporaryDirectory(prefix="huice-list-") as folder:
            target = Path(folder) / f"list.{form}"
            write_candidates(self.compiled.catalogue, programme, found, form, language, target)
            return target.read_bytes()

    def _require_fact(self, name: str) -> None:
        facts = self.compiled.catalogue.vocabulary.facts
        if name not in facts:
            near = nearest_name(name, facts)
            words = did_you_mean(_NO_FACT.format(name=name), near)
            problem = Problem("/missing_fact", ErrorCode.UNKNOWN_CODE, words)
            raise InvalidInput((problem,))

    def _source(
        self, principal: Principal, query: CandidateQuery
    ) -> "tuple[CandidateSource, date | None]":
        """The companies to look through, and the day they were judged by, where they were."""
        # Loaded with the first question: until then no library of columns is needed.
        from service.usecases.tenancy import candidate_sources as sources  # noqa: PLC0415

        if query.batch is None:
            tenant = principal.of_tenant(Scope.COMPANIES_READ)
            return sources.KeptCompanies(self.compiled, self.companies, tenant, query.tag), None
        with named_at("/batch"):
            batch = self.batches.get(principal.of_tenant(Scope.BATCHES_READ), query.batch)
        if batch.state is not BatchState.DONE:
            raise Refused(_NOT_DONE.format(state=batch.state.value))
        return sources.companies_of_batch(self.compiled, self.batches, batch), batch.as_of

    def _evaluated(
        self, programme: Programme, prospect: "Prospect", as_of: date
    ) -> _Candidate | None:
        """The company with every condition; None where what it states cannot be read whole."""
        try:
            profile = self.compiled.reader.read_profile(prospect.profile())
        except InvalidInput:
            return None
        settled = with_contested_certificates(self.compiled.catalogue, profile, as_of)
        matches = (evaluate_programme(programme, s, as_of) for s in subjects(programme, settled))
        candidates = (c for m in matches if (c := self._candidate(prospect, m)) is not None)
        return min(candidates, key=lambda c: c.order, default=None)

    def _candidate(self, prospect: "Prospect", match: Match) -> _Candidate | None:
        """The company by one subject; None where the programme does not fit or is not in force."""
        vocabulary = self.compiled.catalogue.vocabulary
        lacking = lacking_facts(match.missing, match.subject.facts, vocabulary)
        kind = class_of(match.status, len(lacking))
        return None if kind is None else _Candidate(prospect, match, lacking, kind)

    def _is_verified(self, programme: Programme, prospect: "Prospect", as_of: date) -> bool:
        """Whether everything that the answer rests on is verified, each by a document."""
        if not prospect.marked:
            return False
        found = self._evaluated(programme, prospect, as_of)
        if found is None:
            return False
        rests_on = [*self._rests_on(found)]
        return _weakest_provenance(rests_on) == Provenance.VERIFIED and all(
            one["evidence"] for one in rests_on
        )

    def _json(self, candidate: _Candidate) -> Json:
        match, prospect = candidate.match, candidate.prospect
        rests_on = [*self._rests_on(candidate)]
        return {
            "uscc": prospect.uscc or "",
            "name": prospect.name,
            "version": prospect.version,
            "row": prospect.row,
            "own": dict(prospect.own),
            "tags": [*prospect.tags],
            "class": candidate.kind.value,
            "status": match.status.value,
            "subject": subject_name(match),
            "hypothetical": match.subject.hypothetical,
            "ceiling": self.compiled.answers.ceiling(match.programme, match.ceiling),
            "missing_facts": candidate.lacking,
            "provenance": _weakest_provenance(rests_on),
            "rests_on": rests_on,
        }

    def _rests_on(self, candidate: _Candidate) -> Iterator[Json]:
        """Every stated fact that a met condition used, with its source and its document."""
        subject = candidate.match.subject
        used = dict.fromkeys(_facts_used(candidate.match.finding))
        for fact in (f for f in used if f in subject.facts):
            key = fact
            if fact.startswith("project.") and subject.ref is not None:
                key = f"projects.{subject.ref}.{fact.removeprefix('project.')}"
            provenance = subject.provenance_of((fact,))
            yield {
                "fact": fact,
                "label": text_json(self.compiled.catalogue.vocabulary.facts[fact].label),
                "provenance": provenance.value if provenance else None,
                "evidence": candidate.prospect.evidence(key),
            }


def class_of(status: Status | None, missing: int) -> CandidateClass | None:
    """How near a company is; None where the programme does not fit or is not in force."""
    if status in PROMISING:
        return CandidateClass.AUTOMATIC
    if status is not Status.UNDETERMINED:
        return None
    return CandidateClass.ONE_FACT_SHORT if missing == 1 else CandidateClass.OPEN


def _order_of(kind: CandidateClass, most: Decimal | None, missing: int) -> tuple[int, Decimal, int]:
    """The surest first, then by the most the text allows, then by how little is missing."""
    return list(CandidateClass).index(kind), -(most or Decimal(0)), missing


def _class_of_prospect(prospect: "Prospect") -> CandidateClass:
    found = class_of(prospect.nearness.status, prospect.nearness.missing)
    assert found is not None
    return found


def _nearest_subjects(
    prospects: Iterator["Prospect"], counts: Counter[str]
) -> Iterator["Prospect"]:
    """Each company that the programme may fit, by the subject that comes nearest; all counted. Of
    the others, mostly nine in ten, nothing is held."""
    best: dict[str | int | None, Prospect | None] = {}
    spoilt: set[str | int | None] = set()
    for prospect in prospects:
        # A table's rows are companies, whatever codes stand in them.
        whose = prospect.uscc if prospect.row is None else prospect.row
        known = best.setdefault(whose, None)
        if prospect.nearness.status is None:
            spoilt.add(whose)
        elif prospect.nearness.fits and (known is None or _how_near(prospect) < _how_near(known)):
            best[whose] = prospect
    counts["unreadable"] += len(spoilt)
    for whose, nearest in best.items():
        if whose in spoilt:
            continue
        if nearest is None:
            counts["not_fitting"] += 1
        else:
            counts[_class_of_prospect(nearest)] += 1
            yield nearest


def _how_near(prospect: "Prospect") -> tuple[int, Decimal, int, str, int]:
    nearness = prospect.nearness
    placed = _order_of(_class_of_prospect(prospect), nearness.most, nearness.missing)
    return *placed, prospect.uscc or "", prospect.row or 0


def _is_wanted(prospect: "Prospect", query: CandidateQuery) -> bool:
    kind, nearness = _class_of_prospect(prospect), prospect.nearness
    if query.missing_fact is not None and (
        kind is not CandidateClass.ONE_FACT_SHORT or nearness.fact != query.missing_fact
    ):
        return False
    return query.wanted in (None, kind)


def _by_ceiling(prospect: "Prospect") -> tuple[object, ...]:
    most = prospect.nearness.most
    return most is None, -(most or Decimal(0)), *_how_near(prospect)


_SORTS: dict[CandidateOrder, Callable[["Prospect"], tuple[object, ...]]] = {
    CandidateOrder.CLASS: _how_near,
    CandidateOrder.CEILING: _by_ceiling,
    CandidateOrder.MISSING: lambda p: (p.nearness.missing, *_how_near(p)),
    CandidateOrder.NAME: lambda p: (p.name is None, p.name or "", *_how_near(p)),
    CandidateOrder.USCC: lambda p: (p.uscc is None, p.uscc or "", *_how_near(p)),
}


def _weakest_provenance(rests_on: list[Json]) -> str | None:
    """The weakest provenance of what an answer rests on; None where it rests on nothing stated."""
    stated = [Provenance(r["provenance"]) for r in rests_on if r["provenance"]]
    return min(stated, key=WEAKEST_FIRST.index).value if stated else None


def _facts_used(finding: Finding) -> Iterator[str]:
    """The facts of the conditions that are met; of one that is open, of those that are met beside
    what leaves it open."""
    if not finding.children and finding.truth is Truth.TRUE:
        yield from finding.condition.facts
    settles = (Truth.TRUE, finding.truth)
    for child in (c for c in finding.children if c.truth in settles):
        yield from _facts_used(child)
