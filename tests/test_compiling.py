"""Files that were compiled before: only what changed is compiled anew."""

import shutil
from pathlib import Path

import pytest

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.compiled_versions import CompiledVersions
from service.compiling import compile_files
from service.domain.errors import BrokenCatalogue
from service.policy_files import load_source
from service.resources import compiled_files, reading_engine
from service.settings import Settings
from service.storage.compiled_files import unpacked
from tests.api.sample import FICTIONAL, settings_for

FILE = Path("meridian") / "me-2026-1" / "02-young-firm.yaml"


def compiled(settings: Settings) -> CompiledCatalogue:
    """The catalogue of the files as they are now, kept as a start keeps it."""
    content = compile_files(settings, load_source(settings), checked=True, divided=False)
    found = unpacked(content)
    assert isinstance(found, CompiledCatalogue)
    compiled_files(settings).save(found.catalogue.version, reading_engine(settings), content)
    return found


def test_what_changed_is_tried_and_the_rest_taken_over(tmp_path: Path) -> None:
    """What is searched, and what is kept for the next time, is that of all files."""
    policies = shutil.copytree(FICTIONAL / "policies", tmp_path / "policies")
    settings = settings_for(tmp_path / "huice.sqlite3", policies=policies)
    before, files = compiled(settings), load_source(settings)
    file = policies / FILE
    text = file.read_text()
    file.write_text(text.replace("summary: {zh: ", "summary: {zh: 新"))
    again = compiled(settings)
    anew = compiled(settings_for(tmp_path / "other.sqlite3", policies=policies))
    assert repr(again.catalogue) == repr(anew.catalogue) != repr(before.catalogue)
    assert again.documents.value == anew.documents.value != before.documents.value
    former = CompiledVersions(again, {before.catalogue.version: files}.__getitem__)
    replayed = former.compiled(before.catalogue.version).catalogue
    assert repr(replayed) == repr(before.catalogue)
    same = [
        name for name, p in replayed.programmes.items() if again.catalogue.programmes[name] is p
    ]
    assert same == ["me-lighthouse"]
    assert again.digests.value == anew.digests.value != before.digests.value
    file.write_text(text.replace("expect: {status: potential}", "expect: {status: eligible}"))
    with pytest.raises(BrokenCatalogue, match="expected eligible"):
        compiled(settings)
