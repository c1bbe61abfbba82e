"""A catalogue in Japanese and in yen, which have no parts."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.app import Services
from service.bulk.batch_engine import Detail
from service.domain.text import Text
from service.rendering.amount_words import amount_text
from service.usecases.authoring.boundaries import boundary_rows
from service.usecases.portfolio.portfolio import run_batch


@pytest.mark.parametrize("fact", ["company.shihonkin", "company.keihi"])
def test_money_is_tried_in_the_coins_that_there_are(minato: Services, fact: str) -> None:
    """Both sides of a bound are a yen apart, for nobody has half of one."""
    compiled = minato.compiled
    programme = compiled.catalogue.programmes["minato-01-setsubi"]
    values = [r.value for r in boundary_rows(compiled, programme) if r.fact == fact and r.value]
    assert values
    assert all(value == int(str(value)) for value in values)


def test_a_table_is_read_as_people_write_there(minato: Services, tmp_path: Path) -> None:
    """Yen in ten thousands and hundred millions, a day by its era, yes and no."""
    table, answers = tmp_path / "table.csv", tmp_path / "answers.jsonl"
    table.write_text(
        "会社名,事業者の種類,所在地,設立日,従業員数,資本金,経費,賃上げ\n"
        '甲社,法人,北町,令和3年3月1日,5人,5千万円,"1,000,001円",はい\n'
        "乙社,個人事業主,北町,平成28年11月29日,6人,0.5億円,300万円,いいえ\n",
        "utf-8",
    )
    run_batch(minato.compiled, table, answers, date(2026, 11, 22), Detail.CEILINGS, lambda _: None)
    lines = [json.loads(line) for line in answers.read_text("utf-8").splitlines()]
    assert [line["error"] for line in lines] == [None, None]
    assert [line["at_most.minato-01-setsubi"] for line in lines] == ["666667.00", "1500000.00"]


def test_a_currency_that_is_a_word_stands_behind_its_amounts(minato: Services) -> None:
    """100 円; a sign or a code stands before: € 100, GBP 100."""
    vocabulary = minato.compiled.catalogue.vocabulary
    assert amount_text("1000000.00", vocabulary).en == "1,000,000 円"
    for label in ("€", "GBP"):
        words = replace(vocabulary.units["JPY"], label=Text(label, label))
        signed = replace(vocabulary, units={**vocabulary.units, "JPY": words})
        assert amount_text("1000000.00", signed).en == f"{label} 1,000,000"
