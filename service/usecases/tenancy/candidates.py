"""政策找企业: which kept companies a programme fits, and what each answer rests on."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import orjson

from service.compiled.compiled_catalogue import Clock, CompiledCatalogue
from service.domain.errors import InvalidInput
from service.domain.evaluation.assessment import with_contested_certificates
from service.domain.evaluation.evaluator import (
    PROMISING,
    Finding,
    Match,
    Status,
    evaluate_programme,
    subjects,
)
from service.domain.principal import Principal, Scope
from service.domain.rules.catalogue import Programme
from service.domain.truth import Truth
from service.rendering.json_parts import Json, text_json
from service.storage.audit import AuditLog, Deed
from service.storage.companies import CompanyRepository, StoredCompany
from service.usecases.reference.lookup import find_programme

MAX_PAGE, USUAL_PAGE = 500, 50


class CandidateClass(StrEnum):
    """How near a company is to a programme."""

    AUTOMATIC = "automatic"  # every stated condition is met by what is known
    ONE_FACT_SHORT = "one_fact_short"  # one fact decides
    OPEN = "open"  # more is missing, or nothing that a company could state decides


@dataclass(frozen=True, slots=True)
class CandidateQuery:
    """What to list: a class (None: all), of companies with a tag, from a position on."""

    as_of: date | None = None
    wanted: CandidateClass | None = None
    tag: str | None = None
    after: int = 0
    limit: int = USUAL_PAGE


@dataclass(frozen=True, slots=True)
class _Candidate:
    company: StoredCompany
    kept: Mapping[str, Any]
    match: Match
    kind: CandidateClass

    @property
    def order(self) -> tuple[int, Decimal, int, str]:
        """The surest first, then by the most the text allows, then by how little is missing."""
        most = self.match.ceiling.at_most if self.match.ceiling else None
        place = list(CandidateClass).index(self.kind)
        return (place, -(most or Decimal(0)), len(self.match.missing), self.company.uscc)


@dataclass(frozen=True)
class CandidateService:
    """Kept companies held against one programme."""

    companies: CompanyRepository
    compiled: CompiledCatalogue
    clock: Clock
    audit: AuditLog

    def find(
        self, principal: Principal, programme_id: str, query: CandidateQuery, trace: str = ""
    ) -> Json:
        """The companies the programme may fit, the surest first; how many of each class, and how
        many it does not fit or could not be judged. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.COMPANIES_READ)
        programme = find_programme(self.compiled.catalogue, programme_id)
        deed = Deed(principal, self.clock.now(), trace)
        self.audit.record(deed, "programme.candidates", programme.id)
        as_of = query.as_of or self.clock.today()
        counts: Counter[str] = Counter()
        found: list[_Candidate] = []
        for company in self.companies.all(tenant, query.tag):
            candidate = self._candidate(programme, company, as_of, counts)
            if candidate is not None:
                found.append(candidate)
        listed = sorted((c for c in found if query.wanted in (None, c.kind)), key=lambda c: c.order)
        page = listed[query.after : query.after + query.limit]
        end = query.after + len(page)
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
            "items": [self._json(c, as_of) for c in page],
            "next_cursor": str(end) if end < len(listed) else None,
            "total": len(listed),
        }

    def _candidate(
        self, programme: Programme, company: StoredCompany, as_of: date, counts: Counter[str]
    ) -> _Candidate | None:
        kept: dict[str, Any] = orjson.loads(company.content)
        try:
            profile, _ = self.compiled.reader.read(kept["profile"])
        except InvalidInput:
            # Kept in words that the present vocabulary no longer knows.
            counts["unreadable"] += 1
            return None
        settled = with_contested_certificates(self.compiled.catalogue, profile, as_of)
        matches = [evaluate_programme(programme, s, as_of) for s in subjects(programme, settled)]
        near = [(kind, m) for m in matches if (kind := class_of(m)) is not None]
        if not near:
            counts["not_fitting"] += 1
            return None
        best = min((_Candidate(company, kept, m, k) for k, m in near), key=lambda c: c.order)
        counts[best.kind] += 1
        return best

    def _json(self, candidate: _Candidate, as_of: date) -> Json:
        match, company = candidate.match, candidate.company
        shown = self.compiled.answers.match(match, as_of)
        return {
            "uscc": company.uscc,
            "name": company.name or None,
            "version": company.version,
            "tags": list(company.tags),
            "class": candidate.kind.value,
            "status": shown["status"],
            "subject": shown["subject"],
            "hypothetical": shown["hypothetical"],
            "ceiling": shown["ceiling"],
            "missing_facts": shown["missing_facts"],
            "rests_on": list(self._rests_on(candidate)),
        }

    def _rests_on(self, candidate: _Candidate) -> Iterator[Json]:
        """Every stated fact that a met condition used, with its source and its document."""
        subject, evidence = candidate.match.subject, candidate.kept.get("evidence") or {}
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
                "evidence": evidence.get(key),
            }


def class_of(match: Match) -> CandidateClass | None:
    """How near a match is; None where the programme does not fit or is not in force."""
    if match.status in PROMISING:
        return CandidateClass.AUTOMATIC
    if match.status is not Status.UNDETERMINED:
        return None
    if len(match.missing) == 1:
        return CandidateClass.ONE_FACT_SHORT
    return CandidateClass.OPEN


def _facts_used(finding: Finding) -> Iterator[str]:
    """The facts of the conditions that are met."""
    if finding.truth is not Truth.TRUE:
        return
    if not finding.children:
        yield from finding.condition.facts
    for child in finding.children:
        yield from _facts_used(child)
