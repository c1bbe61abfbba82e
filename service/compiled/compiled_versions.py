"""Compiled catalogues by version: the present one, and those of other days that are asked for."""

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
    """Compiled catalogues by version; the last `max_versions` that were asked for stay in memory.

    `source_of` gives the files of a stored version and raises NotFound for one that is not stored;
    `load_compiled` a catalogue as it was compiled, None where it is not kept; `digests_of` what
    stands for the content of each file of a stored version, nothing where it is not stored.
    """

    def __init__(
        self,
        present: CompiledCatalogue,
        source_of: Callable[[str], Source],
        max_versions: int = MAX_VERSIONS,
        load_compiled: Callable[[str], object | None] = lambda _: None,
        digests_of: Callable[[str], Mapping[str, object]] = lambda _: {},
    ) -> None:
        self.present = present
        self._source_of, self._digests_of = source_of, digests_of
        self._load_compiled, self._max_versions = load_compiled, max_versions
        self._by_version: OrderedDict[str, CompiledCatalogue] = OrderedDict()
        self._lock = threading.Lock()

    def unchanged(self, one: CompiledCatalogue, other: CompiledCatalogue) -> frozenset[str]:
        """The folders of measures that are the same in two versions (see `unchanged_folders`)."""
        versions = one.catalogue.version, other.catalogue.version
        if one is other or versions[0] == versions[1]:
            return frozenset(folder for folder, _ in one.table.described.value)
        return unchanged_folders(*map(self._digests_of, versions))

    def already_compiled(self, version: str) -> CompiledCatalogue | None:
        """The catalogue of a version; None where its files would first have to be read."""
        if version == self.present.catalogue.version or version in self._by_version:
            return self.compiled(version)
        found = self._load_compiled(version)
        return found if isinstance(found, CompiledCatalogue) else None

    def compiled(self, version: str) -> CompiledCatalogue:
        """Raises NotFound, and Refused where this program can no longer read the files of then."""
        if version == self.present.catalogue.version:
            return self.present
        with self._lock:
            found = self._by_version.get(version)
            if found is None:
                found = load_version(version, self._load_compiled, self._source_of, self.present)
                self._by_version[version] = found
                if len(self._by_version) > self._max_versions:
                    self._by_version.popitem(last=False)
            self._by_version.move_to_end(version)
            return found


def load_version(
    version: str,
    load_compiled: Callable[[str], object | None],
    source_of: Callable[[str], Source],
    present: CompiledCatalogue | None = None,
) -> CompiledCatalogue:
    """A version as it was compiled, or else from its files, as far as they are not those of the
    `present` one; raises as `CompiledVersions` does."""
    found = load_compiled(version)
    if isinstance(found, CompiledCatalogue):
        return found
    earlier = None if present is None else present.read
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
