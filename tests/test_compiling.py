"""Files that were compiled before: only what changed is compiled anew."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service import forks
from service.catalogue import programme_files
from service.catalogue.file_kinds import is_programme
from service.catalogue.loader import load_catalogue
from service.catalogue.source import Source
from service.compiled.compiled_catalogue import _LISTS_OF_CATALOGUE, CompiledCatalogue
from service.compiled.compiled_versions import CompiledVersions
from service.compiled.decisive.fact_compiler import FactCompiler
from service.compiled.decisive.fact_tests import FactTests
from service.compiled.match_answers import AnswerExtras
from service.compiling import BY_FORKS, ProgrammeReaders, compile_files
from service.domain.deferred import Deferred, DeferredMapping, deferred_values
from service.domain.errors import BrokenCatalogue
from service.domain.evaluation.evaluator import AnswerDetail, AnswerOptions
from service.domain.facts.vocabulary import FactType
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.policy_files import load_source
from service.resources import compiled_files, reading_engine
from service.settings import Settings
from service.storage import compiled_bytes
from service.storage.compiled_bytes import packed, unpacked
from service.usecases.authoring.examples import raw_profile
from tests.api.sample import FICTIONAL, settings_for
from tests.catalogue.diagnosing import diagnose
from tests.catalogue.test_unchanged import ANGEL, MATCH, OVERLAY, RENT, cities

DAY = date(2026, 6, 1)
FILE = Path("meridian") / "me-2026-1" / "02-young-firm.yaml"


def compiled(settings: Settings) -> CompiledCatalogue:
    """The catalogue of the files as they are now, kept as a start keeps it."""
    checked = settings.failing_examples == "refuse"
    content = compile_files(settings, load_source(settings), checked, divided=False)
    found = unpacked(content)
    assert isinstance(found, CompiledCatalogue)
    compiled_files(settings).save(found.catalogue.version, reading_engine(settings), content)
    return found


def read_apart(source: Source) -> Catalogue:
    """The catalogue of files whose programmes forks read."""
    return load_catalogue(source, divide=ProgrammeReaders(checked=True).read)


def test_files_read_by_forks_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that speak of programmes that another fork read, that share a cap, or that an
    overlay says how to apply for; and what was sent, or packed meanwhile, is kept as it came,
    with the most that a programme can come to."""
    monkeypatch.setattr(forks, "MIN_ITEMS_TO_FORK", 1)
    monkeypatch.setattr(programme_files, "MAX_AT_ONCE", 1)
    readers = ProgrammeReaders(checked=True)
    found, plain = load_catalogue(cities(), divide=readers.read), load_catalogue(cities())
    assert repr(dict(found.programmes)) == repr(dict(plain.programmes))
    assert repr(found.measures) == repr(plain.measures)
    assert found.version == plain.version
    assert isinstance(found.programmes, DeferredMapping)
    sent = packed_values(found.programmes)
    readers.pack_meanwhile()()
    assert 0 < len(sent) < len(packed_values(found.programmes)) <= len(plain.programmes)
    benefits = [value.value.benefit for value in sent if value.value.benefit]
    assert benefits
    assert all("most" in vars(benefit) for benefit in benefits)
    kept = unpacked(packed(found, found.programmes.deferred().values()))
    assert isinstance(kept, Catalogue)
    assert repr(dict(kept.programmes)) == repr(dict(plain.programmes))


def packed_values(programmes: DeferredMapping[str, Programme]) -> list[Deferred[Programme]]:
    """Those that lie packed."""
    values, form = programmes.deferred().values(), compiled_bytes._PackedPiece
    return [value for value in values if isinstance(value.load, form)]


def test_whoever_reads_tries_the_examples_of_what_hangs_on_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Which programmes paid the support that an example states, and which share a cap, is known
    only when all have been read. What does not come out is told as if one had read all."""
    monkeypatch.setattr(forks, "MIN_ITEMS_TO_FORK", 1)
    monkeypatch.setattr(programme_files, "MAX_AT_ONCE", 1)
    readers = ProgrammeReaders(checked=True)
    catalogue = load_catalogue(cities(), divide=readers.read)
    facts = catalogue.vocabulary.facts
    hang = {
        p.id
        for p in catalogue.programmes.values()
        if any(facts[f].type is FactType.AWARDS for e in p.examples for f in e.given)
        or (p.benefit and any(cap.shared for cap in p.benefit.caps))
    }
    values = deferred_values(catalogue.programmes)
    tried = {v.value.id for v in values if readers.has_tried(v)}
    assert hang
    assert not tried & hang
    assert len(tried) > len(hang)
    settings = settings_for(tmp_path / "huice.sqlite3", policies=FICTIONAL / "policies")
    files = dict(load_source(settings))
    for path in [path for path in files if is_programme(path)][::5]:
        files[path] = files[path].replace(b"status: potential", b"status: eligible")
    told = []
    for divided in (True, False):
        with pytest.raises(BrokenCatalogue) as error:
            compile_files(settings, files, checked=True, divided=divided)
        told.append(error.value.diagnostics)
    assert told[0] == told[1]


def test_what_a_fork_finds_meanwhile_is_what_is_found_here() -> None:
    """Numbers of conditions, too, by which answers name them."""
    catalogue = load_catalogue(cities())
    here, apart = CompiledCatalogue(catalogue), CompiledCatalogue(replace(catalogue))
    here.compile()
    apart.compile(BY_FORKS)
    for name in _LISTS_OF_CATALOGUE:
        assert vars(apart.catalogue)[name] == vars(here.catalogue)[name]
    assert apart.table.ids == here.table.ids
    assert apart.used_parameters == here.used_parameters != ()
    assert apart.fact_compiler.tests == here.fact_compiler.tests
    assert apart.fact_compiler.numbers.conditions == here.fact_compiler.numbers.conditions


@pytest.mark.parametrize(
    "broken",
    [
        {MATCH: b"id: [", ANGEL: b"id: 7"},
        {MATCH: cities()[ANGEL]},
        {RENT: cities()[RENT].replace(b"article:", b"artikle:"), OVERLAY: b"applications: 3"},
    ],
    ids=["of one measure", "one id twice", "of several kinds"],
)
def test_files_that_forks_find_broken_are_told_whole(broken: Source) -> None:
    """As whoever reads all by itself tells them."""
    source = {**cities(), **broken}
    with pytest.raises(BrokenCatalogue) as error:
        read_apart(source)
    assert error.value.diagnostics == diagnose(source)


def test_what_changed_is_tried_and_the_rest_taken_over(tmp_path: Path) -> None:
    """What is kept for the next time is that of all files."""
    policies = shutil.copytree(FICTIONAL / "policies", tmp_path / "policies")
    settings = settings_for(tmp_path / "huice.sqlite3", policies=policies)
    before, files = compiled(settings), load_source(settings)
    file = policies / FILE
    text = file.read_text()
    file.write_text(text.replace("summary: {zh: ", "summary: {zh: 新"))
    again = compiled(settings)
    anew = compiled(settings_for(tmp_path / "other.sqlite3", policies=policies))
    assert repr(again.catalogue) == repr(anew.catalogue) != repr(before.catalogue)
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


A_TEXT = ("奖励职工不超过五十人的", "奖励职工不过五十人的")
A_FIGURE = ("employees, at_most: 50}", "employees, at_most: 51}")
ANOTHER_FACT = ("company.employees, at_most: 50}", "company.founded_on, on_or_before: 2024-01-01}")
ANOTHER_SHAPE = (
    "- {fact: company.employees, at_most: 50}",
    "- {any: [{fact: company.employees, at_most: 50}, {use: in_city}]}",
)
ANOTHER_NAME = ("id: me-young-firm", "id: me-small-firm")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (A_TEXT, set()),
        (A_FIGURE, {"company.employees"}),
        (ANOTHER_FACT, {"company.founded_on"}),
    ],
    ids=["a text", "a figure", "another fact"],
)
def test_what_answers_can_do_is_found_anew_only_of_facts_that_are_asked_otherwise(
    edit: tuple[str, str],
    expected: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a catalogue of ten thousand that is most of what compiling takes."""
    settings, found = edited_settings(tmp_path), set[str]()
    compiled(settings)
    edit_file(settings, edit)
    plain = FactCompiler.tests_of

    def noted(compiler: FactCompiler, facts: Sequence[str]) -> dict[str, FactTests]:
        found.update(facts)
        return plain(compiler, facts)

    monkeypatch.setattr(FactCompiler, "tests_of", noted)
    compiled(settings)
    assert found == expected


@pytest.mark.parametrize(
    "edit", [A_TEXT, A_FIGURE, ANOTHER_FACT, ANOTHER_SHAPE, ANOTHER_NAME], ids=lambda e: e[1]
)
def test_what_is_taken_over_answers_as_what_is_compiled_anew(
    edit: tuple[str, str], tmp_path: Path
) -> None:
    """To every applicant of the examples, and to one who states nothing, in full; also where the
    edit is taken back."""
    settings = edited_settings(tmp_path)
    first = answers_of(compiled(settings))
    edit_file(settings, edit)
    again = compiled(settings)
    anew = compiled(replace(settings, database=tmp_path / "other.sqlite3"))
    assert answers_of(again) == answers_of(anew) != first
    edit_file(settings, edit[::-1])
    assert answers_of(compiled(settings)) == first


def test_what_serves_stays_as_it_is_while_another_takes_over_from_it(tmp_path: Path) -> None:
    """It is not taken up a second time for that; the conditions of the other are numbered apart."""
    settings = edited_settings(tmp_path)
    version = compiled(settings).catalogue.version
    engine = reading_engine(settings, checked=False)
    serving = compiled_files(settings).load(version, engine)
    assert isinstance(serving, CompiledCatalogue)
    assert compiled_files(settings).latest(engine) is serving
    first, numbered = answers_of(serving), list(serving.fact_compiler.numbers.conditions)
    edit_file(settings, ANOTHER_FACT)
    assert answers_of(compiled(settings)) != first
    assert serving.fact_compiler.numbers.conditions == numbered
    assert answers_of(serving) == first


def edited_settings(folder: Path) -> Settings:
    """The settings of a service over files that can be changed, whose examples may fail."""
    policies = shutil.copytree(FICTIONAL / "policies", folder / "policies")
    settings = settings_for(folder / "huice.sqlite3", policies=policies)
    return replace(settings, failing_examples="serve")


def edit_file(settings: Settings, edit: tuple[str, str]) -> None:
    """Replace a passage of one programme's file."""
    file = settings.policies / FILE
    file.write_text(file.read_text().replace(*edit))


def answers_of(huice: CompiledCatalogue) -> list[bytes]:
    """What it answers to the applicants of its examples."""
    nothing, options = AnswerExtras(b"[]", b"[]", str), AnswerOptions(detail=AnswerDetail.FULL)
    programmes = huice.catalogue.programmes.values()
    raw = [raw_profile(p, e, huice.catalogue.vocabulary) for p in programmes for e in p.examples]
    profiles = [huice.reader.read(each, "")[0] for each in (*raw, {"company": {}})]
    return [huice.match_answers.answer(p, DAY, options, nothing).written() for p in profiles]
