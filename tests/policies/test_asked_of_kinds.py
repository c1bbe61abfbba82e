"""Nobody is asked what cannot concern him: every kind of applicant beside every fact that decides.

The table `asked_of_kinds.txt` is for reading: `x` asked, `h` asked, though what waits for it comes
last until something hints at it, `.` not asked. A change of the vocabulary changes it: look the
difference over, then write it by `python -m tests.policies.test_asked_of_kinds`.
"""

from collections.abc import Iterator
from pathlib import Path

from service.domain.facts.asking import unlikely_facts
from tests.usecases.authoring.official_sources import project_catalogue

TABLE = Path(__file__).parent / "asked_of_kinds.txt"
MAKERS_ONLY = ("innovative_drug", "first_applications", "fields", "basic_research_rising")
FUNDS_ONLY = ("investor_types", "investment_focus", "holds_fund_shares")
FINANCE = ("bank", "insurer", "guarantor", "fund_manager", "institutional_investor")


def rows() -> Iterator[str]:
    """A line for each fact that a programme looks at, a mark for each kind."""
    catalogue = project_catalogue()
    vocabulary = catalogue.vocabulary
    listed = vocabulary.lists["kinds"]
    kinds = [kind for kind in listed.codes if kind not in listed.completing]
    yield f"{'':32}{' '.join(kinds)}"
    told = [unlikely_facts({"company.kind": frozenset([k])}, vocabulary) for k in kinds]
    for fact in vocabulary.company:
        if catalogue.fact_uses.get(fact.id):
            marks = [
                "." if fact.id in u.unasked else "h" if fact.id in u.unhinted else "x" for u in told
            ]
            cells = (mark.ljust(len(kind)) for mark, kind in zip(marks, kinds, strict=True))
            yield f"{fact.name:32}{' '.join(cells)}".rstrip()


def unasked_of(*kinds: str) -> frozenset[str]:
    stated = {"company.kind": frozenset(kinds)}
    found = unlikely_facts(stated, project_catalogue().vocabulary).unasked
    return frozenset(fact.partition(".")[2] for fact in found)


def test_the_table_is_what_is_asked() -> None:
    assert TABLE.read_text("utf-8").splitlines() == list(rows())


def test_no_bank_is_asked_of_a_drug_and_no_maker_of_its_funds() -> None:
    """A financial institution that is a company, too, is asked no more of technology."""
    for kind in FINANCE:
        for kinds in ((kind,), (kind, "enterprise")):
            assert unasked_of(*kinds) >= set(MAKERS_ONLY)
    assert unasked_of("enterprise") >= set(FUNDS_ONLY)
    assert unasked_of("fund_manager").isdisjoint(FUNDS_ONLY)
    assert unasked_of("enterprise").isdisjoint(("fields", "basic_research_rising"))


if __name__ == "__main__":
    TABLE.write_text("".join(f"{row}\n" for row in rows()), "utf-8")
