"""Catalogue versions at hand: the present one, and those of another day that somebody asks for."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

from service.catalogue.loader import load_catalogue
from service.catalogue.source import Source, unchanged_folders
from service.catalogue.unchanged import EarlierCatalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import BrokenCatalogue, ErrorCode, Refused
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text

# Loading one takes a few tenths of a second and some ten megabytes.
MAX_VERSIONS = 4


class CompiledVersions:
    """Compiled catalogues by version; the `most` last asked for stay in memory.

    `source_of` gives the files of a stored version and raises NotFound for one that is not stored;
    `kept` a catalogue as it was compiled, None where it is not kept; `digests` what stands for the
    content of each file of a stored version, nothing where it is not stored.
    """

    def __init__(
        self,
        present: CompiledCatalogue,
        source_of: Callable[[str], Source],
        most: int = MAX_VERSIONS,
        kept: Callable[[str], object | None] = lambda _: None,
        digests: Callable[[str], Mapping[str, object]] = lambda _: {},
    ) -> None:
        self.present = present
        self._source_of, self._load_kept, self._digests = source_of, kept, digests
        self._cache_size = most
        self._by_version: OrderedDict[str, CompiledCatalogue] = OrderedDict()
        self._lock = threading.Lock()

    def unchanged(self, one: CompiledCatalogue, other: CompiledCatalogue) -> frozenset[str]:
        """The folders of measures that are the same in two versions (see `unchanged_folders`)."""
        versions = one.catalogue.version, other.catalogue.version
        if one is other or versions[0] == versions[1]:
            return frozenset(folder for folder, _ in one.table.described.value)
        return unchanged_folders(*map(self._digests, versions))

    def at_hand(self, version: str) -> CompiledCatalogue | None:
        """The catalogue of a version, unless all its files would have to be read for it."""
        if version == self.present.catalogue.version or version in self._by_version:
            return self.compiled(version)
        found = self._load_kept(version)
        return found if isinstance(found, CompiledCatalogue) else None

    def compiled(self, version: str) -> CompiledCatalogue:
        """Raises NotFound, and Refused where this program can no longer read the files of then."""
        if version == self.present.catalogue.version:
            return self.present
        with self._lock:
            found = self._by_version.get(version)
            if found is None:
                found = load_version(version, self._load_kept, self._source_of, self.present)
                self._by_version[version] = found
                if len(self._by_version) > self._cache_size:
                    self._by_version.popitem(last=False)
            self._by_version.move_to_end(version)
            return found


def load_version(
    version: str,
    kept: Callable[[str], object | None],
    source_of: Callable[[str], Source],
    known: CompiledCatalogue | None = None,
) -> CompiledCatalogue:
    """A version as it was compiled, or else from its files, as far as they are not those of one
    that is `known`; raises as `CompiledVersions` does."""
    found = kept(version)
    if isinstance(found, CompiledCatalogue):
        return found
    earlier = None if known is None else known.read
    return CompiledCatalogue(load_stored(source_of(version), version, earlier))


def load_stored(source: Source, version: str, earlier: EarlierCatalogue | None = None) -> Catalogue:
    """The catalogue of a stored version's files. Raises Refused where this program can no longer
    read them."""
    try:
        return load_catalogue(source, earlier)
    except BrokenCatalogue:
        words = Text(
            "本版程序已不能读取政策库版本 {version}，请用当时的程序版本复核。",
            "This program can no longer read catalogue version {version}: replay with the program"
            " of its day.",
        )
        raise Refused(words.format(version=version), ErrorCode.BROKEN_CATALOGUE) from None
