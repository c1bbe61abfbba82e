"""The compiled answer is the reference's, byte for byte, whoever asks and however it is asked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import orjson
import pytest

from service.domain.evaluation.evaluator import AnswerDetail, AnswerOptions, Status
from service.domain.facts.profile import Award, Profile, Project, Provenance
from service.intake.requests import MatchRequest
from service.rendering.canonical_json import canonical_json
from service.usecases.matching import answer_request
from tests.bulk.companies import project_of, rows
from tests.compiled.reference import ReferenceAnswers
from tests.own import own_compiled

BENCH = own_compiled()
CATALOGUE = BENCH.catalogue
DAYS = (date(2025, 9, 25), date(2026, 11, 22), date(2031, 1, 1))


def requests(count: int, seed: int) -> Iterator[tuple[Profile, date, AnswerOptions]]:
    """Companies on the edges of the rules, some with several projects, awards and provenance, who
    ask for more or less."""
    random = Random(seed)
    for row in rows(CATALOGUE, count, DAYS[1], seed):
        company = {f: v for f, v in row.items() if f.startswith("company.")}
        projects = project_of(row)
        if projects and random.random() < 0.3:
            projects = (*projects, replace(projects[0], ref="second"))
        if random.random() < 0.3:
            level = random.choice(["municipal", "national"])
            award = Award("first_of_kind", level, Decimal(random.choice([1, 10**7])))
            company["company.awards_received"] = (award,)
        known = [*company, *_own(projects)]
        marked = random.sample(known, min(len(known), random.choice([0, 0, 3])))
        provenance = {fact: random.choice(list(Provenance)) for fact in marked}
        yield Profile(company, projects, provenance), random.choice(DAYS), _options(random)


def _own(projects: tuple[Project, ...]) -> Iterator[str]:
    for project in projects:
        for fact in project.facts:
            yield f"projects.{project.ref}.{fact.removeprefix('project.')}"


def _options(random: Random) -> AnswerOptions:
    listed = AnswerOptions().statuses
    return AnswerOptions(
        statuses=random.choice([listed, frozenset(Status), frozenset([random.choice([*Status])])]),
        detail=random.choice([AnswerDetail.FULL, *AnswerDetail]),
        language=random.choice([None, *CATALOGUE.vocabulary.languages]),
        offset=random.choice([0, 0, 3, 40]),
        limit=random.choice([None, 5, 50]),
    )


def agree(count: int, seed: int, each: int = 1) -> None:
    """So many companies, each of which asks so many times."""
    random = Random(seed)
    for profile, as_of, first in requests(count, seed):
        reference = ReferenceAnswers(CATALOGUE, BENCH.answers, profile, as_of)
        for options in (first, *(_options(random) for _ in range(each - 1))):
            request = MatchRequest(profile, profile, (), as_of, None, replace(options, offset=0))
            at = _cursor(options.offset) if options.offset else None
            answer = answer_request(BENCH, replace(request, cursor=at), as_of)
            told = orjson.loads(answer)
            assert answer == canonical_json(told)
            del told["next_cursor"]
            assert told == reference.answer(options), (profile, as_of, options)


def _cursor(offset: int) -> str:
    return f"{offset}-{CATALOGUE.version[-16:]}"


@pytest.mark.parametrize("seed", range(4))
def test_the_compiled_answer_is_that_of_the_reference(seed: int) -> None:
    """For companies on the edges of the rules, all details, languages and pages."""
    agree(25, seed)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(100, 120))
def test_the_compiled_answer_is_that_of_the_reference_for_a_hundred_thousand(seed: int) -> None:
    """The same for 12,500 companies that ask eight times each: a hundred thousand answers."""
    agree(625, seed, each=8)
