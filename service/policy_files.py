"""The policy files that the settings name: read, checked, faults told at their own paths."""

from collections.abc import Callable

from service.catalogue.fault_words import say
from service.catalogue.loader import load_catalogue
from service.catalogue.source import Folders, Source, read_source, version_of
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import BrokenCatalogue, Diagnostic
from service.domain.rules.catalogue import Catalogue
from service.settings import Settings
from service.usecases.authoring.examples import run_examples


def load_source(settings: Settings, *, may_be_empty: bool = False) -> Source:
    """The policy files that the settings name. Raises BrokenCatalogue where one cannot be read, or,
    unless it `may_be_empty`, where a folder holds none."""
    return read_source(
        settings.policies, settings.seeds, settings.private, may_be_empty=may_be_empty
    )


def folders_of(settings: Settings) -> Folders:
    return Folders(settings.policies, settings.seeds, settings.private)


def load_from_disk(settings: Settings, files: Source) -> Catalogue:
    """The catalogue of files just read. Raises BrokenCatalogue, each fault with its file's own
    path."""
    try:
        return load_catalogue(files)
    except BrokenCatalogue as error:
        raise folders_of(settings).at_true_paths(error) from None


def check_examples(settings: Settings, compiled: CompiledCatalogue) -> None:
    """Raises BrokenCatalogue where an example does not come out as its file says."""
    failures = run_examples(compiled).failures
    if failures:
        raise folders_of(settings).at_true_paths(BrokenCatalogue(failures))


def files_of(settings: Settings, version: str, source: Source | None) -> Callable[[], Source]:
    """What gives the files of a version: those that were read, or else those of the policy files,
    which look as they did. It raises BrokenCatalogue where these have become others."""

    def read() -> Source:
        found = load_source(settings)
        if version_of(found) != version:
            words = say("the_files_changed_while_they_were")
            raise BrokenCatalogue((Diagnostic("policies", 1, words),))
        return found

    return read if source is None else lambda: source
