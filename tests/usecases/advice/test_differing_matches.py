"""What may differ between two sides: the same differences as where everything is evaluated."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.advice.comparison import MatchDifference, compare_evaluations
from service.domain.dates import Window
from service.domain.evaluation.evaluator import PROMISING, Match, evaluate_programme
from service.domain.facts.profile import Profile, Subject
from service.domain.rules.programmes import Programme
from service.usecases.advice import differing_matches
from service.usecases.advice.differing_matches import ComparedSide, evaluate_differing
from tests.compiled.test_match_answers import BENCH, CATALOGUE, requests
from tests.usecases.evaluated import evaluate_whole

EVERY = {folder for folder, _ in BENCH.table.described.value}


def side(stated: Profile, as_of: date) -> ComparedSide:
    return ComparedSide(BENCH, evaluate_whole(BENCH, stated, as_of).profile, as_of)


def sides(count: int, seed: int) -> list[tuple[ComparedSide, ComparedSide]]:
    """Two companies on the edges of the rules, and one at two times."""
    asked = list(requests(2 * count, seed))
    found = []
    for (one, day, _), (other, later, _) in zip(asked[::2], asked[1::2], strict=True):
        found.append((side(one, day), side(other, later)))
        found.append((side(one, day), side(one, day + timedelta(days=400))))
    return found


def test_the_differences_are_those_of_everything_evaluated() -> None:
    """Statuses, amounts and totals, whatever differs."""
    met = 0
    for then, now in sides(3, seed=21):
        before, after, _ = evaluate_differing(then, now, EVERY)
        all_before, all_after = (
            evaluate_whole(s.compiled, s.profile, s.as_of) for s in (then, now)
        )
        expected = compare_evaluations(all_before, all_after)
        assert compare_evaluations(before, after) == expected
        assert (before.summary, after.summary) == (all_before.summary, all_after.summary)
        met += len(expected)
    assert met


def test_a_rule_that_was_rewritten_is_among_them() -> None:
    """Where its folder is not among those that are unchanged, though the status stays."""
    then, _ = sides(1, seed=3)[0]
    changed = CATALOGUE.programmes["sh-08-first-set"]
    programmes = {**CATALOGUE.programmes, changed.id: replace(changed, window=Window(None, None))}
    new = CompiledCatalogue(replace(CATALOGUE, version="new", programmes=programmes))
    now = then._replace(compiled=new)
    before, after, _ = evaluate_differing(then, now, EVERY - {changed.folder})
    everything = (evaluate_whole(s.compiled, s.profile, s.as_of) for s in (then, now))
    assert compare_evaluations(before, after) == compare_evaluations(*everything)
    assert any(m.programme.id == changed.id for m in after.matches)


def test_what_does_not_differ_is_not_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more employee moves few of all programmes."""
    then, _ = sides(1, seed=3)[0]
    company = {**then.profile.company, "company.employees": 51}
    now = then._replace(profile=replace(then.profile, company=company))
    evaluated = list[str]()

    def counted(programme: Programme, subject: Subject, as_of: date) -> Match:
        evaluated.append(programme.id)
        return evaluate_programme(programme, subject, as_of)

    monkeypatch.setattr("service.domain.index.status_index.evaluate_programme", counted)
    evaluate_differing(then, now, EVERY)
    assert len(evaluated) < len(CATALOGUE.programmes) / 2


def test_of_a_large_catalogue_what_came_into_reach_or_left_it_is_compared_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To say of thousands of programmes why they differ took minutes where many asked at once."""
    then, now = sides(1, seed=21)[0]
    every = compare_evaluations(*evaluate_differing(then, now, EVERY)[:2])
    monkeypatch.setattr(differing_matches, "is_large", lambda _: True)
    monkeypatch.setattr(differing_matches, "MAX_COMPARED", 8)
    before, after, left_out = evaluate_differing(then, now, EVERY)
    found = compare_evaluations(before, after)
    assert found == tuple(d for d in every if d in found)
    assert 0 < len(found) <= 8
    assert left_out >= len(every) - 8 > 0

    def promises(difference: MatchDifference) -> bool:
        both = (difference.before, difference.after)
        return not PROMISING.isdisjoint(m.status for m in both if m is not None)

    wanted = [d for d in every if promises(d)]
    assert any(map(promises, found)) is bool(wanted)
