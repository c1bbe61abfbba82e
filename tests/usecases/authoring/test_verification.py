"""Verification of official texts against digests, and their import beside our gists."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.catalogue.official_text import decode, numbered, split
from service.cli import main
from service.domain.errors import Refused
from service.domain.rules.conditions import Clause
from service.domain.rules.measures import OverlapRule
from service.domain.text import Text
from service.storage.database import open_database
from service.storage.official_texts import OfficialTexts
from service.storage.store import Store
from service.usecases.authoring.import_official_text import import_source
from service.usecases.authoring.verification import (
    Drift,
    WordingDifference,
    verification_json,
    verify_measures,
)
from service.usecases.reference.official_wording import official_text_json
from tests.catalogue.island import ARTICLE_2, TEXT, TITLE, island
from tests.usecases.authoring.official_sources import (
    FILES,
    needs_sources,
    project_catalogue,
    source,
)

ISLE = "isle-2031-7"
NOW = datetime(2031, 6, 1, 8, tzinfo=UTC)
LATER = datetime(2031, 7, 1, 8, tzinfo=UTC)


def differences(text: str, **changes: tuple[str, str]) -> list[tuple[int | str, str, list[str]]]:
    (found,) = verify_measures(island(**changes), text)
    return [(d.article, d.drift.value, list(d.programmes)) for d in found.differences]


def test_the_text_the_catalogue_was_written_from_agrees() -> None:
    """Every article and part is the same."""
    (found,) = verify_measures(island(), TEXT)
    assert (found.measure.id, found.same, found.differences) == (ISLE, 8, ())


def test_one_digit_names_its_article_and_programmes_only() -> None:
    """With both digests."""
    changed = TEXT.replace("造价30%", "造价31%")
    (found,) = verify_measures(island(), changed)
    before, after = (numbered(split(text, TITLE))[1].digest for text in (TEXT, changed))
    wanted = WordingDifference(1, Drift.CHANGED, ("isle-new-boat",), before, after)
    assert (found.same, found.differences) == (7, (wanted,))


def test_a_changed_article_that_a_condition_cites() -> None:
    """A programme rests on each article that one of its conditions names."""
    changed = TEXT.replace("更新一批渔船", "更新一些渔船")
    assert differences(changed) == [("section-1", "changed", ["isle-new-boat"])]


def test_a_missing_article() -> None:
    """Its programmes have lost their ground."""
    assert differences(TEXT.replace(f"  {ARTICLE_2}\n", "")) == [(2, "missing", ["isle-yard-loan"])]


def test_a_new_article() -> None:
    """No programme knows it yet."""
    changed = TEXT.replace("  本办法自", "  (四)试点。可以先行。\n  本办法自")
    assert differences(changed) == [(4, "new", [])]


def test_a_renamed_section() -> None:
    """Headings are compared too, though nothing rests on them."""
    assert differences(TEXT.replace("三、落实", "三、分工")) == [("outline", "changed", [])]


def test_a_change_of_the_rule_on_overlap() -> None:
    """It concerns every programme that has a purpose others may share."""
    catalogue = island()
    rule = OverlapRule("island", Clause(ISLE, "closing"), Text("甲", "a"))
    measure = replace(catalogue.measures[ISLE], overlap=rule)
    boat = replace(catalogue.programmes["isle-new-boat"], purpose="boats")
    programmes = {**catalogue.programmes, boat.id: boat}
    changed = replace(catalogue, measures={ISLE: measure}, programmes=programmes)
    (found,) = verify_measures(changed, TEXT.replace("5月1日", "6月1日"))
    assert [(d.article, d.programmes) for d in found.differences] == [
        ("closing", ("isle-new-boat",))
    ]


def test_a_text_of_no_known_measure_is_refused() -> None:
    """It is not called unchanged."""
    with pytest.raises(Refused):
        verify_measures(island(), "(一)甲。")


def test_for_a_machine() -> None:
    """Whether all agrees, and per measure what differs."""
    answer = verification_json(verify_measures(island(), TEXT.replace("3亿元", "4亿元")))
    assert answer["agrees"] is False
    assert [d["article"] for m in answer["measures"] for d in m["differences"]] == [2]


@needs_sources
@pytest.mark.parametrize("name", FILES)
def test_the_official_texts_agree(name: str) -> None:
    """Both measures, each file."""
    found = verify_measures(project_catalogue(), decode(source(name).read_bytes()))
    assert {v.measure.id for v in found} == FILES[name]
    assert [v.differences for v in found] == [() for _ in found]


@needs_sources
def test_every_digit_of_the_official_texts_counts() -> None:
    """A digit of an article changed in a copy names this article, and its programmes."""
    catalogue = project_catalogue()
    text = decode(source("sh-2025-8.txt").read_bytes())
    (found,) = verify_measures(catalogue, text.replace("30%、最高2000万元", "30%、最高2001万元"))
    assert [(d.article, d.programmes) for d in found.differences] == [
        (8, ("sh-08-first-set", "sh-08-procurement"))
    ]


@needs_sources
def test_command_on_a_changed_copy(tmp_path: Path) -> None:
    """Exit code 1; 0 on the text itself."""
    copy = tmp_path / "copy.txt"
    copy.write_text(
        decode(source("bulletin-291.txt").read_bytes()).replace("5年期以上", "6年期以上"),
        encoding="gb18030",
    )
    command = ["--lang", "en", "policies", "verify", "--text"]
    changed = CliRunner().invoke(main, [*command, str(copy)])
    same = CliRunner().invoke(main, [*command, str(source("bulletin-291.txt"))])
    assert (changed.exit_code, same.exit_code) == (1, 0)
    assert "bj-2025-19 § 8  changed  to review: " in changed.stdout
    assert "bj-08-kechuang-loan" in changed.stdout
    assert changed.stdout.count("§") == 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_database(tmp_path / "huice.sqlite3") as opened:
        yield opened


def test_import_stores_each_article(store: Store) -> None:
    """The wording as it stands in the file, with its digest, the time and the file's digest."""
    (done,) = import_source(island(), store, TEXT.encode("gbk"), NOW)
    assert (done.articles, done.stored, done.differing) == (8, True, ())
    stored = OfficialTexts(store).get(ISLE, "2")
    assert stored is not None
    assert stored.wording == ARTICLE_2
    article = island().measures[ISLE].article(2)
    assert article is not None
    assert (stored.digest, stored.imported_at) == (article.digest, NOW)
    assert len(stored.source_sha256) == 64


def test_nothing_imported_is_none(store: Store) -> None:
    """Null in the API, not an empty text."""
    article = island().measures[ISLE].articles[0]
    empty = {"official_text": None, "official_text_current": None}
    assert official_text_json(store, ISLE, article) == empty


def test_importing_again_changes_nothing(store: Store) -> None:
    """Another copy of the same text is the same text."""
    import_source(island(), store, TEXT.encode(), NOW)
    (again,) = import_source(island(), store, TEXT.replace("\n", "\r\n").encode("gbk"), LATER)
    assert not again.stored
    stored = OfficialTexts(store).get(ISLE, "closing")
    assert stored is not None
    assert stored.imported_at == NOW


def test_another_version_replaces_the_whole_measure(store: Store) -> None:
    """Articles of two versions never stand side by side, and the difference is told."""
    import_source(island(), store, TEXT.encode(), NOW)
    changed = TEXT.replace(f"  {ARTICLE_2}\n", "").replace("40万元", "50万元")
    (done,) = import_source(island(), store, changed.encode(), LATER)
    assert (done.stored, done.differing) == (True, (1, 2))
    assert OfficialTexts(store).get(ISLE, "2") is None
    article = island().measures[ISLE].article(1)
    assert article is not None
    shown = official_text_json(store, ISLE, article)
    assert "50万元" in shown["official_text"]
    assert shown["official_text_current"] is False


def test_an_unknown_document_stores_nothing(store: Store) -> None:
    """Refused in words."""
    with pytest.raises(Refused, match="no measure of the catalogue was found in the file"):
        import_source(island(), store, "另一文件\n(一)甲。".encode(), NOW)


@needs_sources
def test_import_command(compiled_beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bulletin brings both measures; a second import finds them there."""
    monkeypatch.setenv("HUICE_DATABASE", str(compiled_beside))
    command = ["--lang", "en", "sources", "import", str(source("bulletin-291.txt"))]
    first, second = (CliRunner().invoke(main, command) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.count("articles and parts stored") == 2
    assert second.stdout.count("articles and parts already there") == 2
    assert first.stderr == ""


@needs_sources
def test_verify_command_for_a_machine() -> None:
    """JSON with the digests."""
    path = str(source("sh-2025-8.txt"))
    ran = CliRunner().invoke(main, ["policies", "verify", "--json", "--text", path])
    assert json.loads(ran.stdout)["agrees"] is True
