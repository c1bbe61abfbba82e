"""Provisions of the kinds that cities' measures hold, with amounts worked out by hand.

They stand under `provisions/`, a made-up city with a vocabulary of its own: rent by steps of area,
interest by a share of the prime rate, a cap by bands of revenue, so much for each patent, stages of
going public, premiums with a least amount, growth, matching of higher awards, hiring, foreign
capital in another currency, certificates for the first time and again, equipment by size class with
an uplift, stands at fairs, housing of talent, vouchers within half of what the city receives;
classes that a panel gives, prices within a limit, shares by size, stage and date, steps of revenue,
tons, minutes, containers, what was added since last year, matching, what is applied for within six
months.
"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.advice.combination import best_combination
from service.domain.advice.combination_result import OmissionReason
from service.domain.evaluation.evaluator import Status, evaluate
from service.domain.facts.profile import Profile, Project
from service.rendering.catalogue_json import programme_json
from service.usecases.authoring.example_coverage import uncovered_statuses
from service.usecases.authoring.examples import run_examples
from service.usecases.matching import answer_request

FOLDER = Path(__file__).parent / "provisions" / "policies"
DELTA = FOLDER.parent / "delta"
EPSILON = FOLDER.parent / "epsilon"
ABROAD = Path(__file__).parent / "provisions" / "abroad"
DAY = date(2031, 6, 1)


@pytest.fixture(scope="module")
def city() -> CompiledCatalogue:
    return CompiledCatalogue(load_catalogue(read_source(FOLDER, FOLDER.parent)))


def test_every_amount_comes_out_as_the_sentence_says(city: CompiledCatalogue) -> None:
    """Both sides of each bound, and intervals where something is not stated."""
    run = run_examples(city)
    assert run.failures == ()
    assert len(city.catalogue.programmes) == 49
    assert list(uncovered_statuses(city)) == []


def test_what_other_countries_pay_comes_out_too() -> None:
    """A catalogue in French and euros, of firms alone: credits by progressive bands, shares that
    add points by size and are bounded, so much an apprentice or a market, hours at a public wage,
    a prize by points saved, advances to be repaid, an exemption that is a right."""
    val = CompiledCatalogue(load_catalogue(read_source(ABROAD, ABROAD.parent)))
    assert run_examples(val).failures == ()
    assert len(val.catalogue.programmes) == 10
    assert list(uncovered_statuses(val)) == []


def test_a_third_city_s_provisions_come_out_too() -> None:
    """Written after the language was: shares that fall year by year, so much for each step of a
    figure, so much more beyond one, losses of banks, what a tenth of a project's investment bounds
    over two programmes, and a year's limit over the whole document."""
    city = CompiledCatalogue(load_catalogue(read_source(DELTA, DELTA.parent)))
    assert run_examples(city).failures == ()
    assert len(city.catalogue.programmes) == 32
    assert list(uncovered_statuses(city)) == []


def test_a_fourth_city_s_provisions_come_out_too() -> None:
    """Contributions returned by size of firm, rent that falls year by year, power used beyond last
    year's, stands by area, listing by stages, what a company pays itself."""
    city = CompiledCatalogue(load_catalogue(read_source(EPSILON, EPSILON.parent)))
    assert run_examples(city).failures == ()
    assert len(list(city.match_answers.writer.write_ahead())) == 25


def test_two_programmes_share_what_one_project_is_paid() -> None:
    """A fifth of 30 million is capped at five, a twentieth of 20 million is one: a tenth of the 40
    million invested is four. The second project gets two and a half million, of the six that it
    may."""
    city = CompiledCatalogue(load_catalogue(read_source(DELTA, DELTA.parent)))
    projects = tuple(
        Project(ref, "works", {
            "project.kind": "works", "project.equipment": Decimal(equipment),
            "project.building": Decimal(building), "project.total": Decimal(total),
        })
        for ref, equipment, building, total in (
            ("first", 30_000_000, 20_000_000, 40_000_000),
            ("second", 10_000_000, 10_000_000, 60_000_000),
        )
    )  # fmt: skip
    firm = {"company.kind": "firm", "company.region": "east", "company.size": "small"}
    found = evaluate(city.catalogue, Profile({**firm, "company.awards": ()}, projects), DAY)
    works = [m for m in found.matches if m.programme.article in (31, 32)]
    total = best_combination(city.catalogue, works, (), DAY).total
    assert (total.low, total.high) == (Decimal(6_500_000), Decimal(6_500_000))


def test_three_fairs_share_what_one_company_is_paid(city: CompiledCatalogue) -> None:
    """Three stands at 15,000 are 45,000 a fair; three fairs 135,000, of which one company gets
    100,000: the third adds 10,000."""
    fairs = tuple(
        Project(ref, "fair", {"project.kind": "fair", "project.booths": 3}) for ref in "abc"
    )
    profile = Profile({"company.kind": "firm", "company.region": "north"}, fairs)
    found = best_combination(
        city.catalogue, evaluate(city.catalogue, profile, DAY).matches, (), DAY
    )
    stands = [c for c in found.chosen if c.match.programme.id == "fairs"]
    assert [str(c.amount.high) for c in stands] == ["45000.00", "45000.00", "10000.00"]
    assert OmissionReason.COMPANY_CAP not in {o.reason for o in found.left_out}


def test_what_is_written_in_the_city_s_own_words_can_be_served(city: CompiledCatalogue) -> None:
    """Every programme is compiled for answering, those with size classes inside their money too."""
    written = list(city.match_answers.writer.write_ahead())
    assert len(written) == len(city.catalogue.programmes)


def test_whoever_qualifies_and_is_chosen_among_is_told_so_and_never_more_than_potential(
    city: CompiledCatalogue,
) -> None:
    """Ten a year by the panel's score: in the answer beside who decides, and on the programme's
    page before its notes."""
    programme = city.catalogue.programmes["lagoon-challenge"]
    words = {status: city.answers.decided_by(programme, status)["en"] for status in Status}
    chosen = "Not everybody who qualifies is taken: at most 10 a year; by the panel's score"
    assert words[Status.POTENTIAL].endswith(f"decide by the rules. {chosen}")
    assert chosen not in words[Status.UNDETERMINED]
    assert programme_json(city.catalogue, city.answers, programme)["notes"][0]["en"] == chosen


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2031, 6, 1), None),
        (date(2032, 1, 1), "its values were last checked on 2031-12-31"),
        (date(2029, 12, 31), "its values begin on 2030-01-01"),
    ],
)
def test_a_public_figure_that_is_not_known_on_the_day_is_told(
    city: CompiledCatalogue, day: date, said: str | None
) -> None:
    """In the answer, with the programmes that hang on it; nothing where it is known."""
    raw = {"profile": {"company": {"kind": "firm"}}, "as_of": day.isoformat()}
    answer = json.loads(answer_request(city, city.requests.read(raw), day))
    told = {w["text"]["en"] for w in answer["warnings"] if w["code"] == "parameter_unknown"}
    interest = city.catalogue.programmes["interest"].name.en
    words = f"Prime rate: the value of {day} is not known; {said}. What is decided or reckoned by "
    assert said is None or f"{words}it is left open: {interest}" in told
    assert len(told) == (2 if said else 0)


@pytest.mark.parametrize(
    ("rates", "left_open"), [(["0.03"], False), (["0.03", None], True), ([None], True)]
)
def test_a_public_figure_is_not_missed_where_the_loan_s_own_rate_is_stated(
    city: CompiledCatalogue, rates: list[str | None], left_open: bool
) -> None:
    """Of every loan: one without its own needs the public one."""
    loans = [{"ref": f"l{i}", "kind": "loan", "rate": rate} for i, rate in enumerate(rates)]
    raw = {"profile": {"company": {"kind": "firm"}, "projects": loans}, "as_of": "2032-01-01"}
    answer = json.loads(answer_request(city, city.requests.read(raw), date(2032, 1, 1)))
    told = [w["text"]["en"] for w in answer["warnings"] if w["code"] == "parameter_unknown"]
    interest = city.catalogue.programmes["interest"].name.en
    assert any(words.endswith(interest) for words in told) is left_open
