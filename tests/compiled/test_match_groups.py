"""A folded answer: what it lists, what it counts, and what it takes."""

from collections import Counter
from dataclasses import replace
from datetime import date

import orjson
import pytest

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.match_answers import AnswerExtras
from service.compiled.match_writer import MatchWriter
from service.domain.evaluation.evaluator import PROMISING, AnswerOptions, Fold, Status
from service.domain.facts.profile import Profile
from service.rendering.json_parts import Json, block_of
from tests.compiled.test_match_answers import BENCH, CATALOGUE, DAYS, requests
from tests.domain.programmes import measure
from tests.synthetic import CLAUSE, DAY, profiles, synthetic

WHOLE = AnswerOptions(statuses=frozenset(Status))
FOLD = Fold(promising=20, each=10)


def answer_of(profile: Profile, as_of: date, options: AnswerOptions) -> Json:
    extras = AnswerExtras(b"[]", b"[]", str)
    answer = BENCH.match_answers.answer(profile, as_of, options, extras)
    told: Json = orjson.loads(answer.written())
    return told


def test_a_folded_answer_counts_what_a_whole_one_lists() -> None:
    """By block and by place; no block has more matches than it may, and those are of the whole."""
    for profile, as_of, _ in requests(12, seed=5):
        whole, folded = (answer_of(profile, as_of, replace(WHOLE, fold=f)) for f in (None, FOLD))
        blocks, places = (
            Counter(map(block_of, whole["matches"])),
            Counter((block_of(m), m["programme"]["jurisdiction"]) for m in whole["matches"]),
        )
        overview = folded.pop("overview")
        assert {block_of(part): part["count"] for part in overview} == blocks
        assert places == {
            (block_of(part), p["jurisdiction"]): p["count"]
            for part in overview
            for p in part["places"]
        }
        for block, count in Counter(map(block_of, folded["matches"])).items():
            most = FOLD.promising if block in PROMISING else FOLD.each
            assert count == min(blocks[block], most)
        assert all(match in whole["matches"] for match in folded["matches"])
        assert folded["summary"] == whole["summary"]


def test_what_stands_in_the_way_alone_is_counted_once() -> None:
    """The reasons of those out of reach are no more than these, the commonest first."""
    for profile, as_of, _ in requests(6, seed=8):
        overview = answer_of(profile, as_of, replace(WHOLE, fold=FOLD))["overview"]
        for part in overview:
            counts = [reason["count"] for reason in part["reasons"]]
            assert counts == sorted(counts, reverse=True)
            assert sum(counts) <= part["count"]
            assert not counts or part["status"] == Status.INELIGIBLE


def test_the_nearest_come_first_out_of_reach_too() -> None:
    """Whatever their status, programmes of the company's own place are listed before others."""
    profile = Profile({"company.kind": "individual", "company.registered_region": "310115"})
    matches = answer_of(profile, DAYS[1], replace(WHOLE, fold=FOLD))["matches"]
    distances = CATALOGUE.distances(profile.company)
    far = [
        distances[m["programme"]["jurisdiction"]] for m in matches if m["status"] == "ineligible"
    ]
    assert far
    assert far == sorted(far)


def test_what_a_folded_answer_takes_up_does_not_grow_with_the_catalogue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Over 2,000 programmes no more are taken up than promise something or are listed."""
    taken = list[str]()
    match = MatchWriter.match

    def counted(self: MatchWriter, place: int, programme: object, *rest: object) -> object:
        taken.append(str(place))
        return match(self, place, programme, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(MatchWriter, "match", counted)
    drawn = synthetic(CATALOGUE.vocabulary, 2_000, shared=True)
    many = CompiledCatalogue(replace(drawn, measures={CLAUSE.measure: measure(CLAUSE.measure)}))
    (profile,) = profiles(CATALOGUE.vocabulary, 1)
    options = replace(WHOLE, fold=FOLD)
    answer = many.match_answers.answer(profile, DAY, options, AnswerExtras(b"[]", b"[]", str))
    promising = sum(answer.summary[s] for s in PROMISING)
    assert sum(answer.summary.values()) == 2_000
    assert len(taken) <= promising + len(Status) * FOLD.each
