"""Policy files compiled, tried and packed. Of files that were compiled before only those are read
that changed; the rest is taken over as it was kept."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from service.catalogue.file_kinds import is_programme
from service.catalogue.source import Source, digests_of
from service.catalogue.unchanged import EarlierCatalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.deferred import Deferred, DeferredMapping
from service.domain.errors import BrokenCatalogue, Diagnostic
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Measure
from service.domain.rules.programmes import Programme
from service.forks import MIN_ITEMS_TO_FORK, Divided
from service.policy_files import folders_of, load_from_disk
from service.resources import compiled_files, reading_engine
from service.settings import Settings
from service.storage.compiled_bytes import packed, packed_each, unpacked_each
from service.storage.search import DocumentKind, IndexedDocument, indexed
from service.usecases.authoring.examples import run_examples
from service.usecases.authoring.standard_cases import run_cases
from service.usecases.authoring.uncompilable import compile_all
from service.usecases.reference.search_documents import (
    documents_of,
    search_documents,
    searchable,
)

# What examples did not come out as written, and what makes the rest searchable.
Examined: TypeAlias = tuple[tuple[Diagnostic, ...], tuple[IndexedDocument, ...]]


def compile_files(
    settings: Settings, files: Source, checked: bool, *, divided: bool = True
) -> bytes:
    """The packed catalogue of files; where `checked`, their examples have to come out. These are
    tried, and what makes it searchable found, meanwhile by forks of this process where `divided`:
    they have it too. Raises BrokenCatalogue, also where an example does not come out."""
    before = _LastCompiled(settings, checked)
    many = divided and sum(map(is_programme, files)) >= MIN_ITEMS_TO_FORK
    catalogue = load_from_disk(settings, files, before.read, read_by_forks if many else None)
    compiled = CompiledCatalogue(catalogue)

    def examine(part: Sequence[Programme | Measure]) -> Examined:
        programmes = [p for p in part if checked and isinstance(p, Programme)]
        documents = tuple(map(indexed, search_documents(catalogue, part)))
        return run_examples(compiled, programmes).failures, documents

    whole = searchable(catalogue)
    new = [file for file in whole if not before.has(file)]
    begun = Divided(examine, new) if divided else None
    try:
        compile_all(compiled)
    except BrokenCatalogue as error:
        raise folders_of(settings).at_true_paths(error) from None
    examined = [examine(new)] if begun is None else list(begun.results())
    failures = [fault for faults, _ in examined for fault in faults]
    if checked:
        failures += [fault for faults in run_cases(compiled) for fault in faults]
    if failures:
        raise folders_of(settings).at_true_paths(BrokenCatalogue(tuple(failures)))
    documents = before.documents | {(d.kind, d.id): d for _, file in examined for d in file}
    listed = [documents[key] for file in whole for key in documents_of(file)]
    compiled.keep_beside(tuple(listed), digests_of(files))
    return packed(compiled, before.packed_values(catalogue))


def read_by_forks(
    read: Callable[[Sequence[str]], list[Programme] | None],
    paths: Sequence[str],
    shared: Sequence[object],
) -> list[Deferred[Programme]] | None:
    """The programmes of files that forks of this process read, still packed as they sent them; None
    where one found a fault."""

    def pack(part: Sequence[str]) -> list[bytes] | None:
        programmes = read(part)
        return None if programmes is None else packed_each(programmes, shared)

    pieces = list[bytes]()
    whole = True
    for part in Divided(pack, paths).results():
        whole = whole and part is not None
        pieces += part or ()
    return unpacked_each(pieces, shared) if whole else None


class _LastCompiled:
    """The catalogue that was compiled last under the same settings, where there is one."""

    def __init__(self, settings: Settings, checked: bool) -> None:
        found = compiled_files(settings).latest(reading_engine(settings, checked=checked))
        self.compiled = found if isinstance(found, CompiledCatalogue) else None
        self.read: EarlierCatalogue | None = None
        self.documents: dict[tuple[DocumentKind, str], IndexedDocument] = {}
        if self.compiled is not None:
            self.read = self.compiled.read
            # All of them are loaded: what was taken over is recognised by being the same object.
            tuple(self.read.catalogue.programmes.values())
            documents = self.compiled.documents.value or ()
            self.documents = {(d.kind, d.id): d for d in documents}

    def packed_values(self, catalogue: Catalogue) -> Iterable[Deferred[Any]]:
        """Values that lie packed already: of the earlier file, of which programmes taken over are
        copied as bytes, or else as forks sent them."""
        if self.compiled and self.compiled.catalogue.vocabulary is catalogue.vocabulary:
            return (self.compiled.digests,)
        programmes = catalogue.programmes
        return programmes.deferred().values() if isinstance(programmes, DeferredMapping) else ()

    def has(self, found: Programme | Measure) -> bool:
        """Whether a programme or measure was taken over from it."""
        if self.read is None:
            return False
        known = self.read.catalogue
        same = known.programmes if isinstance(found, Programme) else known.measures
        return same.get(found.id) is found
