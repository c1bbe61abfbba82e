"""`huice batch`, as typed."""

import json
import signal
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from service.cli import main


@pytest.fixture
def typed(tmp_path: Path, compiled_beside: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUICE_DATABASE", str(compiled_beside))
    return tmp_path


def batch(folder: Path, text: str, *more: str) -> Result:
    source = folder / "in.csv"
    source.write_text(text)
    asked = ["--lang", "en", "batch", str(source), "-o", str(folder / "out.csv"), *more]
    return CliRunner().invoke(main, asked)


def test_a_file_in_and_a_file_out(typed: Path) -> None:
    """How the file was understood, and how many rows and errors there were, is told on standard
    error, nothing on standard output."""
    rows = "id,company.kind\na,enterprise\nb,nonsense\n"
    told = batch(typed, rows, "--as-of", "2026-11-22", "--detail", "counts")
    assert told.exit_code == 0
    assert told.stdout == ""
    assert told.stderr.startswith("row 1 is the header")
    assert "B3 company.kind [nonsense]" in told.stderr
    assert told.stderr.splitlines()[-1].startswith("rows: 2; with errors: 1")
    header, sound, faulty = (typed / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert header.startswith('"row","id","error","count.eligible"')
    assert sound.startswith('2,"a",,0,')
    assert faulty.startswith('3,"b","company.kind: ')


def test_a_line_of_a_machines_file_says_whose_it_is(typed: Path) -> None:
    """By its number, name and code where the file has them; numbers of its own stay its own."""
    source, target = typed / "in.jsonl", typed / "out.jsonl"
    for own, begins in (({}, {"row": 1, "company.name": "甲"}), ({"row": 7}, {"row": "7"})):
        source.write_text(json.dumps({"company.name": "甲", "company.kind": "enterprise", **own}))
        told = CliRunner().invoke(main, ["batch", str(source), "-o", str(target)])
        assert told.exit_code == 0
        answer = json.loads(target.read_text())
        assert dict(list(answer.items())[: len(begins)]) == begins
        assert ("warnings" in answer) is (not own)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_one_that_is_ended_leaves_nothing_half_written(
    typed: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """By another program, or because its terminal is closed."""
    former = signal.signal(number, signal.SIG_DFL)  # whoever runs the tests may ignore it (nohup)
    begun: list[str] = []

    def end(*_arguments: object) -> None:
        begun.extend(p.name for p in typed.iterdir() if p.suffix == ".part")
        signal.raise_signal(number)  # to this thread: another would take its time

    monkeypatch.setattr("service.usecases.portfolio.portfolio.BatchReport", end)
    try:
        told = batch(typed, "company.kind\nenterprise\n")
    finally:
        signal.signal(number, former)
    assert told.exit_code == 128 + number
    assert begun == [".out.csv.part"]
    assert sorted(p.name for p in typed.iterdir() if "out" in p.name) == []


def test_one_started_to_outlive_its_terminal_goes_on(typed: Path) -> None:
    """As `nohup` starts it: what was ignored before stays so."""
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert batch(typed, "company.kind\nenterprise\n").exit_code == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, former)


def test_a_table_commands_no_terminal(typed: Path) -> None:
    """What would name its window or colour its text is shown without effect, wherever it stands."""
    evil = "x\x1b]0=mine\x07\x9b31m\u202e"
    for rows in (f"Name,company.kind,note{evil}\n甲{evil},{evil},{evil}\n", f"{evil}\n1\n"):
        told = batch(typed, rows)
        assert "x]0=mine31m" in told.stderr
        assert not {c for c in told.output if c < " " and c != "\n"} | (
            {*"\x9b\u202e"} & {*told.output}
        )


def test_what_others_wrote_is_told_in_short(typed: Path) -> None:
    """A header, a cell, or the text beside either may have thirty thousand characters."""
    long = "long" * 5_000
    for rows in (f"{long}\n1\n", f"Name,company.kind\n{long},{long}\n"):
        assert len(batch(typed, rows).stderr) < 4_000


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_marked_file_that_ends_within_a_letter_is_refused(typed: Path, encoding: str) -> None:
    """In words."""
    source = typed / "in.csv"
    source.write_bytes("company.kind\nenterprise\n".encode(encoding) + b"\0")
    asked = ["--lang", "en", "batch", str(source), "-o", str(typed / "out.csv")]
    told = CliRunner().invoke(main, asked)
    assert (told.exit_code, told.stderr) == (
        1,
        "the file is neither UTF-8 nor GB18030 text; save it as UTF-8\n",
    )


def test_what_a_file_takes_is_told_where_help_is_asked() -> None:
    told = CliRunner().invoke(main, ["batch", "--help"])
    assert told.exit_code == 0
    assert all(option in told.stdout for option in ("--output", "--preview", "--faults", "--as-of"))


def test_a_misspelt_fact_is_named_with_the_nearest_one(typed: Path) -> None:
    told = batch(typed, "company.knid\nenterprise\n")
    assert told.exit_code == 1
    assert "company.kind?" in told.stderr
    assert not (typed / "out.csv").exists()


def test_a_table_may_be_looked_at_before_it_runs(typed: Path) -> None:
    """Only what was understood, for a machine too."""
    source = typed / "in.csv"
    source.write_text('企业名称,营业收入（万元）,备注\n甲,"5,200",x\n', encoding="gb18030")
    told = CliRunner().invoke(main, ["batch", str(source), "--preview", "--json"])
    assert told.exit_code == 0
    understood = json.loads(told.stdout)
    assert [c["fact"] for c in understood["columns"]] == ["company.name", "company.revenue"]
    assert understood["columns"][1]["unit"] == "万元"
    assert understood["passed_through"][0]["header"] == "备注"
    assert understood["sample"][0]["cells"][1]["read_as"] == "52000000"
    source.write_text("企业名称,职工总数\n甲,不详\n" + "乙,50\n" * 4 + "丙,五十来人\n")
    shown = CliRunner().invoke(main, ["--lang", "en", "batch", str(source), "--preview"])
    assert "taken as unknown" in shown.stdout.partition("五十来人")[0]
    assert "must be a whole number" in shown.stdout.partition("五十来人")[2]  # not a first row
    assert "Read as" in shown.stdout
    source.write_text("企业名称,职工总数\n")
    shown = CliRunner().invoke(main, ["--lang", "en", "batch", str(source), "--preview"])
    assert "Taken as" in shown.stdout
    assert "Read as" not in shown.stdout  # no row, no heads of rows


def test_a_table_without_a_known_column_or_a_sound_row_ends_in_an_error(typed: Path) -> None:
    """Nothing is answered "with errors: 0" that was not understood."""
    unknown = batch(typed, "编号,备注\n1,x\n")
    assert unknown.exit_code == 1
    assert "no column is a known fact" in unknown.stderr
    spoilt = batch(typed, "company.kind\nnonsense\n")
    assert spoilt.exit_code == 1


def test_answers_and_faults_for_people(typed: Path) -> None:
    """A workbook with the companies, what each can do, every programme and the faults; and one of
    the faulty rows with the cells marked."""
    source = typed / "in.csv"
    source.write_text(
        "企业名称,主体类型,注册地\n=甲,企业,上海徐汇\n乙,企业,朝阳区\n", encoding="utf-8"
    )
    out, faults = typed / "out.xlsx", typed / "faults.xlsx"
    asked = ["batch", str(source), "-o", str(out), "--faults", str(faults)]
    assert CliRunner().invoke(main, asked).exit_code == 0
    book = CalamineWorkbook.from_path(str(out))
    assert book.sheet_names == [
        "企业一览", "可争取的事项", "逐项判断", "企业与事项", "事项与条件", "错误清单", "说明"
    ]  # fmt: skip
    first = book.get_sheet_by_index(0).to_python()
    assert first[1][1] == "=甲"
    assert "朝阳区" in str(first[2][first[0].index("错误")])
    assert all(line[4] == "可能符合" for line in book.get_sheet_by_index(1).to_python()[1:])
    fault = book.get_sheet_by_name("错误清单").to_python()[1]
    assert fault[:5] == [3, "乙", "", "C3", "注册地"]  # its row, whose it is, where in the table
    with zipfile.ZipFile(out) as packed:
        assert not any(b"<f>" in packed.read(n) for n in packed.namelist() if "sheet" in n)
    marked = CalamineWorkbook.from_path(str(faults)).get_sheet_by_name("有误的行").to_python()
    assert marked == [["企业名称", "主体类型", "注册地"], ["乙", "企业", "朝阳区"]]


def test_a_template_is_written_for_either_language(typed: Path) -> None:
    for language, first in (("zh", "名称"), ("en", "Name")):
        target = typed / f"{language}.xlsx"
        asked = ["--lang", language, "batch", "template", "-o", str(target)]
        assert CliRunner().invoke(main, asked).exit_code == 0
        sheet = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0)
        assert sheet.to_python()[0][0] == first


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_rules_cannot_reckon_around_is_refused(typed: Path, day: str) -> None:
    """As in a request: there is no day after the last."""
    table = typed / "companies.csv"
    table.write_text("company.kind\nenterprise\n", encoding="utf-8")
    asked = ["batch", str(table), "-o", str(typed / "out.csv"), "--as-of", day]
    refused = CliRunner().invoke(main, asked)
    assert refused.exit_code == 2
    assert "between 1900 and 2200" in refused.stderr
