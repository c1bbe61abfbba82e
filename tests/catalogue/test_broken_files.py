"""However broken a file is, it is refused in words: no traceback, no end of the process."""

import errno
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from service.catalogue.fault_words import say
from service.catalogue.loader import load_catalogue
from service.catalogue.operator_keys import EVERY_KEY
from service.catalogue.quantities import HEADS
from service.catalogue.source import MAX_FILE_BYTES, Folders, read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import BrokenCatalogue, Diagnostic
from service.usecases.authoring.examples import run_examples
from service.usecases.authoring.uncompilable import compile_all
from tests.catalogue.diagnosing import diagnose
from tests.catalogue.test_loader import good

PROGRAMME = "policies/aid/01-solar.yaml"
HOSTILE = {
    "open brackets without end": b"[" * 100_000,
    "closed brackets, deep": b"[" * 5_000 + b"]" * 5_000,
    "braces without end": b"{a: " * 50_000,
    "lists within lists": b"- " * 100_000 + b"a",
    "keys within keys": b"? " * 100_000,
    "a number of 5,000 digits": b"id: " + b"9" * 5_000,
    "a fraction of 5,000 digits": b"id: 0." + b"9" * 5_000,
    "UTF-16": "id: 太阳".encode("utf-16"),
    "GB18030": "id: 太阳".encode("gb18030"),
    "a NUL": b"id: \x00",
    "half a character": b'id: "\\ud800"',
    "half a character as a key": b'"\\udfff": 1',
    "another type": b"id: !!python/object/apply:os.system [ls]",
    "two documents": b"--- a\n--- b\n",
    "nothing": b"",
    "a scalar": b"solar",
    "a list": b"- a\n- b\n",
    "larger than any policy": b"# " + b"x" * 5_000_000,
    "more values than any policy": b"[" + b"1," * 50_001 + b"]",
    "itself": b"&a [*a]",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ["aid/01-solar.yaml", "aid/measure.yaml", "vocabulary.yaml"])
def test_a_hostile_file_is_refused_in_words(name: str, content: bytes) -> None:
    """One line at least, each with the file and a line, whatever the file was meant to be."""
    told = diagnose({**good(), f"policies/{name}": content})
    assert told
    assert all(re.fullmatch(r"policies/[\w/.-]+:\d+: .{3,300}", str(d)[:330]) for d in told)


def test_deep_nesting_does_not_end_the_process(tmp_path: Path) -> None:
    """A hundred thousand brackets overflow the stack of the parser's own code: tried apart."""
    (tmp_path / "vocabulary.yaml").write_bytes(b"[" * 100_000)
    done = subprocess.run(
        [Path(sys.executable).with_name("huice"), "--lang", "en", "policies", "lint"],
        check=False, capture_output=True, text=True, timeout=60,
        env={**os.environ, "HUICE_POLICIES": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path}/vocabulary.yaml:1: nested deeper than 60 levels\n"


_VALUES = ["", "[]", "{}", "{zh: a}", "[[x]]", "true", "-1", "0.5", "2026-01-01", "'x'", "~",
           "{a: {b: c}}", "[company.size]", "{use: on_the_outer_islands}", "1e9", "'1'",
           "[~]"]  # fmt: skip


def damaged(source: Mapping[str, bytes], seed: int) -> Iterator[Mapping[str, bytes]]:
    """The good catalogue with one or two values replaced, lines lost, twisted or out of place."""
    dice = random.Random(seed)
    for _ in range(120):
        path = dice.choice(sorted(source))
        text = source[path].decode()
        for _ in range(dice.choice((1, 1, 2))):
            lines = text.splitlines()
            at = dice.randrange(len(lines))
            kind = dice.randrange(6)
            if kind == 0:
                del lines[at]
            elif kind == 1:
                lines[at] = re.sub(r": .*", f": {dice.choice(_VALUES)}", lines[at], count=1)
            elif kind == 2:
                spots = list(re.finditer(r"(?<=: )[^,{}\[\]]+(?=[,}\]])", lines[at]))
                if spots:
                    spot, value = dice.choice(spots), dice.choice(_VALUES)
                    lines[at] = lines[at][: spot.start()] + value + lines[at][spot.end() :]
            elif kind == 3:
                lines.insert(at, lines[dice.randrange(len(lines))])
            else:
                lines = damaged_rule(dice, text).splitlines()
            text = "\n".join(lines) + "\n"
        yield {**source, path: text.encode()}


def damaged_rule(dice: random.Random, text: str) -> str:
    """A file with one word of a rule in another's place: a key, a fact, a value."""
    words = dice.choice((sorted({*EVERY_KEY, *HEADS, "umbrella", "elsewhere"}), FACTS))
    spots = list(re.finditer(rf"(?<![\w.])({'|'.join(words)})(?![\w.])", text))
    if not spots:
        return text
    spot = dice.choice(spots)
    return text[: spot.start()] + dice.choice(words) + text[spot.end() :]


FACTS = ["company.kind", "company.sector", "company.size", "company.founded_on",
         "company.employees", "company.outlook", "project.cost", "project.purpose"]  # fmt: skip


@pytest.mark.parametrize(
    "seed", [pytest.param(s, marks=pytest.mark.deep if s > 1 else ()) for s in range(40)]
)
def test_a_damaged_catalogue_is_refused_or_can_be_served(seed: int) -> None:
    """Some five hundred damages: whatever does not load is told in words that speak of the file;
    the rest is compiled, and its examples are answered."""
    refused = 0
    for source in damaged(good(), seed):
        told = diagnose(source)
        refused += bool(told)
        assert not [str(d) for d in told if "please report" in str(d)]
        if not told:
            compiled = CompiledCatalogue(load_catalogue(source))
            compile_all(compiled)
            failures = run_examples(compiled).failures
            assert not [str(d) for d in failures if "please report" in str(d)]
    assert refused > 20


def test_an_error_of_the_program_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read, compiled or tried: what was not foreseen is a fault of the file at which it happens,
    so that the last good catalogue stays in use and the log says why."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    compiled = CompiledCatalogue(load_catalogue(good()))
    with monkeypatch.context() as patch:
        patch.setattr("service.usecases.authoring.examples.evaluate_programme", fail)
        failures = run_examples(compiled).failures
        assert [(d.file, d.line) for d in failures] == [(PROGRAMME, 1)]
    with monkeypatch.context() as patch:
        patch.setattr(CompiledCatalogue, "compile", fail)
        with pytest.raises(BrokenCatalogue, match="isles-solar: the rule can be read but not"):
            compile_all(compiled)
    for name, file in (("programme_files.build_programme", PROGRAMME),
                       ("programme_files.build_measure", "policies/aid/measure.yaml"),
                       ("loader.build_vocabulary", "policies")):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(f"service.catalogue.{name}", fail)
            told = {d.file: d.message.en for d in diagnose(good())}
            assert "(ZeroDivisionError by nothing)" in told[file]


def test_what_cannot_be_read_is_told_with_its_place(tmp_path: Path) -> None:
    """A link to nothing, a folder called like a file, a pipe, another ending: each is named, none
    is passed over."""
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "lost.yaml").symlink_to(tmp_path / "nowhere")
    (policies / "round.yaml").symlink_to(policies / "round.yaml")
    (policies / "folder.yaml").mkdir()
    os.mkfifo(policies / "pipe.yaml")
    (policies / "08-award.yml").write_text("id: x\n")
    (policies / "09-award.YAML").write_text("id: x\n")
    (policies / "10-award.yaml.txt").write_text("id: x\n")
    (tmp_path / "seeds").mkdir()
    with pytest.raises(BrokenCatalogue) as error:
        read_source(policies, tmp_path / "seeds", [tmp_path / "bank", tmp_path / "no" / "bank"])
    told = str(error.value).replace(str(tmp_path), "").splitlines()
    assert told == [
        "/bank: another folder is called 'bank' too",
        "/bank: no such folder",
        "/no/bank: another folder is called 'bank' too",
        "/no/bank: no such folder",
        "/policies/08-award.yml: would be passed over: a policy file's name ends in .yaml",
        "/policies/09-award.YAML: would be passed over: a policy file's name ends in .yaml",
        "/policies/10-award.yaml.txt: would be passed over: a policy file's name ends in .yaml",
        "/policies/folder.yaml: is a folder, with the name of a file",
        "/policies/lost.yaml: cannot be read: No such file or directory",
        "/policies/pipe.yaml: is no ordinary file",
        "/policies/round.yaml: cannot be read: Too many levels of symbolic links",
    ]


def test_what_looked_like_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel's log does, or a pipe that took a file's place since it was looked at: a
    command read on for ever."""
    for name in ("policies", "seeds"):
        (tmp_path / name).mkdir()
    os.mkfifo(tmp_path / "policies" / "log.yaml")
    held = os.open(tmp_path / "policies" / "log.yaml", os.O_RDWR)
    monkeypatch.setattr("service.catalogue.source._is_plain", lambda _: True)
    try:
        with pytest.raises(BrokenCatalogue, match=r"log\.yaml: is no ordinary file"):
            read_source(tmp_path / "policies", tmp_path / "seeds")
    finally:
        os.close(held)


def test_a_link_to_a_folder_of_policies_is_told(tmp_path: Path) -> None:
    """It is not followed, since it may lead round; one with nothing of the catalogue is let be."""
    for name in ("policies", "seeds", "elsewhere", "notes"):
        (tmp_path / name).mkdir()
    (tmp_path / "elsewhere" / "01.yaml").write_text("id: x\n")
    (tmp_path / "policies" / "city").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "policies" / "notes").symlink_to(tmp_path / "notes")
    (tmp_path / "policies" / "processes").symlink_to("/proc/self/task")  # come and go
    with pytest.raises(BrokenCatalogue) as error:
        read_source(tmp_path / "policies", tmp_path / "seeds")
    assert [(Path(d.file).name, d.message.en) for d in error.value.diagnostics] == [
        ("city", "is a link to a folder, which would be passed over: put the folder itself here")
    ]


def test_a_file_that_nobody_may_look_at_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a folder that may be listed and not entered, or on a share whose handle is stale."""
    for name in ("policies", "seeds"):
        (tmp_path / name).mkdir()
    (tmp_path / "policies" / "01.yaml").write_text("id: x\n")

    def refused(*_: object, **__: object) -> os.stat_result:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("service.catalogue.source.os.lstat", refused)
    monkeypatch.setattr("service.catalogue.source.Path.is_symlink", refused)
    with pytest.raises(BrokenCatalogue, match=r"01\.yaml: cannot be read: Permission denied"):
        read_source(tmp_path / "policies", tmp_path / "seeds")


def test_what_is_hidden_is_no_file_of_the_catalogue(tmp_path: Path) -> None:
    """A cluster shows links to files that it keeps in hidden folders; editors leave hidden files
    and links that lead nowhere."""
    policies = tmp_path / "policies"
    (policies / "..2026_11_26").mkdir(parents=True)
    (tmp_path / "seeds").mkdir()
    (policies / "..2026_11_26" / "01.yaml").write_text("id: x\n")
    (policies / "..data").symlink_to("..2026_11_26")
    (policies / "01.yaml").symlink_to("..data/01.yaml")
    (policies / ".#01.yaml").symlink_to("nobody@nowhere")
    (policies / "._01.yaml").write_bytes(b"\x00\x05\x16\x07")
    assert read_source(policies, tmp_path / "seeds") == {"policies/01.yaml": b"id: x\n"}


def test_a_folder_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its programmes would be missing without a word."""
    (tmp_path / "policies" / "city").mkdir(parents=True)
    (tmp_path / "seeds").mkdir()
    listed = os.scandir

    def refused(path: str) -> Any:
        if path.endswith("/city"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(BrokenCatalogue, match="city: cannot be read: Permission denied"):
        read_source(tmp_path / "policies", tmp_path / "seeds")


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    """Where a volume is not mounted, all programmes in it would be gone without a word."""
    for name in ("policies", "seeds", "bank"):
        (tmp_path / name).mkdir()
    (tmp_path / "policies" / "01.yaml").write_text("id: x\n")
    with pytest.raises(BrokenCatalogue, match="bank: holds no policy file"):
        read_source(tmp_path / "policies", tmp_path / "seeds", [tmp_path / "bank"])


def test_a_file_too_large_to_be_rules_is_not_read(tmp_path: Path) -> None:
    """It would take the memory of the process that holds all others together."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "seeds").mkdir()
    with (tmp_path / "policies" / "01.yaml").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(BrokenCatalogue, match=r"01\.yaml: is larger than 8 MB"):
        read_source(tmp_path / "policies", tmp_path / "seeds")


def test_faults_of_an_operator_s_folder_name_the_file_on_the_disk(tmp_path: Path) -> None:
    """Not the name it has inside the catalogue, which no editor can open."""
    folders = Folders(tmp_path / "policies", tmp_path / "seeds", (tmp_path / "srv" / "bank",))
    assert folders.on_disk("private/bank/loan.yaml") == f"{tmp_path}/srv/bank/loan.yaml"
    assert folders.on_disk("policies/a/b.yaml") == f"{tmp_path}/policies/a/b.yaml"
    assert folders.on_disk("elsewhere.yaml") == "elsewhere.yaml"
    twice = say("programme_defined_twice", programme="a", other="private/bank/b/a.b.yaml")
    told = folders.at_true_paths(BrokenCatalogue((Diagnostic("private/bank/c.yaml", 2, twice),)))
    assert str(told) == (
        f"{tmp_path}/srv/bank/c.yaml:2: programme a is already in {tmp_path}/srv/bank/b/a.b.yaml"
    )


_TABLES = {
    b"code,zh\na,\xff": "seeds/codes/places.csv:1: not UTF-8: save the table as UTF-8",
    b"code,zh\na,b\n": "seeds/codes/places.csv:1: the table has no column 'en'",
    b"code,zh,en,valid_to\na,b,c,soon\n": "seeds/codes/places.csv:2: the row cannot be read: "
    "invalid literal for int() with base 10: 'soon'",
    b"code,zh,en\na,b,c\na,b,c\n": "seeds/codes/places.csv:3: code 'a' stands twice",
    b"code,zh,en,parent\na,b,c,z\n": "seeds/codes/places.csv:1: a: there is no code 'z' in it",
}  # fmt: skip


@pytest.mark.parametrize(("table", "words"), _TABLES.items(), ids=range(len(_TABLES)))
def test_a_broken_table_of_codes_is_told_by_its_line(table: bytes, words: str) -> None:
    """Another encoding, a column that is missing, a word for a year, a code twice."""
    source = good()
    old = b"codes: {energy: {zh: \xe8\x83\xbd\xe6\xba\x90, en: Energy}}"
    vocabulary = source["policies/vocabulary.yaml"].replace(old, b"table: codes/places.csv", 1)
    source = {**source, "policies/vocabulary.yaml": vocabulary, "seeds/codes/places.csv": table}
    assert words in [str(d) for d in diagnose(source)]


def test_a_definition_that_is_broken_is_told_where_it_stands_alone() -> None:
    """Not again, and not as a failure of the program, where an amount uses it."""
    source = good()
    measure, programme = source["policies/aid/measure.yaml"], source[PROGRAMME]
    source["policies/aid/measure.yaml"] = measure.replace(b"within: outer", b"within: beyond")
    by_place = b"{cases: [{when: {use: on_the_outer_islands}, then: 0.50}], otherwise: 0.30}"
    source[PROGRAMME] = programme.replace(b"rate: 0.50", b"rate: " + by_place)
    assert [d.file for d in diagnose(source)] == ["policies/aid/measure.yaml"]


def test_a_vocabulary_without_instruments_is_told_by_the_list_that_is_missing() -> None:
    """At each programme that names one."""
    source = good()
    words = source["policies/vocabulary.yaml"]
    source["policies/vocabulary.yaml"] = words.replace(b"  instruments:", b"  others:")
    told = [str(d) for d in diagnose(source)]
    assert told
    assert all("the vocabulary has no list 'instruments'" in fault for fault in told)
