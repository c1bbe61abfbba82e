"""Catalogue versions at hand: the present one, and those of another day that somebody asks for."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from service.catalogue.loader import load_catalogue
from service.catalogue.source import Source
from service.domain.errors import BrokenCatalogue, ErrorCode, Refused
from service.domain.text import Text
from service.usecases.workbench import Workbench

# Loading one takes a few tenths of a second and some ten megabytes.
KEPT = 4


class Versions:
    """Workbenches by catalogue version; the `kept` last asked for stay in memory.

    `source_of` gives the files of a stored version and raises NotFound for one that is not stored.
    """

    def __init__(
        self, present: Workbench, source_of: Callable[[str], Source], kept: int = KEPT
    ) -> None:
        self.present = present
        self._source_of = source_of
        self._kept = kept
        self._benches: OrderedDict[str, Workbench] = OrderedDict()
        self._lock = threading.Lock()

    def bench(self, version: str) -> Workbench:
        """Raises NotFound, and Refused where this program can no longer read the files of then."""
        if version == self.present.catalogue.version:
            return self.present
        with self._lock:
            found = self._benches.get(version)
            if found is None:
                found = self._benches[version] = self._load(version)
                if len(self._benches) > self._kept:
                    self._benches.popitem(last=False)
            self._benches.move_to_end(version)
            return found

    def _load(self, version: str) -> Workbench:
        source = self._source_of(version)
        try:
            return Workbench(load_catalogue(source))
        except BrokenCatalogue:
            words = Text(
                "本版程序已不能读取政策库版本 {version}，请用当时的程序版本复核。",
                "This program can no longer read catalogue version {version}: replay with the"
                " program of its day.",
            )
            raise Refused(words.format(version=version), ErrorCode.BROKEN_CATALOGUE) from None
