"""What each column of a table is, from its header."""

import pytest

from service.domain.facts.vocabulary import Vocabulary
from service.intake.headers import HeaderNames, read_header


@pytest.mark.parametrize(
    ("header", "months"),
    [("贷款期限（月）", 1), ("期限（月）", 1), ("贷款信息 期限(月数)", 1), ("贷款期限/个月", 1),
     ("Loan term (years)", 12), ("期限（年）", 12), ("贷款期限（天）", None)],
)  # fmt: skip
def test_a_period_counts_in_what_its_header_names(
    own_vocabulary: Vocabulary, header: str, months: int | None
) -> None:
    """Three below a header in years are thirty-six months; a period that is no whole number of
    them, as days are not, makes another figure of it."""
    found = read_header(
        HeaderNames(own_vocabulary), *header.split(" ", 1 if "贷款信息" in header else 0)
    )
    assert (found.fact and found.scale) == months
    assert found.fact is None or found.fact.id == "project.tenor_months"
