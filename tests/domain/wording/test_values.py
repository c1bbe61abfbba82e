"""Values in words, and as they are shown beside what was asked for."""

from datetime import date
from fractions import Fraction

import pytest

from service.domain.facts.profile import Award, Certificate, Value
from service.domain.text import Text
from service.domain.wording.values import observed_text, stated_text, value_text
from tests.domain.sample import VOCABULARY, D
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


def test_a_rate_of_interest_is_told_by_hundreds() -> None:
    """3.45%, and not 0.0345: as contracts and the published rate write it."""
    vocabulary = own_compiled().catalogue.vocabulary
    assert stated_text(D("0.0345"), vocabulary.facts["project.lpr"], vocabulary).zh == "3.45%"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (True, "true"),
        ("310115", "310115"),
        (0, "0"),
        (D("20000000.00"), "20000000.00"),
        (D("1E+3"), "1000"),
        (date(2026, 11, 22), "2026-11-22"),
        (Fraction(3, 100), "0.03"),
        (Fraction(5000, 1), "5000"),
        (frozenset({"robots", "quantum"}), "quantum, robots"),
        (frozenset[str](), ""),
        (
            (Certificate("high_tech", date(2024, 1, 1)), Certificate("pioneer")),
            "high_tech 2024-01-01..?, pioneer ?..?",
        ),
        ((Award("first_set"),), "first_set"),
    ],
)
def test_what_was_seen(value: Value | Fraction | None, text: str | None) -> None:
    """Evidence is the same in every language: codes, ISO dates, plain numbers."""
    assert observed_text(value) == text


@pytest.mark.parametrize(
    ("fact", "value", "zh", "en"),
    [
        ("company.region", "310115", "浦东新区", "Pudong"),
        ("company.fields", frozenset({"robots", "quantum"}), "量子科技、机器人",
         "Quantum technology, Robots"),
        ("company.listed", False, "否", "no"),
        ("company.revenue", D("5000.00"), "5,000 元", "CNY 5,000"),
        ("company.employees", 0, "0 人", "0"),
        ("company.first_year", 2025, "2025", "2025"),
        ("company.founded_on", date(2026, 1, 1), "2026-01-01", "2026-01-01"),
        ("company.name", "ACME", "ACME", "ACME"),
        ("company.certificates", (Certificate("high_tech"),), "高新技术企业",
         "High-tech enterprise"),
        ("company.awards", (Award("first_set"),), "首台套奖励", "First-set award"),
        ("company.awards", (Award("first_set", payer=Text("灯塔奖", "Lighthouse prize")),),
         "首台套奖励（由“灯塔奖”发放）", "First-set award (paid by “Lighthouse prize”)"),
    ],
)  # fmt: skip
def test_values_in_words(fact: str, value: Value, zh: str, en: str) -> None:
    assert value_text(value, VOCABULARY.facts[fact], VOCABULARY) == Text(zh, en)
