"""Which titles, kinds of project, and facts of one can matter to an applicant: those that a
programme within its reach looks at, supports, asks of it, or reckons its amount from."""

from collections import Counter
from collections.abc import Iterable, Iterator

from service.domain.evaluation.evaluator import Status
from service.domain.facts.asking import unlikely_facts
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import COMPANY_KIND, Profile
from service.domain.facts.vocabulary import Fact
from service.domain.rules.programmes import Programme
from service.rendering.json_parts import Json
from service.usecases.matching import is_large
from service.web.case_evaluation import evaluate_page
from service.web.cases import Case
from service.web.ports import PageContext
from service.web.questions import BASIC_ONE_IN, askable, project_facts, supported_kinds
from service.web.result_model import Result

_ABSENT = "projects_absent"
# Fewer programmes than that make no question a basic one.
_LEAST_USES = 4


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
    return frozenset(p.id for p in _possible(site, _kind_and_place(site, case)))


def out_of_place(site: PageContext, case: Case, codes: CodeList) -> frozenset[str]:
    """The codes of what lies where the applicant is not and would found nothing: a zone of another
    city. None where it has said no place."""
    vocabulary = site.vocabulary
    stated = vocabulary.stated_places(_kind_and_place(site, case).company)
    places = frozenset().union(*stated)
    around = frozenset().union(*map(vocabulary.regions.ancestors, places))

    def is_near(place: str) -> bool:
        return place in around or not places.isdisjoint(vocabulary.regions.ancestors(place))

    placed = (entry for entry in codes.codes.values() if entry.place and places)
    return frozenset(entry.code for entry in placed if not any(map(is_near, entry.place)))


def own_basics(site: PageContext, case: Case) -> tuple[Fact, ...]:
    """What few programmes look at, but many of those within reach of the applicant's kind and
    places: of a fund, which sort of fund it is. Of many programmes, nothing."""
    if is_large(site.catalogue):
        return ()
    profile = _kind_and_place(site, case)
    within_reach = tuple(_possible(site, profile))
    used = Counter(fact for programme in within_reach for fact in programme.facts)
    needed = max(_LEAST_USES, len(within_reach) / BASIC_ONE_IN)
    settled = unlikely_facts(profile.company, site.vocabulary).unasked | {
        f.id
        for f in site.vocabulary.company
        if f.id in profile.company and f.name not in case.company
    }
    asked = {fact.id for step in site.steps for fact in step.facts}
    return tuple(
        f for f in askable(site.vocabulary) if used[f.id] >= needed and f.id not in settled | asked
    )


def _kind_and_place(site: PageContext, case: Case) -> Profile:
    """What a case states of the applicant's kind and places, and what follows from it."""
    facts = (f for f in site.vocabulary.company if _is_kind_or_place(site, f))
    company = {f.name: case.company[f.name] for f in facts if f.name in case.company}
    return site.compiled.reader.read_profile({"company": company, "projects": []}, "")


def _possible(site: PageContext, profile: Profile) -> Iterator[Programme]:
    """The programmes that are not out of reach for what is stated."""
    index = site.compiled.index
    for reading in index.truths_of(profile, site.today()):
        yield from index.programmes_in(reading.possible)


def _is_kind_or_place(site: PageContext, fact: Fact) -> bool:
    return fact.id == COMPANY_KIND or fact.list == site.vocabulary.region_list


def _within_reach(site: PageContext, result: Result) -> Iterator[tuple[Programme, Json]]:
    """The matches that are not out of reach, with their programmes."""
    for match in result.answer["matches"]:
        if match["status"] != Status.INELIGIBLE:
            yield site.catalogue.programmes[match["programme"]["id"]], match
