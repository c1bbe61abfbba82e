"""Proving the catalogue: the faults, who is left to the authority, and what overlaps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from service.catalogue.fault_words import at_place
from service.domain.errors import Diagnostic
from service.domain.facts.profile import PROJECT_KIND, Profile, Project, Subject, projects_in
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.text import SEMICOLON, Text, join
from service.domain.wording.sentences import heading
from service.intake.profiles import dump_profile
from service.proof.overlaps import Overlap, find_overlaps
from service.proof.prover import FaultKind, ProofFault, ProvenProgramme, prove, shared_space
from service.proof.space import Space
from service.rendering.json_parts import Json, text_json

_FAULTS = {
    FaultKind.NEVER_MET: Text(
        "没有任何主体能够满足：{conditions}", "nobody can meet: {conditions}"
    ),
    FaultKind.CONTRADICTION: Text(
        "这些条件互相矛盾，不能同时满足：{conditions}",
        "these conditions contradict each other: {conditions}",
    ),
    FaultKind.DEAD: Text(
        "这个条件从不改变结果：{conditions}", "this condition never changes a result: {conditions}"
    ),
    FaultKind.DISAGREES: Text(
        "逻辑公式与参照判定不一致，证明本身有误",
        "formula and reference evaluator disagree: the proof itself is at fault",
    ),
    FaultKind.UNSOLVED: Text(
        "求解器没有得出结论，什么都没有证明", "the solver did not find out: nothing is proven"
    ),
}


@dataclass(frozen=True)
class Proof:
    """Everything proven of a catalogue for a day."""

    catalogue: Catalogue
    as_of: date
    programmes: tuple[ProvenProgramme, ...]
    overlaps: tuple[Overlap, ...]

    @property
    def faults(self) -> tuple[ProofFault, ...]:
        return tuple(fault for proven in self.programmes for fault in proven.faults)

    @property
    def conditions(self) -> int:
        """How many conditions were looked at."""
        return sum(proven.checked for proven in self.programmes)

    @property
    def decided_elsewhere(self) -> tuple[str, ...]:
        """Programmes for which the best anybody reaches is that the authority decides."""
        return tuple(p.programme.id for p in self.programmes if p.decided_elsewhere)


def prove_catalogue(catalogue: Catalogue, as_of: date | None = None) -> Proof:
    """Proves every programme, by default for the day the measures were last reviewed."""
    day = as_of or max(m.reviewed_on for m in catalogue.measures.values())
    space = shared_space(catalogue)
    programmes = tuple(prove(space, p, day) for p in catalogue.programmes.values())
    if as_of is None:
        programmes = tuple(_without_faults_of_a_day(space, proven) for proven in programmes)
    return Proof(catalogue, day, programmes, find_overlaps(catalogue, space, day))


def _without_faults_of_a_day(space: Space, proven: ProvenProgramme) -> ProvenProgramme:
    """Without the conditions that never change a result on the day alone: founded after the first
    day, and ninety days ago at most, is one test too many from the ninetieth day on only."""
    if not any(fault.kind is FaultKind.DEAD for fault in proven.faults):
        return proven
    programme = proven.programme
    ends = [day for day in (programme.window.start, programme.window.end) if day is not None]
    always = [prove(space, programme, day).faults for day in ends]
    lasting = tuple(
        fault
        for fault in proven.faults
        if fault.kind is not FaultKind.DEAD or all(fault in faults for faults in always)
    )
    return replace(proven, faults=lasting)


def diagnostics(proof: Proof) -> tuple[Diagnostic, ...]:
    """The faults as lines about policy files."""
    words = proof.catalogue.vocabulary
    return tuple(
        Diagnostic(f.programme.path, 1, at_place(f.programme.id, fault_text(f, words)))
        for f in proof.faults
    )


def fault_text(fault: ProofFault, vocabulary: Vocabulary) -> Text:
    named = join((heading(c, vocabulary) for c in fault.conditions), SEMICOLON)
    return _FAULTS[fault.kind].format(conditions=named)


def proof_json(proof: Proof) -> Json:
    """The whole proof; examples are profiles as a submitter would send them."""
    vocabulary = proof.catalogue.vocabulary
    return {
        "as_of": proof.as_of.isoformat(),
        "catalogue_version": proof.catalogue.version,
        "programmes": len(proof.programmes),
        "conditions": proof.conditions,
        "faults": [
            {
                "programme": fault.programme.id,
                "file": fault.programme.path,
                "kind": fault.kind.value,
                "text": text_json(fault_text(fault, vocabulary)),
            }
            for fault in proof.faults
        ],
        "decided_elsewhere": list(proof.decided_elsewhere),
        "examples": [_example(proven) for proven in proof.programmes if proven.witness],
        "overlaps": [_overlap(overlap) for overlap in proof.overlaps],
    }


def _example(proven: ProvenProgramme) -> Json:
    assert proven.witness is not None
    return {
        "programme": proven.programme.id,
        "as_of": proven.as_of.isoformat(),
        "status": proven.witness.status.value,
        "profile": dump_profile(profile_of([proven.witness.subject])),
    }


def _overlap(overlap: Overlap) -> Json:
    return {
        "programmes": [overlap.first.id, overlap.second.id],
        "shared": overlap.shared,
        "code": overlap.code,
        "certain": overlap.certain,
        "one_project": overlap.one_project,
        "best_only": overlap.best_only,
        "example": dump_profile(profile_of(overlap.example)),
    }


def profile_of(subjects: Iterable[Subject]) -> Profile:
    """The profile of one company from what is stated for several of its subjects."""
    company, projects = {}, list[Project]()
    for subject in subjects:
        facts = dict(subject.facts)
        kind = facts.pop(PROJECT_KIND, None)
        for fact, value in facts.items():
            projects += projects_in(value)
            if fact.startswith("company.") and not projects_in(value):
                company[fact] = value
        if subject.ref is not None:
            own = {f: v for f, v in facts.items() if not f.startswith("company.")}
            ref = f"{subject.ref}{len(projects) + 1}"
            found = Project(ref, str(kind), {PROJECT_KIND: str(kind), **own})
            projects.append(found)
    return Profile(company, tuple(projects))
