"""The catalogue for machines: everything at once, and what changed since a version or a day."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from itertools import pairwise

import orjson
import zstandard

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.compiled_versions import CompiledVersions
from service.domain.cache import BoundedCache
from service.domain.deferred import DeferredMapping, each_once
from service.domain.errors import ErrorCode, InvalidInput, NotFound, Problem, Refused
from service.domain.text import Text
from service.rendering.canonical_json import canonical_json
from service.rendering.catalogue_json import programme_json
from service.rendering.json_parts import Json, text_json
from service.storage.catalogues import CatalogueVersions

_UNKNOWN = Text(
    "没有保存这个版本，请用 export 取全部", "this version is not kept: take everything by export"
)


# So many versions back a reader is told what changed.
MAX_STEPS = 5


@dataclass(frozen=True)
class CatalogueStep:
    """What changed when a version took the place of the one before it."""

    at: datetime
    version: str
    items: tuple[Json, ...]


@dataclass(frozen=True)
class CatalogueFeed:
    """The present catalogue beside those that were in use before."""

    versions: CompiledVersions
    stored: CatalogueVersions
    _steps: BoundedCache[tuple[str, str], tuple[Json, ...]] = field(
        default_factory=partial(BoundedCache, 2 * MAX_STEPS), repr=False, compare=False
    )
    _exported: BoundedCache[str, bytes] = field(
        default_factory=partial(BoundedCache, 1), repr=False, compare=False
    )
    _exporting: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def packed_export(self) -> bytes:
        """Every programme whole, one line each, packed by zstd. Of ten thousand it has forty
        megabytes, which take seconds to make: a version's is made once, and held packed."""
        present = self.versions.present
        version = present.catalogue.version
        with self._exporting:
            packed = self._exported.get(version)
            if packed is None:
                packed = self._exported.keep(version, _packed_lines(_exported_lines(present)))
        return packed

    def changes(self, since: str | date | None) -> Json:
        """Which programmes were added, changed or removed since a version, or since what was in use
        on a day; without either, all are added. Raises InvalidInput for a version nobody kept."""
        present = self.versions.present
        before = self._version(since)
        items = [] if before is None else self._items(self._compiled(before), present)
        if before is None:
            items = [_item("added", i, name) for i, (_, name) in _described(present).items()]
        return {"since": before, "catalogue_version": present.catalogue.version, "items": items}

    def steps(self) -> list[CatalogueStep]:
        """The last changes of the catalogue in use, the newest first; what this program can no
        longer read ends them, and of a large catalogue what it would have to read anew."""
        kept = self.stored.versions()
        present = self.versions.present.catalogue.version
        start = next((i for i, v in enumerate(kept) if v.version == present), len(kept))
        newest: list[CatalogueStep] = []
        for newer, older in pairwise(kept[start : start + MAX_STEPS + 1]):
            try:
                items = self._between(older.version, newer.version)
            except (NotFound, Refused):
                break
            if items is None:
                break
            newest.append(CatalogueStep(newer.saved_at, newer.version, items))
        return newest

    def _between(self, older: str, newer: str) -> tuple[Json, ...] | None:
        """What changed between two versions; None where finding it out takes too long."""
        known = self._steps.get((older, newer))
        if known is not None:
            return known
        large = isinstance(self.versions.present.catalogue.programmes, DeferredMapping)
        load = self.versions.already_compiled if large else self.versions.compiled
        then, now = load(older), load(newer)
        if then is None or now is None:
            return None
        return self._steps.keep((older, newer), tuple(self._items(then, now)))

    def _items(self, before: CompiledCatalogue, after: CompiledCatalogue) -> list[Json]:
        """What is added, removed and changed between two catalogues. Where both are stored, only
        what stands beside a file that differs is looked at, unless a programme has another name:
        others may name it."""
        then, now = _described(before), _described(after)
        both = [i for i in now if i in then]
        same: frozenset[str] = frozenset()
        if all(then[i][1] == now[i][1] for i in both):
            same = self.versions.unchanged(before, after)
        return [
            *(_item("added", i, now[i][1]) for i in now if i not in then),
            *(_item("removed", i, then[i][1]) for i in then if i not in now),
            *(
                {**_item("changed", i, now[i][1]), "keys": keys}
                for i in both
                if now[i][0] not in same
                and (
                    keys := _differing_parts(_programme_json(before, i), _programme_json(after, i))
                )
            ),
        ]

    def changed_since(self, since: str | date) -> frozenset[str]:
        """The programmes that are there now and were not, or not so, then."""
        items = self.changes(since)["items"]
        return frozenset(i["programme"] for i in items if i["change"] != "removed")

    def _version(self, since: str | date | None) -> str | None:
        if since is None or isinstance(since, str):
            return since
        kept = self.stored.versions()
        end = datetime.combine(since, time.max)
        older = [v for v in kept if v.saved_at.replace(tzinfo=None) <= end]
        return older[0].version if older else None

    def _compiled(self, version: str) -> CompiledCatalogue:
        try:
            return self.versions.compiled(version)
        except NotFound:
            problem = Problem("/since", ErrorCode.UNKNOWN_CODE, _UNKNOWN)
            raise InvalidInput((problem,), ErrorCode.INVALID_QUERY) from None


def _exported_lines(compiled: CompiledCatalogue) -> Iterator[bytes]:
    for programme in each_once(compiled.catalogue.programmes):
        yield orjson.dumps(programme_json(compiled.catalogue, compiled.answers, programme)) + b"\n"


def _packed_lines(lines: Iterable[bytes]) -> bytes:
    """Packed as they come, so that the whole is never held unpacked."""
    packer = zstandard.ZstdCompressor().compressobj()
    return b"".join([*map(packer.compress, lines), packer.flush()])


def _described(compiled: CompiledCatalogue) -> dict[str, tuple[str, Text]]:
    """By programme id the folder of the programme's file, and its name."""
    return dict(zip(compiled.table.ids, compiled.table.described.value, strict=True))


def _item(change: str, programme: str, name: Text) -> Json:
    return {"change": change, "programme": programme, "name": text_json(name)}


def _programme_json(compiled: CompiledCatalogue, programme: str) -> Json:
    catalogue = compiled.catalogue
    return programme_json(catalogue, compiled.answers, catalogue.programmes[programme])


def _differing_parts(then: Json, now: Json) -> list[str]:
    """The parts of a programme that are not what they were."""
    return sorted(
        k
        for k in then.keys() | now.keys()
        if canonical_json(then.get(k)) != canonical_json(now.get(k))
    )
