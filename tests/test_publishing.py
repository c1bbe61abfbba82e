"""A catalogue is stored before it serves, and can be searched at once or a moment later."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from service import indexing
from service.app import open_services
from service.domain.errors import ErrorCode, Refused
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.publishing import publish_ahead
from service.serving.indexer import take_up_written
from service.settings import Settings
from service.startup import PreparedCatalogue, open_today, prepare
from service.storage.compiled_files import program_version
from service.storage.database import open_database
from service.storage.search import IndexedDocument, SearchDocument, SearchIndex
from service.usecases.reference import search_documents
from tests.api.sample import FICTIONAL, settings_for

FILE = Path("meridian") / "me-2026-1" / "02-young-firm.yaml"


def documents(settings: Settings, found: PreparedCatalogue) -> list[IndexedDocument]:
    with open_database(settings.database) as store:
        version = found.compiled.catalogue.version
        return sorted(SearchIndex(store).documents(version), key=lambda d: d.id)


def test_a_large_catalogue_serves_before_it_can_be_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever searches meanwhile is asked to come again, and is not told that nothing was found."""
    settings = settings_for(tmp_path / "huice.sqlite3")
    monkeypatch.setattr("service.publishing.MAX_INDEXED_AT_ONCE", 1)
    monkeypatch.setattr("service.compiled.match_writer.MAX_WARM", 1)
    found = prepare(settings)
    version = found.compiled.catalogue.version
    assert not publish_ahead(settings, found.compiled, found.files)
    opened = open_services(settings, source={}, compiled=found.compiled, published=True)
    with closing(opened) as worker:
        with pytest.raises(Refused, match="being made ready") as refusal:
            worker.search("灯塔")
        assert refusal.value.code is ErrorCode.BUSY
        assert not take_up_written(settings, worker.compiled)
        compiled = indexing.index_version(settings, version)
        assert compiled is not None
        assert worker.search("灯塔").ids[0] == "me-lighthouse"
    assert publish_ahead(settings, found.compiled, found.files)
    assert indexing.index_version(settings, "sha256:of before") is None  # nobody needs it any more
    indexing.write_ahead(settings, compiled)
    assert take_up_written(settings, found.compiled)
    assert found.compiled.match_answers.writer.ahead


def test_a_large_catalogue_is_found_by_the_former_index_until_its_own_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a reload, and nobody finds what is no longer there."""
    policies = shutil.copytree(FICTIONAL / "policies", tmp_path / "policies")
    settings = settings_for(tmp_path / "huice.sqlite3", policies=policies)
    with closing(open_today(settings)) as before:
        found = {words: before.search(words).ids for words in ("灯塔", "young", "企业")}
    assert "me-young-firm" in found["young"]
    monkeypatch.setattr("service.publishing.MAX_INDEXED_AT_ONCE", 0)
    (policies / FILE).unlink()
    after = prepare(settings)
    assert not publish_ahead(settings, after.compiled, after.files)
    opened = open_services(settings, source={}, compiled=after.compiled, published=True)
    with closing(opened) as worker:
        for words, ids in found.items():
            assert worker.search(words).ids == tuple(n for n in ids if n != "me-young-firm")
        assert indexing.index_version(settings, after.compiled.catalogue.version) is not None
        assert worker.search("灯塔").ids[0] == "me-lighthouse"


def test_of_an_index_what_did_not_change_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is found after a file has changed is what an index made anew finds."""
    policies = shutil.copytree(FICTIONAL / "policies", tmp_path / "policies")
    settings = settings_for(tmp_path / "huice.sqlite3", policies=policies)
    before = prepare(settings)
    assert publish_ahead(settings, before.compiled, before.files)
    file = policies / FILE
    file.write_text(file.read_text().replace("summary: {zh: ", "summary: {zh: 新"))
    after, anew = prepare(settings), settings_for(tmp_path / "other.sqlite3", policies=policies)
    assert publish_ahead(anew, after.compiled, after.files)
    made, of_programme = list[str](), search_documents._programme_document

    def noting(catalogue: Catalogue, programme: Programme) -> SearchDocument:
        made.append(programme.id)
        return of_programme(catalogue, programme)

    monkeypatch.setattr(search_documents, "_programme_document", noting)
    assert publish_ahead(settings, after.compiled, after.files)
    assert documents(settings, after) == documents(anew, after) != documents(settings, before)
    assert "me-lighthouse" not in made
    assert made
    with open_database(settings.database) as store:
        assert SearchIndex(store).last_made(program_version()) == after.compiled.catalogue.version
