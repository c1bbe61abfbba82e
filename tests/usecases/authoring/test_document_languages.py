"""The articles, numbers and days of official texts in the languages that are described."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from service.catalogue.document_days import DocumentDays, document_days
from service.catalogue.document_writing import DocumentWriting
from service.catalogue.normal_wording import normalise_wording
from service.catalogue.numerals import find_numbers, parse_quantities
from service.catalogue.official_text import split
from service.domain.facts.vocabulary import UnitWords, Vocabulary
from service.domain.rules.rounding import share_of
from service.domain.text import text_of
from service.usecases.authoring.rule_figures import document_writing

TWO_THIRDS = share_of(Fraction(2, 3))
CURRENCIES = {"fr": ("EUR", "euros"), "de": ("EUR", "Euro"), "ja": ("JPY", "円"),
              "ko": ("KRW", "원"), "en": ("GBP", "pounds")}  # fmt: skip


def writing_in(language: str) -> DocumentWriting:
    currency, word = CURRENCIES[language]
    words = text_of({language: word}, [language])
    units = {currency: UnitWords(words, words)}
    return document_writing(
        Vocabulary({}, {}, units=units, currency=currency, languages=(language,))
    )


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("fr", "Le plafond est de 500 millions d'euros, ou de 1,5 million d'euros pendant 8 ans.",
         {"500millionsd'euros": (500_000_000, "EUR"), "1,5milliond'euros": (1_500_000, "EUR"),
          "8ans": (96, "months")}),
        ("de", "Höchstens 12 Mio. Euro, also 3.000, 2.500 oder 1.000 Euro, für 12 Monate.",
         {"12Mio.Euro": (12_000_000, "EUR"), "3.000": (3_000, "count"), "2.500": (2_500, "count"),
          "1.000Euro": (1_000, "EUR"), "12Monate": (12, "months")}),
        ("ja", "上限は5億円、又は1,500万円とし、3分の2以内を7年間、6か月ごとに20人まで。",
         {"5億円": (500_000_000, "JPY"), "1,500万円": (15_000_000, "JPY"),
          "3分の2": (TWO_THIRDS, "share"), "7年間": (84, "months"),
          "6か月": (6, "months"), "20人": (20, "count")}),
        ("ko", "매출액 100억원 이상, 월 60만원씩 12개월간, 5천만원, 3분의 2 이내, 7년.",
         {"100억원": (10_000_000_000, "KRW"), "60만원": (600_000, "KRW"),
          "12개월": (12, "months"), "5천만원": (50_000_000, "KRW"),
          "3분의2": (TWO_THIRDS, "share"), "7년": (84, "months")}),
        ("en", "Up to 2.5 million pounds over 3 years.",
         {"2.5millionpounds": (2_500_000, "GBP"), "3years": (36, "months")}),
    ],
)  # fmt: skip
def test_numbers_are_read_with_the_words_behind_them(
    language: str, text: str, numbers: dict[str, tuple[Decimal | int, str]]
) -> None:
    """Millions, spans of time, parts of a whole: what a rule has as a figure."""
    writing = writing_in(language)
    found = [figure.text for figure in find_numbers(normalise_wording(text), writing)]
    assert found == [*numbers]
    read = {written: parse_quantities(written, writing) for written in found}
    assert {w: (q[0].value, q[0].unit) for w, q in read.items()} == numbers


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("ja", "この要領は、令和8年4月1日から施行する。\n令和8年3月2日", (date(2026, 3, 2),
         date(2026, 4, 1), None)),
        ("ja", "この要領は、2026年4月1日から施行し、2028年3月31日まで効力を有する。",
         (None, date(2026, 4, 1), date(2028, 3, 31))),
        ("ko", "2026년 4월 1일부터 시행하며 2028년 3월 31일까지 효력을 가진다.\n2026년 3월 2일",
         (date(2026, 3, 2), date(2026, 4, 1), date(2028, 3, 31))),
    ],
)  # fmt: skip
def test_days_begin_with_the_year_where_people_write_so(
    language: str, text: str, days: tuple[date | None, ...]
) -> None:
    """Also in the years of an era."""
    assert document_days(text, writing_in(language)) == DocumentDays(*days)


@pytest.mark.parametrize(
    "text",
    [
        "要領\n第1条（設備）\n設備の費用を補助する。\n第2条（研究）\n第1条の設備を除く。",
        "要領\n第一条（設備）\n設備の費用を補助する。\n第二条（研究）\n第一条の設備を除く。",
        "공고\n제1조(설비)\n설비를 지원한다.\n제2조(연구)\n제1조의 설비는 제외한다.",
    ],
)
def test_articles_are_told_apart(text: str) -> None:
    """By their number in figures too; a line that only speaks of an article begins none."""
    parts = split(text)
    assert [part.number for part in parts if isinstance(part.number, int)] == [1, 2]
    assert [part.heading for part in parts if part.number == 2] in (["研究"], ["연구"])
