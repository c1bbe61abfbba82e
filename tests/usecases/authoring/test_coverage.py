"""Coverage: nothing of a measure is without a place, and no place is claimed wrongly."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.catalogue.document_writing import PLAIN, DocumentWriting
from service.catalogue.official_text import TextPart, decode
from service.cli import main
from service.domain.errors import Refused
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Article, Evidence, NumberEntry, NumberKind
from service.domain.text import Text
from service.settings import PROJECT
from service.usecases.authoring.coverage import coverage, coverage_json, number_gaps
from service.usecases.authoring.coverage_report import coverage_page
from tests.catalogue.island import TEXT, island
from tests.usecases.authoring.gaps import messages
from tests.usecases.authoring.official_sources import (
    FILES,
    needs_sources,
    project_catalogue,
    source,
)

WORDS = Text("甲", "a")


def test_a_covered_measure_has_no_gap() -> None:
    """By itself and against its text."""
    assert coverage(island()).gaps == ()
    assert coverage(island(), TEXT).gaps == ()


def test_an_article_has_a_programme_or_a_reason() -> None:
    """One that has neither is a gap."""
    moved = island(new_boat=("article: 1", "article: 2"))
    gap = (1, "has no programme, and no `unmatched:` says why")
    assert gap in messages(coverage(moved).gaps)


def test_a_number_is_not_counted_inside_another() -> None:
    """4:3:3 has two threes, whatever shares begin with one."""
    body = "第一条按30%给予补助，按4:3:3拨付。"
    numbers = tuple(NumberEntry(t, NumberKind.PARAMETER) for t in ("30%", "4", "3", "3"))
    article = Article(1, WORDS, WORDS, "", None, numbers)
    assert list(number_gaps(article, TextPart(1, body), PLAIN)) == []


WRONG_TEXTS = {
    "a number without a place": (
        ("各村配合", "八村配合"),
        [(3, "the number …厅牵头,[八]村配合,… of the text has no place")],
    ),
    "another number": (
        ("3亿元", "4亿元"),
        [
            (2, "the number …全岛安排[4亿元]。… of the text has no place"),
            (2, "the number 3亿元 is listed but not in the text"),
        ],
    ),
    "a listed amount inside a larger one": (
        ("3亿元", "23亿元"),
        [
            (2, "the number …全岛安排[23亿元]。… of the text has no place"),
            (2, "the number 3亿元 is listed but not in the text"),
        ],
    ),
    "an amount that stands twice": (
        ("安排3亿元", "安排3亿元，另3亿元"),
        [(2, "the number 3亿元 stands 2 times in the text and is listed 1 times")],
    ),
    "a name that stands twice": (("“三网合一”", "“三网合一”的三网合一"), []),
    "an article that nobody knows": (
        ("  本办法自", "  (四)试点。\n  本办法自"),
        [(4, "stands in the text, but not in the catalogue")],
    ),
    "an article that is gone": (
        ("  (三)分工。渔业厅牵头，各村配合，做到“三网合一”。\n", ""),
        [(3, "stands in the catalogue, but not in the text")],
    ),
}


@pytest.mark.parametrize(("change", "gaps"), WRONG_TEXTS.values(), ids=WRONG_TEXTS)
def test_the_text_decides(change: tuple[str, str], gaps: list[tuple[int | str, str]]) -> None:
    """Every part and every number of a given text must have its place."""
    assert change[0] in TEXT
    assert messages(coverage(island(), TEXT.replace(*change)).gaps) == gaps


def test_a_number_inside_a_listed_name_has_its_place() -> None:
    """An entry covers every number it is written around."""
    entry = NumberEntry("“千帆百舸”", NumberKind.NAME)
    article = Article(1, WORDS, WORDS, "sha256:", numbers=(entry,))
    assert (
        list(number_gaps(article, TextPart(1, "(一)开展“千帆百舸”培训。"), DocumentWriting())) == []
    )


def test_press_reports_are_covered_only_beside_their_text() -> None:
    """By themselves there is no official text to be complete about."""
    catalogue = island()
    measures = {k: replace(m, evidence=Evidence.NEWS) for k, m in catalogue.measures.items()}
    assert coverage(replace(catalogue, measures=measures)).measures == ()


def in_the_press() -> Catalogue:
    """The island's measure as a report of runs of lines: headings that stand apart are none."""
    catalogue = island()
    measures = {
        name: replace(
            measure,
            evidence=Evidence.NEWS,
            articles=tuple(a for a in measure.articles if a.number != "outline"),
        )
        for name, measure in catalogue.measures.items()
    }
    return replace(catalogue, measures=measures)


def test_a_report_is_found_by_the_parts_it_is_known_by() -> None:
    """Whole runs of lines; a part that reads otherwise is the one between its neighbours."""
    assert messages(coverage(in_the_press(), TEXT).gaps) == []
    changed = TEXT.replace("造价30%", "造价31%")
    assert (1, "the number 30% is listed but not in the text") in messages(
        coverage(in_the_press(), changed).gaps
    )


def test_a_text_of_no_known_measure_is_refused() -> None:
    """Nothing to cover is not the same as everything covered."""
    with pytest.raises(Refused):
        coverage(island(), "(一)甲。")


def test_totals() -> None:
    """Articles with named parts, programmes, numbers by their kind."""
    totals = coverage_json(island(), coverage(island()))["totals"]
    numbers = {"parameter": 5, "target": 2, "metadata": 4, "name": 2}
    assert totals == {"articles": 8, "programmes": 2, "numbers": numbers}


def test_no_gap_in_the_project() -> None:
    """Every article of the two official measures is explained, every figure agrees."""
    covered = coverage(project_catalogue())
    assert {"sh-2025-8", "bj-2025-19"} <= {m.id for m in covered.measures}
    assert messages(covered.gaps) == []


def test_only_the_tenor_of_beijing_is_a_parameter() -> None:
    """The plan gives no company any amount; a shortest tenor is its one figure for a programme."""
    beijing = project_catalogue().measures["bj-2025-19"]
    figures = [n for a in beijing.articles for n in a.numbers if n.kind is NumberKind.PARAMETER]
    assert [(n.text, n.programme) for n in figures] == [("5年期以上", "bj-08-kechuang-loan")]


def test_the_page_is_in_step() -> None:
    """`docs/coverage.md` is what `huice policies coverage --markdown` prints."""
    catalogue = project_catalogue()
    page = coverage_page(coverage_json(catalogue, coverage(catalogue)))
    assert (PROJECT / "docs" / "coverage.md").read_text(encoding="utf-8") == page


@needs_sources
@pytest.mark.parametrize("name", FILES)
def test_every_number_of_the_official_texts_has_its_place(name: str) -> None:
    """In each file that holds them."""
    covered = coverage(project_catalogue(), decode(source(name).read_bytes()))
    assert {m.id for m in covered.measures} == FILES[name]
    assert messages(covered.gaps) == []


@pytest.fixture
def isle_file(tmp_path: Path) -> Path:
    path = tmp_path / "isle.txt"
    path.write_text(TEXT, encoding="gbk")
    return path


def test_command_on_an_unknown_text(isle_file: Path) -> None:
    """Exit code 1, and what a file must have to be recognised."""
    ran = CliRunner().invoke(
        main, ["--lang", "en", "policies", "coverage", "--text", str(isle_file)]
    )
    assert ran.exit_code == 1
    assert "no measure of the catalogue was found in the file" in ran.stderr


def test_command_for_a_machine() -> None:
    """The articles as the API shows them, and no gap."""
    ran = CliRunner().invoke(main, ["policies", "coverage", "--json"])
    answer = json.loads(ran.stdout)
    assert ran.exit_code == 0
    assert answer["gaps"] == []
    articles = {m["id"]: m["articles"] for m in answer["measures"]}
    first_set = next(a for a in articles["sh-2025-8"] if a["article"] == 8)
    assert "sh-08-first-set" in first_set["programmes"]


def test_command_for_a_person() -> None:
    """A number with its place and its programme on one line."""
    ran = CliRunner().invoke(main, ["--lang", "en", "policies", "coverage"])
    assert ran.exit_code == 0
    assert "      30%  used in a rule  sh-08-first-set\n" in ran.stdout
    assert ran.stdout.endswith(" 0 gaps\n")
