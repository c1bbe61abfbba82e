"""A catalogue that is served already made searchable, by a process of its own that lets all others
go first: `python -m service.indexing VERSION`. What ten thousand programmes say takes it ten
seconds to find, and nothing but the search waits for it.
"""

import gc
import os
import sys

from service import resources
from service.compiled.compiled_versions import load_version
from service.publishing import make_searchable
from service.settings import Settings, read_settings
from service.storage.catalogues import CatalogueVersions
from service.storage.compiled_files import program_version
from service.storage.search import SearchIndex

# What the process says when there is nothing left to do.
DONE = b"done"
# A third of what others get where all want the processor; with less it would never end on a busy
# machine.
_NICENESS = 5


def index_version(settings: Settings, version: str) -> bool:
    """Index a stored version, unless another has taken its place; False where somebody else has
    begun to. Raises NotFound, StorageFault; Refused where the state is gone."""
    with resources.state_of(settings, create=False) as store:
        versions = CatalogueVersions(store)
        if versions.last_opened() != version:
            return True
        compiled = load_version(version, resources.kept_catalogue(settings), versions.load)
        local = resources.local_of(settings, store)
        try:
            index = SearchIndex(local)
            make_searchable(settings, index, compiled)
            return index.is_made(version, program_version())
        finally:
            local.close()


def main() -> None:
    os.nice(_NICENESS)
    gc.disable()  # all it makes stays until it ends
    if index_version(read_settings(), sys.argv[1]):
        sys.stdout.buffer.write(DONE)


if __name__ == "__main__":
    main()
