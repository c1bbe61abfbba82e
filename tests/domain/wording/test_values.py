"""Stated values in words."""

from datetime import date

import pytest

from service.domain.facts.profile import Certificate
from service.domain.wording.values import stated_text
from tests.own import own_compiled

_TITLE = "high_tech_enterprise"


@pytest.mark.parametrize(
    ("issued", "expires", "words"),
    [
        (date(2024, 11, 1), date(2027, 10, 31), "2024-11-01 至 2027-10-31"),
        (date(2024, 11, 1), None, "2024-11-01 发证"),
        (None, date(2027, 10, 31), "有效期至 2027-10-31"),
        (None, None, "发证日期和有效期未填"),
    ],
)
def test_a_certificate_is_told_with_the_dates_that_are_known(
    issued: date | None, expires: date | None, words: str
) -> None:
    vocabulary = own_compiled().catalogue.vocabulary
    certificate = Certificate(_TITLE, issued, expires)
    fact = vocabulary.facts["company.certificates"]
    assert stated_text((certificate,), fact, vocabulary).zh == f"高新技术企业（{words}）"
