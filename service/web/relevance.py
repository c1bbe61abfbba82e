"""Which titles, kinds of project, and facts of one can matter to an applicant: those that a
programme within its reach looks at, supports, asks of it, or reckons its amount from."""

from collections.abc import Iterable, Iterator

from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import COMPANY_KIND
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


def relevant_facts(
    site: PageContext, case: Case, kinds: Iterable[str]
) -> dict[str, tuple[Fact, ...]]:
    """What to ask of a project of each of the kinds first: what can still decide a programme, and
    what an amount is reckoned from."""
    facts = {kind: project_facts(site.vocabulary, kind) for kind in kinds}
    if is_large(site.catalogue) or not facts:
        return facts
    projects = [{"ref": kind, "kind": kind} for kind in facts]
    result = evaluate_page(site, Case("", case.company, projects))
    telling: dict[str, set[str]] = {kind: set() for kind in facts}
    for question in result.to_ask.all:
        for kind in facts.keys() & set(question["subjects"]):
            telling[kind].add(question["fact"])
    for programme, match in _within_reach(site, result):
        if match["subject"] in facts and programme.benefit:
            telling[match["subject"]].update(programme.benefit.facts)
    return {k: tuple(f for f in found if f.id in telling[k]) for k, found in facts.items()}


def within_reach_of_kind_and_place(site: PageContext, case: Case) -> frozenset[str]:
    """The programmes that an applicant of this kind, in these places, can come to, whatever else
    it states; a place where it would found something is one of them."""
    facts = (f for f in site.vocabulary.company if _is_kind_or_place(site, f))
    company = {f.name: case.company[f.name] for f in facts if f.name in case.company}
    profile, _ = site.compiled.reader.read({"company": company, "projects": []}, "")
    index = site.compiled.index
    readings = index.truths_of(profile, site.today())
    return frozenset(p.id for read in readings for p in index.programmes_in(read.possible))


def _is_kind_or_place(site: PageContext, fact: Fact) -> bool:
    return fact.id == COMPANY_KIND or fact.list == site.vocabulary.region_list


def _within_reach(site: PageContext, result: Result) -> Iterator[tuple[Programme, Json]]:
    """The matches that are not out of reach, with their programmes."""
    for match in result.answer["matches"]:
        if match["status"] != Status.INELIGIBLE:
            yield site.catalogue.programmes[match["programme"]["id"]], match
