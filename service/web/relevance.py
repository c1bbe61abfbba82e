"""Which kinds of project, and which facts of one, can matter to an applicant: what a programme that
is not out of its reach supports, asks of it, or reckons its amount from."""

from collections.abc import Iterator

from service.domain.evaluation.evaluator import Status
from service.domain.facts.vocabulary import Fact
from service.domain.rules.programmes import Programme
from service.rendering.json_parts import Json
from service.usecases.matching import is_large
from service.web.case_evaluation import evaluate_page
from service.web.cases import Case
from service.web.ports import PageContext
from service.web.questions import project_facts, supported_kinds
from service.web.result_model import Result

_ABSENT = "projects_absent"


def relevant_kinds(site: PageContext, case: Case) -> frozenset[str]:
    """The kinds of project that a programme within reach supports, whatever was said of them. Of
    many programmes a page evaluates a part only: there every kind counts."""
    if is_large(site.catalogue):
        return frozenset(supported_kinds(site.catalogue))
    company = {name: value for name, value in case.company.items() if name != _ABSENT}
    result = evaluate_page(site, Case("", company))
    return frozenset(k for p, _ in _within_reach(site, result) for k in p.supports)


def relevant_facts(site: PageContext, case: Case, kind: str) -> tuple[Fact, ...]:
    """What to ask of a project of a kind first: what can still decide a programme, and what an
    amount is reckoned from."""
    facts = project_facts(site.vocabulary, kind)
    if is_large(site.catalogue):
        return facts
    ref = "p1"
    result = evaluate_page(site, Case("", case.company, [{"ref": ref, "kind": kind}]))
    telling = {q["fact"] for q in result.questions if ref in q["subjects"]}
    for programme, match in _within_reach(site, result):
        if match["subject"] == ref and programme.benefit:
            telling.update(programme.benefit.facts)
    return tuple(f for f in facts if f.id in telling)


def _within_reach(site: PageContext, result: Result) -> Iterator[tuple[Programme, Json]]:
    """The matches that are not out of reach, with their programmes."""
    for match in result.answer["matches"]:
        if match["status"] != Status.INELIGIBLE:
            yield site.catalogue.programmes[match["programme"]["id"]], match
