"""Policy files compiled, tried and packed. Of files that were compiled before only those are read
that changed; the rest is taken over as it was kept."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from service.catalogue.file_kinds import is_programme
from service.catalogue.source import Source, digests_of
from service.catalogue.unchanged import EarlierCatalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.deferred import Deferred, DeferredMapping
from service.domain.errors import BrokenCatalogue, Diagnostic
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.forks import MIN_ITEMS_TO_FORK, Divided
from service.policy_files import folders_of, load_from_disk
from service.resources import compiled_files, reading_engine
from service.settings import Settings
from service.storage.compiled_bytes import packed, packed_each, unpacked_each
from service.usecases.authoring.examples import run_examples
from service.usecases.authoring.standard_cases import run_cases
from service.usecases.authoring.uncompilable import compile_all


def compile_files(
    settings: Settings, files: Source, checked: bool, *, divided: bool = True
) -> bytes:
    """The packed catalogue of files; where `checked`, their examples have to come out. These are
    tried meanwhile by forks of this process where `divided`: they have it too. Raises
    BrokenCatalogue, also where an example does not come out."""
    before = _LastCompiled(settings, checked)
    many = divided and sum(map(is_programme, files)) >= MIN_ITEMS_TO_FORK
    catalogue = load_from_disk(settings, files, before.read, read_by_forks if many else None)
    compiled = CompiledCatalogue(catalogue)

    def examine(part: Sequence[Programme]) -> tuple[Diagnostic, ...]:
        return run_examples(compiled, part).failures

    new = [p for p in catalogue.programmes.values() if checked and not before.has(p)]
    begun = Divided(examine, new) if divided else None
    try:
        compile_all(compiled)
    except BrokenCatalogue as error:
        raise folders_of(settings).at_true_paths(error) from None
    examined = [examine(new)] if begun is None else list(begun.results())
    failures = [fault for faults in examined for fault in faults]
    if checked:
        failures += [fault for faults in run_cases(compiled) for fault in faults]
    if failures:
        raise folders_of(settings).at_true_paths(BrokenCatalogue(tuple(failures)))
    compiled.keep_beside(digests_of(files))
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
        if self.compiled is not None:
            self.read = self.compiled.read
            # All of them are loaded: what was taken over is recognised by being the same object.
            tuple(self.read.catalogue.programmes.values())

    def packed_values(self, catalogue: Catalogue) -> Iterable[Deferred[Any]]:
        """Values that lie packed already: of the earlier file, of which programmes taken over are
        copied as bytes, or else as forks sent them."""
        if self.compiled and self.compiled.catalogue.vocabulary is catalogue.vocabulary:
            return (self.compiled.digests,)
        programmes = catalogue.programmes
        return programmes.deferred().values() if isinstance(programmes, DeferredMapping) else ()

    def has(self, found: Programme) -> bool:
        """Whether a programme was taken over from it."""
        return self.read is not None and self.read.catalogue.programmes.get(found.id) is found
