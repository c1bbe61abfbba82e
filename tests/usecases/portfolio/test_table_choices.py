"""What a sender states for a whole table, and takes as unknown: chosen, recorded, never guessed."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from service.app import Services
from service.bulk.batch_engine import Detail
from service.domain.errors import ErrorCode, InvalidInput, Refused
from service.intake.batch_choices import ChoicesRequest, request_from
from service.usecases.portfolio.batch_source import open_source
from service.usecases.portfolio.choice_reader import choices_for
from service.usecases.portfolio.company_table import CompanyTable
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.portfolio import run_batch
from service.usecases.portfolio.table_choices import TableChoices
from service.usecases.portfolio.table_notes import table_notes
from service.usecases.portfolio.table_preview import preview
from tests.usecases.portfolio.tables import csv_table, faults_of, rows_of

DAY = date(2026, 11, 22)


def chosen(
    huice: Services,
    stated: Sequence[str] = (),
    unknown: Sequence[str] = (),
    **others: Any,
) -> TableChoices:
    return choices_for(huice.compiled.reader, ChoicesRequest(stated, unknown, **others))


def table_of(
    huice: Services,
    folder: Path,
    text: str,
    stated: Sequence[str] = (),
    unknown: Sequence[str] = (),
    **others: Any,
) -> CompanyTable:
    choices = chosen(huice, stated, unknown, **others)
    return csv_table(folder, huice.compiled.catalogue.vocabulary, text, choices)


def test_what_most_programmes_ask_for_and_no_column_has_is_said_before_anything_runs(
    own_huice: Services, tmp_path: Path
) -> None:
    """Without a kind no company comes to anything; once it is stated for all, nothing is said."""
    text, catalogue = "企业名称,注册地\n甲,上海徐汇\n", own_huice.compiled.catalogue
    understood = preview(table_of(own_huice, tmp_path, text), catalogue)
    (kind,) = understood["lacking"]
    assert (kind["fact"], 2 * kind["asking"] >= kind["of"]) == ("company.kind", True)
    assert "“Kind of applicant”" in understood["warnings"][0]["en"]
    stated = preview(table_of(own_huice, tmp_path, text, ["主体类型=企业"]), catalogue)
    assert (stated["lacking"], stated["warnings"]) == ([], [])
    assert [(s["fact"], s["value"]) for s in stated["stated"]] == [("company.kind", "enterprise")]


def test_a_fact_stated_for_all_holds_where_a_row_states_nothing(
    own_huice: Services, tmp_path: Path
) -> None:
    """What a row says itself stays; what was stated stands in the notes of the answers."""
    text = "企业名称,企业类型,注册地\n甲,,上海徐汇\n乙,个体工商户,\n丙,不详,\n"
    stated = ["company.kind=enterprise", "registered_region=北京市"]
    table = table_of(own_huice, tmp_path, text, stated)
    found = rows_of(table)
    assert [r["company.kind"] for r in found] == ["enterprise", "individual_business", "enterprise"]
    assert [r["company.registered_region"] for r in found] == ["310104", "110000", "110000"]
    notes = [note.en for note in table_notes(table)]
    assert any("Kind of applicant = enterprise" in note for note in notes)
    undetermined = [
        counts_of(own_huice, one, tmp_path)[0]["count.undetermined"]
        for one in (table, table_of(own_huice, tmp_path, text))
    ]
    assert undetermined[0] < undetermined[1]


def counts_of(huice: Services, table: CompanyTable, folder: Path) -> list[dict[str, int]]:
    """How many programmes of each status each row has."""
    target = folder / "out.parquet"
    run_batch(huice.compiled, table, target, DAY, Detail.COUNTS, lambda _: None)
    found: list[dict[str, int]] = pyarrow.parquet.read_table(target).to_pylist()
    return found


def test_a_machines_file_is_completed_but_not_overruled(
    own_huice: Services, tmp_path: Path
) -> None:
    """A column of its own says what it knows; what it lacks may be stated for all."""
    lines, catalogue = tmp_path / "in.jsonl", own_huice.compiled.catalogue
    lines.write_text('{"company.registered_region": "310104"}\n')
    source = open_source(catalogue, lines, chosen(own_huice, ["company.kind=企业"]))
    (batch,) = source.batches()
    assert batch.rows.to_pylist()[0]["company.kind"] == "enterprise"
    assert source.schema.names == batch.rows.schema.names
    with pytest.raises(InvalidInput) as refused:
        open_source(catalogue, lines, chosen(own_huice, ["注册地=北京市"], ["注册地"]))
    assert [p.pointer for p in refused.value.problems] == [
        "/set/company.registered_region",
        "/unknown/company.registered_region",
    ]


def test_what_is_no_ordinary_file_is_refused_before_it_is_read(
    own_huice: Services, tmp_path: Path
) -> None:
    """A device has no end, and a pipe would be waited for."""
    pipe = tmp_path / "in.csv"
    os.mkfifo(pipe)
    with pytest.raises(Refused, match="no ordinary file"):
        open_source(own_huice.compiled.catalogue, pipe)


def test_a_profile_as_the_interface_takes_it_is_no_line(
    own_huice: Services, tmp_path: Path
) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text('{"company": {"kind": "enterprise"}}\n')
    with pytest.raises(InvalidInput) as refused:
        open_source(own_huice.compiled.catalogue, lines)
    assert "side by side" in refused.value.problems[0].message.en


def test_a_machines_file_with_labels_says_which_ids_are_meant(
    own_huice: Services, tmp_path: Path
) -> None:
    """Labels are for people's tables: whoever saved one as Parquet is told the ids, or to save it
    as a workbook."""
    path = tmp_path / "labelled.parquet"
    columns = {"主体类型": ["企业"], "营业收入": ["1"], "备注": ["x"]}
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    with pytest.raises(InvalidInput) as refused:
        open_source(own_huice.compiled.catalogue, path)
    assert "(主体类型: company.kind, 营业收入: company.revenue)" in refused.value.words.en


def test_a_word_taken_as_unknown_leaves_its_row_answered(
    own_huice: Services, tmp_path: Path
) -> None:
    """Only what was chosen: of one fact a word, of another whatever cannot be read; each cell is
    remarked."""
    text = (
        "企业名称,企业类型,行业,员工人数\n甲,小型企业,鞋帽箱包杂项,50\n乙,微型企业,C39,50\n"
        "丙,企业,C39,五十来人\n"
    )
    plain = faults_of(table_of(own_huice, tmp_path, text))
    assert list(plain) == ["B2", "C2", "B3", "D4"]
    table = table_of(own_huice, tmp_path, text, (), ["企业类型=小型企业", "行业"])
    assert list(faults_of(table)) == ["B3", "D4"]
    log = FaultLog(table.vocabulary, table)
    for batch in table.batches():
        log.add(batch)
        assert batch.rows.column("company.kind").to_pylist() == [None, None, "enterprise"]
    said = [note.en for note in log.remark_notes()]
    assert any(note.startswith("B2") and "as was chosen" in note for note in said)
    assert any(note.startswith("C2") and "cannot be read" in note for note in said)


def test_the_words_that_cannot_be_read_are_counted_before_anything_runs(
    own_huice: Services, tmp_path: Path
) -> None:
    text = "企业名称,企业类型\n甲,小型企业\n乙,小型企业\n丙,怪\n丁,企业\n"
    found = preview(table_of(own_huice, tmp_path, text))["unreadable"]
    assert [(u["column"], u["fact"], u["found"], u["rows"]) for u in found] == [
        ("B", "company.kind", "小型企业", 2),
        ("B", "company.kind", "怪", 1),
    ]


def test_a_sender_says_what_a_column_is(own_huice: Services, tmp_path: Path) -> None:
    """By its letters or its header; its unit in brackets counts; a column may be left out, also
    one that says of which year the figures are."""
    text = "企业名称,年度,体量（万元）,备注,营业收入\n甲,2023,5200,x,1\n"
    columns = ["体量（万元）=company.revenue", "B=", "E="]
    table = table_of(own_huice, tmp_path, text, columns=columns)
    (row,) = rows_of(table)
    assert row["company.revenue"] == "52000000"
    assert (row["B 年度"], row["E 营业收入"]) == ("2023", "1")
    shown = preview(table)
    assert [c["column"] for c in shown["columns"]] == ["A", "C"]
    assert shown["warnings"] == []
    assert any("体量（万元） taken as Revenue" in n.en for n in table_notes(table))


def test_what_is_no_column_is_refused_and_what_would_stand_twice_is_not_taken(
    own_huice: Services, tmp_path: Path
) -> None:
    """One of two columns may be chosen; who chooses both has chosen none."""
    text = "企业名称,营业收入,体量\n甲,1亿,1亿\n"
    with pytest.raises(InvalidInput) as refused:
        table_of(own_huice, tmp_path, text, columns=["B=", "Z=行业"])
    assert [p.pointer for p in refused.value.problems] == ["/column/1"]
    for chosen, named in ((["C=企业名称"], ["C"]), (["A=企业名称", "C=企业名称"], [])):
        layout = table_of(own_huice, tmp_path, text, columns=chosen).layout
        facts = [(c.letters, c.header.fact) for c in layout.columns]
        assert [a for a, fact in facts if fact and fact.id == "company.name"] == named


def test_a_sender_says_what_a_word_means_and_where_places_lie(
    own_huice: Services, tmp_path: Path
) -> None:
    """宝山区 is in two cities: it is one of them by its code, or within the city; what is whole
    stays where it is."""
    text = "企业名称,注册地,营业收入（万元）\n甲,宝山区,八千\n乙,北京市海淀区,5200\n"
    assert list(faults_of(table_of(own_huice, tmp_path, text))) == ["B2"]
    read = ["注册地=宝山区=上海市宝山区", "营业收入=八千=8000万元"]
    for choices in ({"read": read}, {"within": "上海市", "read": read[1:]}):
        table = table_of(own_huice, tmp_path, text, **choices)
        assert faults_of(table) == {}
        rows = rows_of(table)
        assert [r["company.registered_region"] for r in rows] == ["310113", "110108"]
        assert [r["company.revenue"] for r in rows] == ["80000000", "52000000"]
        log = FaultLog(table.vocabulary, table)
        for batch in table.batches():
            log.add(batch)
        assert any("read as “8000万元”, as was chosen" in n.en for n in log.remark_notes())


def test_a_table_is_looked_at_whole_before_it_runs(own_huice: Services, tmp_path: Path) -> None:
    """A word that first stands late is told and counted; of a longer table it is said how much."""
    text = "企业名称,行业\n" + "甲,C39\n" * 3000 + "乙,火星业\n" * 7 + "合计,3007\n"
    shown = preview(table_of(own_huice, tmp_path, text))
    assert [(u["found"], u["rows"]) for u in shown["unreadable"]] == [("火星业", 7)]
    assert shown["looked_at"] == {"companies": 3007, "whole": True}
    assert shown["passed_over"]["totals"] == [3009]


@pytest.mark.parametrize(
    ("stated", "unknown", "pointer", "code"),
    [
        ("company.kinds=企业", None, "/set/0", ErrorCode.UNKNOWN_KEY),
        ("company.kind", None, "/set/0", ErrorCode.INVALID_VALUE),
        ("company.kind= ", None, "/set/0", ErrorCode.INVALID_VALUE),
        ("company.kind=小型", None, "/set/0", ErrorCode.INVALID_VALUE),
        ("company.kind=不详", None, "/set/0", ErrorCode.INVALID_VALUE),
        ("company.employees=-5", None, "/set/0", ErrorCode.INVALID_VALUE),
        ("company.name=甲", None, "/set/0", ErrorCode.INVALID_VALUE),
        (None, "什么=怪", "/unknown/0", ErrorCode.UNKNOWN_KEY),
    ],
)
def test_a_choice_that_cannot_be_is_refused_by_its_place(
    own_huice: Services, stated: str | None, unknown: str | None, pointer: str, code: ErrorCode
) -> None:
    with pytest.raises(InvalidInput) as refused:
        chosen(own_huice, [stated] if stated else (), [unknown] if unknown else ())
    (problem,) = refused.value.problems
    assert (problem.pointer, problem.code) == (pointer, code)


def test_one_fact_is_stated_once(own_huice: Services) -> None:
    with pytest.raises(InvalidInput) as refused:
        chosen(own_huice, ["company.kind=企业", "主体类型=银行"])
    assert [p.code for p in refused.value.problems] == [ErrorCode.DUPLICATE_VALUE]


def test_choices_are_kept_in_the_form_they_are_read_in(own_huice: Services) -> None:
    choices = chosen(
        own_huice,
        ["主体类型=企业"],
        ["行业=杂项", "行业=其它", "注册地"],
        columns=["C=营收", "a=b="],
        read=["注册地=a=b=上海"],
        within="上海",
    )
    kept = choices.as_json()
    assert kept == {
        "set": ["company.kind=企业"],
        "unknown": ["company.industry=其它", "company.industry=杂项", "company.registered_region"],
        "column": ["C=company.revenue", "a=b="],
        "read": ["company.registered_region=a=b=上海"],
        "within": "310000",
    }
    assert choices_for(own_huice.compiled.reader, request_from(kept)) == choices
