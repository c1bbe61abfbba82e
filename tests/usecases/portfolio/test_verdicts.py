"""Why a programme comes out as it does, row by row: as the evaluator finds of its conditions."""

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from service.app import Services
from service.bulk.batch_engine import BatchEngine, Detail
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.evaluation.evaluator import Match, Status, evaluate_programme, subjects
from service.domain.facts.profile import Profile
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Condition, Predicate
from service.domain.truth import Truth
from service.domain.wording.outcomes import closed, obstacle_words
from service.domain.wording.sentences import sentence
from service.intake.profiles import dump_profile
from service.usecases.portfolio.portfolio import plan_for
from service.usecases.portfolio.screening import batch_of, judged_facts, rows_of
from service.usecases.portfolio.verdicts import VerdictLines, Verdicts
from tests.bulk.companies import project_of, rows

DAY = date(2026, 11, 22)


def explained(huice: Services, batch: pa.RecordBatch) -> VerdictLines:
    """The verdicts of a batch, in English."""
    plan = replace(plan_for(huice.compiled, DAY, Detail.STATUSES), language="en")
    answers = BatchEngine(plan, batch.schema).answer(batch)
    order = list(Status)
    statuses = np.array(
        [
            [order.index(Status(word)) for word in answers.column(f"status.{name}").to_pylist()]
            for name in huice.compiled.catalogue.programmes
        ],
        np.int8,
    )
    return Verdicts(plan, batch.schema).explain(batch, statuses)


def expected_reason(match: Match, vocabulary: Vocabulary) -> str:
    """By the evaluator's findings."""

    def having(truth: Truth) -> list[Condition]:
        return [f.condition for f in match.finding.children if f.truth is truth]

    failed = [obstacle_words(c, Truth.FALSE, {}, vocabulary).en for c in having(Truth.FALSE)]
    unknown = [
        sentence(closed(c) if isinstance(c, Predicate) else c, vocabulary).en
        for c in having(Truth.UNKNOWN)
    ]
    if failed:
        rest = f"; not yet decided besides: {len(unknown)}" if unknown else ""
        return f"{'; '.join(failed)}{rest}"
    if unknown:
        return f"Not yet decided: {'; '.join(unknown)}"
    return "Every condition that the text states is met"


def test_every_verdict_names_the_conditions_that_the_evaluator_finds_false_or_open(
    own_huice: Services,
) -> None:
    """Of all programmes in force, for companies on the edges of the rules, with and without a
    project."""
    compiled = own_huice.compiled
    catalogue = compiled.catalogue
    stated = [
        dump_profile(
            Profile({k: v for k, v in row.items() if k.startswith("company.")}, project_of(row))
        )
        for row in rows(catalogue, 5, DAY, seed=8)
    ]
    batch = batch_of(
        [rows_of(s, tuple(p["kind"] for p in s["projects"]))[0] for s in stated],
        judged_facts(catalogue.vocabulary),
    )
    found = explained(own_huice, batch)
    programmes = list(catalogue.programmes.values())
    told = {
        (row, programmes[place].id): why
        for row, place, why in zip(
            found.rows.tolist(), found.programmes.tolist(), found.why.to_pylist(), strict=True
        )
    }
    for row, profile in enumerate(stated):
        read, _ = compiled.reader.read(profile)
        settled = with_contested_certificates(catalogue, read, DAY)
        for programme in programmes:
            (match,) = (evaluate_programme(programme, s, DAY) for s in subjects(programme, settled))
            if match.status is Status.NOT_IN_FORCE:
                assert (row, programme.id) not in told
            else:
                reason = expected_reason(match, catalogue.vocabulary)
                assert told[row, programme.id] == reason, programme.id


def test_a_verdict_shows_what_the_company_states_and_what_it_does_not(own_huice: Services) -> None:
    """And marks what one condition alone stands in the way of."""
    batch = pa.record_batch(
        {"company.kind": ["enterprise"], "company.registered_region": ["310104"]}
    )
    found = explained(own_huice, batch)
    place = list(own_huice.compiled.catalogue.programmes).index("sh-08-first-set")
    (line,) = np.flatnonzero(found.programmes == place).tolist()
    assert found.why[line].as_py().startswith("Not yet decided: Kind of project")
    assert found.missing[line].as_py().startswith("Kind of project")
    near = found.sole_obstacle.is_valid().to_numpy(zero_copy_only=False)
    whys = found.why.filter(pa.array(near)).to_pylist()
    assert whys
    assert not any("not yet decided besides" in why for why in whys)
    stated = found.observed.drop_null().to_pylist()
    assert any("Registered region: Xuhui District" in words for words in stated)
