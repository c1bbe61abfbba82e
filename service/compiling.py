"""Policy files compiled, tried and packed. Of files that were compiled before only those are read
that changed; the rest is taken over as it was kept."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from service.catalogue.file_kinds import is_programme
from service.catalogue.source import Source, digests_of
from service.catalogue.unchanged import EarlierCatalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.elsewhere import HERE
from service.domain.deferred import Deferred, deferred_values, each_once, load_all
from service.domain.errors import BrokenCatalogue, Diagnostic
from service.domain.facts.vocabulary import FactType
from service.domain.index.normal_form import facts_asked_otherwise
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.forks import MIN_ITEMS_TO_FORK, DividedWork, Fork
from service.policy_files import folders_of, load_from_disk
from service.resources import compiled_files, reading_engine
from service.settings import Settings
from service.storage.compiled_bytes import packed, packed_each, unpacked_each
from service.usecases.authoring.examples import run_examples
from service.usecases.authoring.standard_cases import run_cases
from service.usecases.authoring.uncompilable import compile_all

_T = TypeVar("_T")
_Item = TypeVar("_Item")
_LESS_URGENT = 10


def compile_files(
    settings: Settings, files: Source, checked: bool, *, divided: bool = True
) -> bytes:
    """The packed catalogue of files; where `checked`, their examples have to come out. These are
    tried meanwhile by forks of this process where `divided`: they have it too. Raises
    BrokenCatalogue, also where an example does not come out."""
    before = _LastCompiled(settings, checked)
    readers = ProgrammeReaders(checked)
    many = divided and sum(map(is_programme, files)) >= MIN_ITEMS_TO_FORK
    catalogue = load_from_disk(settings, files, before.read, readers.read if many else None)
    compiled = CompiledCatalogue(catalogue)
    before.hand_over(compiled)

    def examine(part: Sequence[Programme]) -> tuple[Diagnostic, ...]:
        return run_examples(compiled, part).failures

    packing = readers.pack_meanwhile()
    kept = deferred_values(catalogue.programmes)
    new = [v.value for v in kept if checked and not (readers.has_tried(v) or before.has(v.value))]
    # To fork a process that holds many takes longer than to try the few that are left here.
    apart = divided and (not many or len(new) >= MIN_ITEMS_TO_FORK)
    begun = DividedWork(examine, new) if apart else None
    try:
        compile_all(compiled, BY_FORKS if many else HERE)
    except BrokenCatalogue as error:
        raise folders_of(settings).at_true_paths(error) from None
    examined = [examine(new)] if begun is None else list(begun.results())
    failures = [fault for faults in examined for fault in faults]
    if checked:
        failures += [fault for faults in run_cases(compiled) for fault in faults]
    if failures:
        raise folders_of(settings).at_true_paths(BrokenCatalogue(tuple(failures)))
    packing()
    compiled.keep_beside(digests_of(files))
    return packed(compiled, before.packed_values(catalogue))


class _Forks:
    """Forks of this process."""

    def begin(self, work: Callable[[], _T]) -> Callable[[], _T]:
        return Fork(work).result

    def divide(
        self, work: Callable[[Sequence[_Item]], _T], items: Sequence[_Item]
    ) -> Callable[[], Iterable[_T]]:
        return DividedWork(work, items, here=True, worth_it=1).results


BY_FORKS = _Forks()


class ProgrammeReaders:
    """Reads programmes by several processes, which try their examples as soon as they have them."""

    def __init__(self, checked: bool) -> None:
        self._checked = checked
        self._tried = set[Deferred[Programme]]()
        # What the programmes share, which none of them must bring along.
        self._shared: Sequence[object] = ()
        self._own: list[Deferred[Programme]] = []

    def read(
        self,
        read: Callable[[Sequence[str]], list[Programme] | None],
        paths: Sequence[str],
        shared: Catalogue,
    ) -> list[Deferred[Programme]] | None:
        """The programmes of files; those that forks of this process read are still packed as they
        sent them. None where one found a fault."""
        own_only = self._shared = (shared.vocabulary, *shared.vocabulary.lists.values())
        rests_on, this = CompiledCatalogue(shared), os.getpid()

        def read_part(part: Sequence[str]) -> tuple[Sequence[Programme | bytes], list[bool]] | None:
            found = read(part)
            if found is None:
                return None
            came_out = [self._checked and _comes_out(rests_on, programme) for programme in found]
            for programme in found:
                # Remembered, and packed with it: lists and answers ask these of every programme.
                _ = programme.benefit and programme.benefit.most
                _ = programme.facts, programme.needed_facts
            return (found if os.getpid() == this else packed_each(found, own_only)), came_out

        parts = list(DividedWork(read_part, paths, here=True).results())
        if None in parts:
            return None
        given = [value for part in parts if part for value in part[0]]
        sent = iter(unpacked_each((v for v in given if isinstance(v, bytes)), own_only))
        found = [next(sent).loaded() if isinstance(v, bytes) else Deferred.of(v) for v in given]
        came_out = [well for part in parts if part for well in part[1]]
        self._tried = {value for value, well in zip(found, came_out, strict=True) if well}
        self._own = [value for value, v in zip(found, given, strict=True) if value.is_value(v)]
        return found

    def pack_meanwhile(self) -> Callable[[], None]:
        """Have a fork pack the programmes that this process has read, while there is something more
        urgent to do; what waits for it."""
        if not self._own:
            return lambda: None

        def pack() -> list[bytes]:
            os.nice(_LESS_URGENT)
            return packed_each((value.value for value in self._own), self._shared)

        result = BY_FORKS.begin(pack)

        def await_packed() -> None:
            for value, packed_one in zip(
                self._own, unpacked_each(result(), self._shared), strict=True
            ):
                value.also_found_by(packed_one.load)

        return await_packed

    def has_tried(self, found: Deferred[Programme]) -> bool:
        """Whether a programme's examples have come out. One that became another since it was read,
        by an overlay or a cap that several share, is to be tried again."""
        return found in self._tried


def _comes_out(rests_on: CompiledCatalogue, programme: Programme) -> bool:
    """Whether the examples of a programme come out as written, and hang on no other."""
    facts = rests_on.catalogue.vocabulary.facts
    stated = {name for example in programme.examples for name in example.given}
    alone = all(facts[name].type is not FactType.AWARDS for name in stated)
    return alone and not run_examples(rests_on, [programme]).failures


class _LastCompiled:
    """The catalogue that was compiled last under the same settings, where there is one."""

    def __init__(self, settings: Settings, checked: bool) -> None:
        found = compiled_files(settings).latest(reading_engine(settings, checked=checked))
        self.compiled = found if isinstance(found, CompiledCatalogue) else None
        self.read: EarlierCatalogue | None = None
        if self.compiled is not None:
            read = self.compiled.read
            # What was taken over is recognised by being the same object.
            programmes = load_all(read.catalogue.programmes)
            self.read = replace(read, catalogue=replace(read.catalogue, programmes=programmes))

    def packed_values(self, catalogue: Catalogue) -> Iterable[Deferred[Any]]:
        """Values that lie packed already: of the earlier file, of which programmes taken over are
        copied as bytes, or else as forks sent them."""
        if self.compiled and self._is_shared_by(catalogue):
            return (self.compiled.digests,)
        return deferred_values(catalogue.programmes)

    def hand_over(self, compiled: CompiledCatalogue) -> None:
        """Give another what was compiled of rules that have not changed."""
        now, read = compiled.catalogue, self.read
        if self.compiled is None or read is None or not self._is_shared_by(now):
            return
        touched = set[str]()
        for programme in each_once(now.programmes):
            former = read.catalogue.programmes.get(programme.id, programme)
            if former is not programme:
                touched |= facts_asked_otherwise(former.condition, programme.condition)
        compiled.take_over(self.compiled, frozenset(touched))

    def _is_shared_by(self, catalogue: Catalogue) -> bool:
        """Whether another catalogue rests on the same vocabulary: it was taken over then."""
        return self.compiled is not None and (
            self.compiled.catalogue.vocabulary is catalogue.vocabulary
        )

    def has(self, found: Programme) -> bool:
        """Whether a programme was taken over from it."""
        return self.read is not None and self.read.catalogue.programmes.get(found.id) is found
