"""What a memo tells in numbers."""

from typing import Any

from service.domain.evaluation.evaluator import Status
from service.domain.wording.labels import AUTHORITY
from service.usecases.receipts.memo_counts import MAX_PARTS, folded_parts, status_counts
from tests.own import own_catalogue

CATALOGUE = own_catalogue()


def answer(**more: Any) -> dict[str, Any]:
    summary = {status.value: 3 if status is Status.INELIGIBLE else 0 for status in Status}
    return {"summary": summary, "matches": [], **more}


def folded(count: int, places: list[int]) -> dict[str, Any]:
    regions = list(CATALOGUE.vocabulary.regions.codes)
    return {
        "status": "ineligible",
        "count": count,
        "places": [
            {"jurisdiction": code, "count": n} for code, n in zip(regions, places, strict=False)
        ],
        "reasons": [{"facts": ["company.kind"], "count": 2}],
    }


def test_the_open_are_counted_by_who_settles_them() -> None:
    """What waits for an authority alone is no longer among what a fact would settle; both kinds
    that a reader looks for are told even where there is none."""
    told = status_counts(answer(overview=[folded(3, [])]))
    assert [(c["status"], c["count"]) for c in told] == [
        ("potential", 0), ("undetermined", 0), ("ineligible", 3)
    ]  # fmt: skip
    waiting = answer()
    waiting["summary"]["undetermined"] = 5
    waiting["overview"] = [{"status": "undetermined", "settled_by": AUTHORITY, "count": 4}]
    assert {c["status"]: c["count"] for c in status_counts(waiting)} == {
        "potential": 0, "undetermined": 1, AUTHORITY: 4, "ineligible": 3
    }  # fmt: skip


def test_a_folded_block_names_the_commonest_and_counts_the_rest() -> None:
    """Places beyond MAX_PARTS are summed; what several conditions keep out is told as such; a block
    of which all are listed is not folded."""
    places = [5] * MAX_PARTS + [2, 1]
    (block,) = folded_parts(answer(overview=[folded(sum(places), places)]), CATALOGUE)
    assert len(block["places"]) == MAX_PARTS + 1
    assert block["places"][-1]["count"] == 3
    assert (block["listed"], block["several"]) == (0, sum(places) - 2)
    listed = answer(matches=[{"status": "ineligible"}] * 2, overview=[folded(2, [])])
    assert list(folded_parts(listed, CATALOGUE)) == []
