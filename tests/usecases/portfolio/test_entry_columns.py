"""Columns that are each about one entry of a list: what they say is taken, what they leave open
stays open."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.app import Services
from service.domain.errors import InvalidInput
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.operators import HoldsCertificate, InSet
from service.usecases.portfolio.company_table import CompanyTable
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.sheet_choice import open_company_table
from service.usecases.portfolio.table_preview import preview

DAY = date(2026, 11, 22)
HIGH_TECH, SPECIALISED = "high_tech_enterprise", "specialised_sme"
OpenTable = Callable[..., CompanyTable]


@pytest.fixture
def opened(tmp_path: Path, vocabulary: Vocabulary) -> OpenTable:
    def write(*lines: str) -> CompanyTable:
        path = tmp_path / "clients.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return open_company_table(vocabulary, path)

    return write


def lists(table: CompanyTable) -> list[Any]:
    """The certificates of each company as they are answered; None where nothing is known."""
    cells = [c for b in table.batches() for c in b.rows.column("company.certificates").to_pylist()]
    return [c if c is None or c == "-" else json.loads(c) for c in cells]


def certificates_in(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [c for c in listed if not c.get("unsure")]


def unsure(listed: list[dict[str, Any]]) -> set[str]:
    return {c["category"] for c in listed if c.get("unsure")}


def faults(table: CompanyTable) -> dict[str, str]:
    log = FaultLog(table.vocabulary, table)
    for batch in table.batches():
        log.add(batch)
    assert all(f.allowed.zh for f in log.faults)
    return {str(f.cell): f.why.en for f in log.faults}


def test_yes_holds_one_no_holds_none_and_empty_says_nothing(
    opened: OpenTable, vocabulary: Vocabulary
) -> None:
    """A company of which no cell says anything has no list at all."""
    table = opened("企业名称,高新技术企业,专精特新", "甲,是,否", "乙,√,", "丙,,", "丁,/,不详")
    first, second, third, fourth = lists(table)
    every = set(vocabulary.lists["certificate_categories"].codes)
    assert certificates_in(first) == certificates_in(second) == [{"category": HIGH_TECH}]
    assert unsure(first) == every - {HIGH_TECH, SPECIALISED}
    assert unsure(second) == every - {HIGH_TECH}
    assert third is None
    assert fourth is None


def test_days_and_numbers_beside_it_belong_to_it(opened: OpenTable) -> None:
    table = opened(
        "企业名称,是否高新技术企业,高企证书编号,高企发证日期,高企有效期至,小巨人有效期",
        "甲,是,gr202431000001,2024-11-01,2027.10.31,2024-07-01至2027-06-30",
        "乙,,,,2027年10月31日,无",
        "丙,,,45597,46691,",
    )
    first, second, serial = map(certificates_in, lists(table))
    term = {"issued_on": "2024-11-01", "expires_on": "2027-10-31"}
    assert serial == [{"category": HIGH_TECH, **term}]
    assert first == [
        {
            "category": HIGH_TECH,
            "number": "GR202431000001",
            "issued_on": "2024-11-01",
            "expires_on": "2027-10-31",
        },
        {"category": "little_giant", "issued_on": "2024-07-01", "expires_on": "2027-06-30"},
    ]
    assert second == [{"category": HIGH_TECH, "expires_on": "2027-10-31"}]
    assert not faults(table)


def test_what_cannot_be_read_or_speaks_against_another_cell_is_a_fault_of_its_cell(
    opened: OpenTable,
) -> None:
    """Such a row has no list."""
    table = opened(
        "企业名称,高新技术企业,高企有效期至,高企发证日期,专精特新",
        "甲,大概,,,",
        "乙,否,2027-10-31,,",
        "丙,是,2027-10,,是",
        "丁,是,2024-10-31,2025-11-01,是",
    )
    assert faults(table) == {
        "B2": "write yes or no, or a term",
        "C3": "another column says that there is none",
        "C4": "no day; write 2021-03-01 or 2021/3/1",
        "D5": "it ends before it was issued",
    }
    assert lists(table) == [None] * 4


def test_beside_a_list_of_all_they_only_add_to_what_it_names(opened: OpenTable) -> None:
    table = opened(
        "企业名称,企业资质,高企有效期至,专精特新",
        "甲,高新技术企业,2027-10-31,否",
        "乙,高新技术企业,,是",
        "丙,无,2027-10-31,",
        "丁,高新技术企业,,",
    )
    assert lists(table)[0] == [{"category": HIGH_TECH, "expires_on": "2027-10-31"}]
    assert lists(table)[3] == [{"category": HIGH_TECH}]
    why = "the column that lists all of them does not name it"
    assert faults(table) == {"D3": why, "C4": why}


def test_one_thing_said_in_two_columns_is_refused(opened: OpenTable) -> None:
    with pytest.raises(InvalidInput, match="columns B “高新技术企业” and C “是否高企”"):
        opened("企业名称,高新技术企业,是否高企", "甲,是,否")


def test_the_preview_says_of_each_cell_what_it_was_read_as(opened: OpenTable) -> None:
    shown = preview(opened("企业名称,高企,高企有效期至,小巨人,科小", "甲,是,2027-10-31,否,-"))
    assert [c["label"]["en"] for c in shown["columns"]][1:] == [
        "High-tech enterprise", "High-tech enterprise", "Little-giant enterprise", "Technology SME",
    ]  # fmt: skip
    words = [c["words"] and c["words"]["en"] for c in shown["sample"][0]["cells"]]
    assert words == [
        None, "held (until 2027-10-31)", "held (until 2027-10-31)", "none", "taken as unknown",
    ]  # fmt: skip


@pytest.mark.parametrize("column", ["高企证书编号", "高企有效期", "高企发证日期", "高企有效期至"])
@pytest.mark.parametrize("said", ["无", "暂无", "没有"])
def test_who_has_no_number_and_no_day_is_not_said_to_hold_a_certificate(
    opened: OpenTable, column: str, said: str
) -> None:
    """Nor to hold none: it stays open, in the answer and in what is shown before."""
    table = opened(f"企业名称,注册地,{column}", f"甲,上海徐汇,{said}")
    assert lists(table) == [None]
    (cell,) = [c for c in preview(table)["sample"][0]["cells"] if c["cell"] == "C2"]
    assert cell["words"]["en"] == "taken as unknown"


def test_whoever_is_unsure_gets_no_answer_that_rests_on_it(own_huice: Services) -> None:
    """Not met where there is none, met where there is one, open where nobody says."""
    read = own_huice.compiled.reader.read
    codes = own_huice.compiled.catalogue.vocabulary.lists["certificate_categories"]
    asked = HoldsCertificate((HIGH_TECH,), codes)

    def decided(*certificates: dict[str, Any]) -> str:
        profile, _ = read({"company": {"certificates": list(certificates)}}, "")
        return asked.decide(profile.company["company.certificates"], DAY).name

    until = {"category": HIGH_TECH, "expires_on": "2027-10-31"}
    other = {"category": SPECIALISED, "expires_on": "2027-10-31"}
    assert decided(until, {"category": SPECIALISED, "unsure": True}) == "TRUE"
    assert decided(other) == "FALSE"
    assert decided(other, {"category": HIGH_TECH, "unsure": True}) == "COARSE"


def test_a_register_names_the_certificate_in_one_column_and_its_days_in_others(
    opened: OpenTable,
) -> None:
    """What else the company holds is open; of several names nobody can tell whose the days are."""
    table = opened(
        "企业名称,资质名称,级别,发证日期,有效期至,证书编号",
        "甲,高新技术企业,国家级,2024-11-01,2027-10-31,gr2024",
        "乙,专精特新、高新技术企业,市级,2024-05-01,,",
        "丙,,,2024-05-01,,",
        "丁,小巨人,,,,",
        "戊,无,,,,",
    )
    found = lists(table)
    held = {"category": HIGH_TECH, "issued_on": "2024-11-01", "expires_on": "2027-10-31"}
    assert certificates_in(found[0]) == [{**held, "number": "GR2024"}]
    assert SPECIALISED in unsure(found[0])
    assert certificates_in(found[3]) == [{"category": "little_giant"}]
    assert found[1:3] == [None, None]
    assert found[4] is None
    assert faults(table) == {
        "D3": "the row names several certificates, and this may be of any of them",
        "D4": "the row does not name a certificate",
    }
    assert [w["en"] for w in preview(table)["warnings"] if "“级别”" in w["en"]]


def test_days_that_belong_to_no_named_certificate_are_handed_through(opened: OpenTable) -> None:
    table = opened("企业名称,企业资质,有效期至,编号", "甲,高新技术企业,2027-10-31,1")
    assert [c.letters for c in table.layout.passed_through] == ["C", "D"]


def test_a_cell_may_name_a_level_or_a_number_and_a_bare_day_says_nothing(opened: OpenTable) -> None:
    """国家级 of 专精特新 is the narrower one, and the days beside it are of that; what may be its
    first day or its last, a level that nobody gives, and one that has ended are refused."""
    table = opened(
        "企业名称,高新技术企业,专精特新,专精特新有效期至",
        "甲,gr202431000001,国家级,2027-06-30",
        "乙,未认定,市级,",
        "丙,2024-11-01,已认定,",
        "丁,2024,街道级,",
        "戊,已过期,,",
    )
    first, second, *others = lists(table)
    assert certificates_in(first) == [
        {"category": HIGH_TECH, "number": "GR202431000001"},
        {"category": "little_giant", "expires_on": "2027-06-30"},
    ]
    assert certificates_in(second) == [{"category": SPECIALISED}]
    assert HIGH_TECH not in unsure(second)
    assert others == [None] * 3
    assert faults(table).keys() == {"B4", "B5", "C5", "B6"}
    words = [c["words"] and c["words"]["en"] for c in preview(table)["sample"][0]["cells"]]
    assert words[1:] == [
        "held (GR202431000001)",
        "held (Little-giant enterprise, until 2027-06-30)",
        "held (until 2027-06-30)",
    ]


def test_a_column_of_one_code_leaves_the_rest_of_its_list_open(opened: OpenTable) -> None:
    """独角兽企业: yes says that it holds, and of the others nothing; who only denies has said
    nothing of the rest. A group over them may be the list."""
    table = opened(
        "企业名称,是否独角兽企业,新型研发机构,上市情况 科创板",
        "甲,是,否,√",
        "乙,否,,",
        "丙,,独角兽企业,是否",
    )
    rows = [row for batch in table.batches() for row in batch.rows.to_pylist()]
    assert [row["company.recognitions"] for row in rows] == ["unicorn|rest_unstated", None, None]
    assert rows[0]["company.listings"] == "domestic_exchange|rest_unstated"
    assert faults(table) == {"C4": "write yes or no", "D4": "write yes or no"}
    shown = preview(table)
    assert not shown["warnings"]
    assert [c["words"]["en"] for c in shown["sample"][0]["cells"][1:]] == ["holds", "none", "holds"]
    assert shown["sample"][1]["cells"][1]["words"]["en"] == "not this one; the rest unknown"


def test_beside_the_whole_list_a_column_of_one_code_may_only_agree(opened: OpenTable) -> None:
    table = opened(
        "企业名称,已获认定,独角兽企业", "甲,独角兽企业,是", "乙,独角兽企业,否", "丙,无,是", "丁,无,"
    )
    rows = [row for batch in table.batches() for row in batch.rows.to_pylist()]
    assert [row["company.recognitions"] for row in rows] == ["unicorn", None, None, "-"]
    assert faults(table).keys() == {"C3", "C4"}


@pytest.mark.parametrize(
    ("recognitions", "decided"),
    [(["unicorn"], "FALSE"), (["unicorn", "rest_unstated"], "COARSE"),
     (["rest_unstated"], "COARSE"), (["new_rnd_institution", "rest_unstated"], "TRUE")],
)  # fmt: skip
def test_what_is_left_open_is_unknown_and_not_denied(
    vocabulary: Vocabulary, recognitions: list[str], decided: str
) -> None:
    asked = InSet(("new_rnd_institution",), codes=vocabulary.lists["recognitions"])
    assert asked.decide(frozenset(recognitions), DAY).name == decided


def test_a_column_of_one_code_of_a_closed_list_is_pointed_out_and_not_taken(
    opened: OpenTable,
) -> None:
    """是否量子科技: the list of fields has no code for what is left open."""
    shown = preview(opened("企业名称,注册地,是否量子科技,独角兽认定时间", "甲,上海市,是,"))
    told = [w["en"] for w in shown["warnings"]]
    assert len(told) == 2
    assert "“是否量子科技” looks like one of “Technology fields”" in told[0]
