"""huice match, check and programmes: for a person, for a machine, and when something is wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from flask.testing import FlaskClient

from service.intake.documents import read_document
from service.settings import PROJECT
from tests.cli.conftest import COMPANIES, DAY

ROBOTS = COMPANIES / "pudong-robotics.yaml"
Run = Callable[..., Result]


def without_receipt(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "receipt_id"}


@pytest.mark.parametrize("file", sorted(COMPANIES.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_sample_company_is_answered(huice: Run, file: Path) -> None:
    """Each invented company is a valid profile, and its answer counts every programme."""
    done = huice("match", file, *DAY, "--json")
    assert done.exit_code == 0, done.stderr
    summary = json.loads(done.stdout)["summary"]
    assert summary["eligible"] == 0
    assert sum(summary.values()) > 100


def test_match_prints_a_table_with_totals(huice: Run) -> None:
    """A line of totals, then a row with status, name, id, ceiling and clause."""
    done = huice("--lang", "en", "match", ROBOTS, *DAY, "--status", "potential")
    assert done.exit_code == 0
    first = done.stdout.splitlines()[0]
    assert first.startswith("2026-11-22")
    assert "may qualify" in first
    assert "does not qualify" in first
    for shown in ("sh-08-first-set", "CNY 18,000,000", "沪府办规〔202", "(first-sale)"):
        assert shown in done.stdout
    assert "bind no authority" in done.stdout


def test_a_narrow_terminal_cuts_nothing_off(huice: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese has no blanks to break a line at, nor has the id that the next command takes."""
    monkeypatch.setenv("COLUMNS", "60")
    done = huice("--lang", "zh", "match", ROBOTS, *DAY, "--status", "potential")
    cells = [line.split("│")[2].strip() for line in done.stdout.splitlines() if "│" in line]
    said = "".join(cells)
    assert "首台套、首批次、首版次产品支持" in said
    assert "sh-08-first-set" in said
    assert "…" not in said


TWO_CONTRACTS = """
company:
  kind: enterprise
  registered_region: "310112"
  fields: [embodied_intelligence]
  awards_received: [{purpose: first_of_kind, level: municipal, amount: 3000000, project: b}]
projects:
  - {ref: a, kind: first_of_kind_product, contract_amount: 10000000}
  - {ref: b, kind: first_of_kind_product, contract_amount: 80000000}
  - {ref: s, kind: person, role: core_rnd, employed: true}
"""


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "zh",
            [
                "可以同时争取的，上限合计：1,700 万元 至 2,000 万元",
                "首台套、首批次、首版次产品支持（项目 a）：300 万元",
                "上限 2,000 万元，其中 300 万元 已经获得",
                "条文没有写明多个项目能否累加",
                "没有计入的：",
                "重点领域核心研发人员支持（项目 s）：支持对象是个人",
            ],
        ),
        (
            "en",
            [
                "At most, if all that go together were granted: CNY 17,000,000 to CNY 20,000,000",
                "First-set, first-batch and first-version products (project a): CNY 3,000,000",
                "ceiling CNY 20,000,000, of which CNY 3,000,000 has been received",
                "the text does not say whether several projects add up",
                "Left out:",
                "Core R&D staff in the key fields (project s): it is for a person",
            ],
        ),
    ],
)
def test_match_prints_what_adds_up(
    huice: Run, tmp_path: Path, language: str, told: list[str]
) -> None:
    """The account of the total that the page and the memo give: its parts, what makes it an
    interval, and what is left out for which reason."""
    file = tmp_path / "two.yaml"
    file.write_text(TWO_CONTRACTS, encoding="utf-8")
    done = huice("--lang", language, "match", file, *DAY)
    assert done.exit_code == 0, done.stderr
    printed = "".join(done.stdout.split())
    assert [words for words in told if "".join(words.split()) not in printed] == []


def test_nothing_is_said_of_a_total_where_nothing_counts(huice: Run, tmp_path: Path) -> None:
    """No amount, no total."""
    file = tmp_path / "none.yaml"
    file.write_text("company: {kind: enterprise, registered_region: '310112'}", encoding="utf-8")
    assert "上限合计" not in huice("match", file, *DAY).stdout


def test_a_named_part_of_a_document_is_told_by_its_title(huice: Run) -> None:
    """No code of ours stands among the words."""
    printed = huice("check", "sh-05-gradient", ROBOTS, *DAY).stdout
    assert "“重点发展领域”" in printed
    assert "section-1" not in printed


def test_what_each_year_comes_to_stands_beside_the_whole(
    huice: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of support that is paid less from year to year."""
    monkeypatch.setenv("HUICE_POLICIES", str(PROJECT / "conformance" / "catalogue"))
    file = tmp_path / "rent.yaml"
    file.write_text("company: {kind: [firm], rent: 300000}", encoding="utf-8")
    printed = huice("--lang", "en", "check", "rent-fading", file, "--as-of", "2026-06-01").stdout
    assert "EUR 550,000 (year 1: EUR 200,000, year 2: EUR 200,000, year 3: EUR 150,000)" in printed


def test_a_size_class_is_one_line(
    huice: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the rows of its standard, most of which are about other industries: what was stated of
    what they look at, and what is still to be."""
    monkeypatch.setenv("HUICE_POLICIES", str(PROJECT / "conformance" / "catalogue"))
    file = tmp_path / "firm.yaml"
    file.write_text("company: {kind: [firm], staff: 40}", encoding="utf-8")
    day = ("--as-of", "2026-06-01")
    printed = huice("--lang", "en", "check", "size-small", file, *day).stdout
    line = "? Size class: micro, small (Size 1) = 40 person (still to be stated: industry) (article"
    assert line in printed
    assert "all of these" not in printed


def test_status_limits_the_rows(huice: Run) -> None:
    """--status shows those only and may be repeated."""
    done = huice("match", ROBOTS, *DAY, "--status", "potential", "--status", "watch", "--json")
    statuses = {m["status"] for m in json.loads(done.stdout)["matches"]}
    assert statuses == {"potential", "watch"}


def test_the_language_is_chinese_unless_asked(huice: Run) -> None:
    """The table's words are Chinese by default."""
    assert "可能符合" in huice("match", ROBOTS, *DAY, "--status", "potential").stdout


def test_match_json_is_the_api_s_answer(huice: Run, own_client: FlaskClient) -> None:
    """The same profile on the same day: the same answer but for the receipt's id."""
    printed = json.loads(huice("match", ROBOTS, *DAY, "--json").stdout)
    profile = yaml.safe_load(ROBOTS.read_text(encoding="utf-8"))
    request = json.loads(json.dumps({"as_of": "2026-11-22", "profile": profile}, default=str))
    served = own_client.post("/api/v1/match", json=request).get_json()
    assert without_receipt(printed) == without_receipt(served)


def test_check_json_is_the_api_s_answer(huice: Run, own_client: FlaskClient) -> None:
    """One programme, the same object."""
    printed = json.loads(huice("check", "sh-08-first-set", ROBOTS, *DAY, "--json").stdout)
    profile = yaml.safe_load(ROBOTS.read_text(encoding="utf-8"))
    request = json.loads(json.dumps({"as_of": "2026-11-22", "profile": profile}, default=str))
    served = own_client.post("/api/v1/programmes/sh-08-first-set/check", json=request).get_json()
    assert printed == served


def test_check_prints_every_condition_with_its_truth(huice: Run) -> None:
    """Held, failed and open conditions have marks of their own, and the article."""
    held = huice("--lang", "en", "check", "sh-08-first-set", ROBOTS, *DAY)
    assert held.exit_code == 0
    assert "✓ Kind of applicant: Enterprise" in held.stdout
    failed = huice("--lang", "en", "check", "bj-16-kehuitong", ROBOTS, *DAY)
    assert "✗" in failed.stdout
    assert "article 16" in failed.stdout


def test_check_says_what_was_stated_and_what_to_do_next(huice: Run, tmp_path: Path) -> None:
    """Certificates by their names and days; where nobody published how to apply, whom to ask."""
    file = tmp_path / "held.yaml"
    file.write_text(
        "company: {kind: enterprise, registered_region: '310112', certificates: [{category:"
        " high_tech_enterprise, issued_on: '2025-12-01', expires_on: '2028-11-30'}]}",
        encoding="utf-8",
    )
    printed = huice("--lang", "en", "check", "bj-07-zgc-score", file, *DAY).stdout
    printed += huice("--lang", "en", "check", "sh-08-first-set", ROBOTS, *DAY).stdout
    told = " ".join(printed.split())
    assert "(2025-12-01 to 2028-11-30)" in told
    assert "→ ask the " in told


def test_a_request_file_works_as_a_profile_file(huice: Run, tmp_path: Path) -> None:
    """The body of an API call can be given as it is; its own day counts."""
    file = tmp_path / "request.json"
    file.write_text(
        json.dumps({"as_of": "2025-09-25", "profile": {"company": {"kind": "enterprise"}}}),
        encoding="utf-8",
    )
    answer = json.loads(huice("check", "sh-08-first-set", file, "--json").stdout)
    assert (answer["as_of"], answer["status"]) == ("2025-09-25", "not_in_force")


def test_yaml_and_json_are_read_alike(huice: Run, tmp_path: Path) -> None:
    """The same profile in either form gives the same answer."""
    file = tmp_path / "robots.json"
    file.write_text(json.dumps(read_document(ROBOTS), default=str), encoding="utf-8")
    answers = [json.loads(huice("match", f, *DAY, "--json").stdout) for f in (ROBOTS, file)]
    assert without_receipt(answers[0]) == without_receipt(answers[1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("company: {knd: enterprise}", "/profile/company/knd: there is no key knd here"),
        ("company: {uscc: '91310115MAXXXXXX70'}", "/profile/company/uscc: "),
        ("company: {founded_on: '2023-02-29'}", "/profile/company/founded_on: "),
        (
            "projects: [{ref: a, kind: first_of_kind_product, contract_amount: '0'}]",
            "/profile/projects/0/contract_amount: ",
        ),
    ],
    ids=["unknown key", "check character", "no such day", "amount of zero"],
)
def test_a_wrong_profile_is_named_on_standard_error(
    huice: Run, tmp_path: Path, text: str, said: str
) -> None:
    """Exit code 1, the place and what is wrong, and nothing on standard output."""
    file = tmp_path / "profile.yaml"
    file.write_text(text, encoding="utf-8")
    done = huice("--lang", "en", "match", file)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(said)


def test_a_programme_that_does_not_exist_is_named_with_a_suggestion(huice: Run) -> None:
    """Exit code 1 and the nearest id."""
    done = huice("--lang", "en", "check", "sh-08-first-sets", ROBOTS)
    assert done.exit_code == 1
    assert done.stderr.strip().endswith("sh-08-first-sets; did you mean sh-08-first-set?")


@pytest.mark.parametrize(
    "arguments",
    [
        ("match",),
        ("match", "no-such-file.yaml"),
        ("match", ROBOTS, "--as-of", "20261122"),
        ("match", ROBOTS, "--status", "perhaps"),
        ("--lang", "fr", "match", ROBOTS),
        ("nonsense",),
    ],
    ids=["no file", "missing file", "another form of date", "status", "language", "command"],
)
def test_a_wrong_use_ends_with_two(huice: Run, arguments: tuple[str | Path, ...]) -> None:
    """A wrong call is click's to explain, exit code 2."""
    done = huice(*arguments)
    assert done.exit_code == 2
    assert "Usage: " in done.stderr


def test_programmes_are_found_by_chinese_and_english_words(huice: Run) -> None:
    """Full text over both languages; --json is the API's page."""
    assert "sh-08-first-set" in huice("programmes", "--query", "首台套").stdout
    page = json.loads(huice("programmes", "-q", "incubator", "--json").stdout)
    assert "sh-03-incubator" in {item["id"] for item in page["items"]}


def test_programmes_of_one_measure(huice: Run) -> None:
    """--measure and --instrument narrow the list."""
    page = json.loads(huice("programmes", "--measure", "bj-2025-19", "--json").stdout)
    assert (page["total"], {i["measure"] for i in page["items"]}) == (58, {"bj-2025-19"})
    loans = json.loads(huice("programmes", "--instrument", "bond", "--json").stdout)
    assert {i["instrument"] for i in loans["items"]} == {"bond"}


def test_help_lists_every_fact_of_a_profile(huice: Run) -> None:
    """The facts in `huice match --help` come from the vocabulary."""
    shown = huice("--lang", "en", "match", "--help").stdout
    assert "company.registered_region" in shown
    assert "projects[].contract_amount" in shown
