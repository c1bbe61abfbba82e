"""Shared conditions, public figures and tables of codes that nothing names."""

from service.usecases.authoring.unused_entries import unused_entries
from tests.catalogue.test_loader import INDEX, good
from tests.own import own_source

MEASURE = "policies/aid/measure.yaml"
FIGURE = "policies/parameters/index.yaml"
DEFINED = b"  idle: {fact: company.region, within: tern}\narticles:"


def test_what_every_rule_uses_is_not_noted() -> None:
    """The made-up measure, and the project's own."""
    assert [*unused_entries(good()), *unused_entries(own_source())] == []


def test_a_shared_condition_that_no_programme_uses_is_noted() -> None:
    """At its measure's file, by its name: it was meant for somebody."""
    source = good()
    source[MEASURE] = source[MEASURE].replace(b"articles:", DEFINED)
    (note,) = unused_entries(source)
    assert (note.file, note.about) == (MEASURE, "idle")
    assert "definition 'idle' is not used" in note.message.en


def test_a_shared_condition_is_used_by_files_of_its_own_folder_alone() -> None:
    """Another measure's definition of that name is another."""
    source = good()
    source[MEASURE] = source[MEASURE].replace(b"articles:", DEFINED)
    source["policies/other/01-wind.yaml"] = b"conditions: {use: idle}\n"
    assert [note.about for note in unused_entries(source)] == ["idle"]


def test_a_public_figure_that_no_rule_reckons_with_is_noted() -> None:
    """Until one does."""
    source = {**good(), FIGURE: INDEX}
    (note,) = unused_entries(source)
    assert (note.file, note.about) == (FIGURE, "index")
    source["policies/aid/02.yaml"] = b"benefit: {amount: {parameter: index}}\n"
    assert not list(unused_entries(source))


def test_a_table_that_no_list_is_made_of_is_noted() -> None:
    """A table of codes is read where a list names it."""
    (note,) = unused_entries({**good(), "seeds/codes/birds.csv": b"code,zh,en\n"})
    assert "no list uses the table 'seeds/codes/birds.csv'" in note.message.en
