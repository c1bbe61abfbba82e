"""The loader: a good catalogue of another country loads; each kind of fault is told exactly.

A file under bad/ is a good one with one fault. `#@` at its end names what it stands for, each `#!`
a diagnostic: file, line, what is wrong, what is allowed. Nothing else may be told.
"""

import time
from pathlib import Path

import pytest

from service.catalogue.loader import load_catalogue
from service.catalogue.source import Source, version_of
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import BrokenCatalogue
from service.domain.rules.quantities import ParameterQuantity
from service.domain.rules.unit_check import unit_of
from service.domain.rules.units import SHARE
from service.usecases.authoring.examples import run_examples
from tests.catalogue.diagnosing import diagnose
from tests.own import own_source

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.yaml"))


def good() -> dict[str, bytes]:
    """A catalogue of islands that do not exist, with a vocabulary of its own."""
    files = sorted((HERE / "good").rglob("*.yaml"))
    return {f"policies/{f.relative_to(HERE / 'good').as_posix()}": f.read_bytes() for f in files}


def marked(text: str, mark: str) -> list[str]:
    return [line.removeprefix(mark) for line in text.splitlines() if line.startswith(mark)]


def test_another_country_s_aid_loads_with_no_python_changed() -> None:
    """Sector, island, size, age and purpose: facts the engine has never heard of."""
    catalogue = load_catalogue(good())
    assert list(catalogue.programmes) == ["isles-solar"]
    assert {"company.sector", "company.size", "project.purpose"} <= set(catalogue.vocabulary.facts)


def test_its_examples_come_out() -> None:
    """Both sides of the age, the cap, an open list: the language means the same there."""
    run = run_examples(CompiledCatalogue(load_catalogue(good())))
    assert (run.failures, run.count) == ((), 7)


INDEX = b"""
id: index
label: {zh: index, en: index}
unit: times
source: a table
last_checked: 2026-11-01
verified: true
values: [{from: 2025-01-01, value: 1.05}]
"""


def test_an_index_multiplies_money() -> None:
    """A public figure of the unit `times` may be more than the whole, and has no unit itself."""
    catalogue = load_catalogue({**good(), "policies/parameters/index.yaml": INDEX})
    index = ParameterQuantity(catalogue.vocabulary.parameters["index"])
    assert unit_of(index, catalogue.vocabulary) == SHARE


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_a_fault_is_told_with_file_line_and_what_is_allowed(path: Path) -> None:
    """Exactly the diagnostics that the bad file names, and the catalogue is refused."""
    text = path.read_text(encoding="utf-8")
    (target,) = marked(text, "#@ ")
    source = {**good(), f"policies/{target}": text.encode()}
    told = [str(d).removeprefix("policies/") for d in diagnose(source)]
    assert told == marked(text, "#! ")
    assert told
    with pytest.raises(BrokenCatalogue):
        load_catalogue(source)


def test_faults_of_several_files_are_told_together() -> None:
    """One run names what is wrong everywhere, in order of file and line."""
    source = good()
    source["policies/aid/01-solar.yaml"] += b"nonsense: 1\n"
    source["policies/aid/measure.yaml"] += b"nonsense: 1\n"
    told = [(d.file, d.message.en.split(",")[0]) for d in diagnose(source)]
    assert ("policies/aid/measure.yaml", "unknown key 'nonsense'") in told
    assert told == sorted(told)


def test_a_file_that_is_no_yaml_hides_no_other_fault() -> None:
    """What another file says of the unreadable one is not held against it, nor is its measure
    missed."""
    source = good()
    text = source["policies/aid/01-solar.yaml"].decode()
    wrong = text.replace("isles-solar", "isles-wind").replace("rate: 0.50", "rate: 50")
    wrong = wrong.replace("purpose: energy", "purpose: energy\nexcludes: [isles-solar]")
    source["policies/aid/02-wind.yaml"] = wrong.encode()
    for name, fault in (
        ("aid/01-solar.yaml", "not YAML"),
        ("aid/measure.yaml", "not YAML"),
    ):
        broken = {**source, f"policies/{name}": source[f"policies/{name}"] + b"notes: {a\n"}
        told = [(d.file, d.message.en) for d in diagnose(broken)]
        assert told[0][0] == f"policies/{name}"
        assert told[0][1].startswith(fault)
        beside = told[1:]
        assert all(file == "policies/aid/02-wind.yaml" for file, _ in beside), beside
        assert any("rate" in words for _, words in beside) == (name == "aid/01-solar.yaml"), beside
        assert not any("no programme" in words for _, words in beside), beside


def test_an_id_stands_once() -> None:
    """A second programme of the same id is refused, with the place of the first."""
    source = good()
    source["policies/aid/02-solar.yaml"] = source["policies/aid/01-solar.yaml"]
    (fault,) = diagnose(source)
    assert str(fault) == (
        "policies/aid/02-solar.yaml:1: programme 'isles-solar' is already in "
        "policies/aid/01-solar.yaml"
    )


def test_a_programme_needs_a_measure_in_its_folder() -> None:
    """A file in a folder without measure.yaml belongs to nothing."""
    source = good()
    source["policies/lost/01-solar.yaml"] = source.pop("policies/aid/01-solar.yaml")
    (fault,) = diagnose(source)
    assert str(fault) == (
        "policies/lost/01-solar.yaml:1: no measure.yaml in this folder: a programme "
        "belongs to a measure"
    )


def test_an_operator_s_ids_begin_with_the_folder_s_name() -> None:
    """Private folders cannot take an id of ours."""
    source = {
        path.replace("policies/aid/", "private/bank/"): content for path, content in good().items()
    }
    words = (
        "must begin with 'bank' and a dot: a folder without a vocabulary.yaml stands beside ours"
    )
    assert [str(fault) for fault in diagnose(source)] == [
        f"private/bank/01-solar.yaml:1: 'isles-solar' {words}",
        f"private/bank/measure.yaml:1: 'isles-aid' {words}",
    ]


def test_text_that_is_not_utf_8_is_refused_with_its_line() -> None:
    """An editor that saved GBK is found out."""
    source = good()
    source["policies/aid/01-solar.yaml"] = "id: x\nname: 太阳能\n".encode("gbk")
    (fault,) = diagnose(source)
    assert (
        str(fault)
        == "policies/aid/01-solar.yaml:2: not UTF-8 but GBK, as it seems: save the file as UTF-8"
    )


def test_the_version_depends_on_content_and_path_only() -> None:
    """The same files amount to the same version; one byte more to another."""
    one, two = good(), dict(reversed(good().items()))
    assert version_of(one) == version_of(two)
    two["policies/aid/measure.yaml"] += b"\n"
    assert version_of(one) != version_of(two)


def project_source() -> Source:
    return own_source()


def test_the_project_s_catalogue_has_no_fault() -> None:
    """What is shipped loads."""
    assert diagnose(project_source()) == ()


def test_loading_everything_takes_a_moment() -> None:
    """Over a hundred programmes load well under the seconds a restart may take."""
    source = project_source()
    start = time.process_time()
    catalogue = load_catalogue(source)
    seconds = time.process_time() - start
    assert len(catalogue.programmes) > 100
    assert seconds < 3, f"{seconds:.2f} s"
