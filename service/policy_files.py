"""The policy files that the settings name: read, faults told at their own paths."""

from collections.abc import Callable

from service.catalogue.fault_words import say
from service.catalogue.folder_walk import Note, unnoted
from service.catalogue.loader import load_catalogue
from service.catalogue.programme_files import Divide
from service.catalogue.source import Folders, Source, read_source, version_of
from service.catalogue.unchanged import EarlierCatalogue
from service.domain.errors import BrokenCatalogue, Diagnostic
from service.domain.rules.catalogue import Catalogue
from service.settings import Settings


def load_source(settings: Settings, *, may_be_empty: bool = False, note: Note = unnoted) -> Source:
    """The policy files that the settings name; each is told to `note` before it is read. Raises
    BrokenCatalogue where one cannot be read, or, unless it `may_be_empty`, where a folder holds
    none."""
    return read_source(
        settings.policies,
        settings.seeds,
        settings.private,
        may_be_empty=may_be_empty,
        note=note,
    )


def folders_of(settings: Settings) -> Folders:
    return Folders(settings.policies, settings.seeds, settings.private)


def load_from_disk(
    settings: Settings,
    files: Source,
    earlier: EarlierCatalogue | None = None,
    divide: Divide | None = None,
) -> Catalogue:
    """The catalogue of files just read; what has not changed since an `earlier` one is taken over,
    all else may be divided among processes. Raises BrokenCatalogue, each fault with its file's own
    path."""
    try:
        return load_catalogue(files, earlier, divide)
    except BrokenCatalogue as error:
        raise folders_of(settings).at_true_paths(error) from None


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
