"""What of a catalogue that was read before is the same in other files, and need not be read again.

What a file of a programme comes to follows from that file, its measure's, and what all programmes
may rest on: every file that is neither. A programme also carries the names of other programmes that
it refers to, so it is read again when one of those changes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from service.catalogue.file_kinds import APPLICATIONS, MEASURE, folder_of, is_programme, name_of
from service.catalogue.programme_references import programmes_named
from service.domain.deferred import each_once
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Measure
from service.domain.rules.programmes import Programme
from service.domain.text import Text


@dataclass(frozen=True)
class Unchanged:
    """Programmes by path, and the measures of folders of which nothing changed. `unread` are the
    ids of what is there and cannot be read."""

    programmes: Mapping[str, Programme] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    @property
    def names(self) -> dict[str, Text]:
        """How the programmes are called, by id."""
        unread = {name: Text(name, name) for name in self.unread}
        return {**unread, **{p.id: p.name for p in self.programmes.values()}}

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the programmes and measures."""
        measures = (measure.id for measure in self.measures.values())
        return frozenset([*measures, *(p.id for p in self.programmes.values()), *self.unread])

    def to_read(self, paths: Iterable[str]) -> Iterator[str]:
        """The files that have to be read beside: of measures and programmes, and what says how to
        apply for them."""
        for path in paths:
            if name_of(path) == MEASURE:
                wanted = path not in self.measures
            elif is_programme(path):
                wanted = path not in self.programmes
            else:
                wanted = path.endswith(".yaml") and folder_of(path) == APPLICATIONS
            if wanted:
                yield path


NOTHING_KEPT = Unchanged()


@dataclass(frozen=True)
class EarlierCatalogue:
    """A catalogue, and the digest of each file that it was read from, by path."""

    catalogue: Catalogue
    digests: Mapping[str, str]

    def unchanged(self, now: Mapping[str, str]) -> Unchanged:
        """What is the same where the files have these digests; nothing where one differs that all
        programmes may rest on."""
        then = self.digests
        changed = {p for p in then.keys() | now.keys() if then.get(p) != now.get(p)}
        if any(name_of(p) != MEASURE and not is_programme(p) for p in changed):
            return NOTHING_KEPT
        by_path = {p.path: p for p in each_once(self.catalogue.programmes)}
        touched = {path.rpartition("/")[0] for path in changed}
        kept = {
            path: programme
            for path, programme in by_path.items()
            if path not in changed and self._stands(programme, changed, touched)
        }
        gone = {p.id for path, p in by_path.items() if path not in kept}
        if gone:
            kept = {
                path: programme
                for path, programme in kept.items()
                if gone.isdisjoint(name for _, name in programmes_named(programme))
            }
        return Unchanged(kept, dict(self._measures(kept, now)))

    def _stands(self, programme: Programme, changed: set[str], touched: set[str]) -> bool:
        """Whether a programme, whose own file is the same, still rests on the same measure. Caps on
        several programmes bind whichever there are."""
        if f"{programme.folder}/{MEASURE}" in changed:
            return False
        return programme.folder not in touched or not self._measure(programme).caps

    def _measure(self, programme: Programme) -> Measure:
        return self.catalogue.measures[programme.measure]

    def _measures(
        self, kept: Mapping[str, Programme], now: Mapping[str, str]
    ) -> Iterator[tuple[str, Measure]]:
        """The measures, by path, of the folders of which every programme is kept."""
        found: dict[str, Measure] = {}
        for programme in kept.values():
            found.setdefault(programme.folder, self._measure(programme))
        for path in now:
            if is_programme(path) and path not in kept:
                found.pop(path.rpartition("/")[0], None)
        return ((f"{folder}/{MEASURE}", measure) for folder, measure in found.items())
