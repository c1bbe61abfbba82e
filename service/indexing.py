"""What a large catalogue is served without, made by a process of its own that lets others go first:
`python -m service.indexing VERSION`. It makes the catalogue searchable, and writes what is the same
in all matches of each programme, so that no request has to. Ten thousand programmes take it half a
minute.
"""

import gc
import os
import sys

from service import resources
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.compiled_versions import load_version
from service.publishing import make_searchable
from service.settings import Settings, read_settings
from service.storage.catalogues import CatalogueVersions
from service.storage.compiled_bytes import packed
from service.storage.compiled_files import WRITTEN, program_version
from service.storage.faults import refused_as_busy
from service.storage.search import SearchIndex

# What the process says once all can be searched, and when there is nothing left to do.
SEARCHABLE, DONE = b"searchable\n", b"done\n"
# A third of what others get where all want the processor; with less it would never end on a busy
# machine.
_NICENESS = 5


def index_version(settings: Settings, version: str) -> CompiledCatalogue | None:
    """Index a stored version; None where another has taken its place. Raises NotFound,
    StorageFault; Refused where the state is gone, or somebody else has begun to index it."""
    with resources.state_of(settings, create=False) as store:
        versions = CatalogueVersions(store)
        if versions.last_opened() != version:
            return None
        compiled = load_version(version, resources.kept_catalogue(settings), versions.load)
        local = resources.local_of(settings, store)
        try:
            index = SearchIndex(local)
            make_searchable(settings, index, compiled)
            if not index.is_made(version, program_version()):
                raise refused_as_busy()
            return compiled
        finally:
            local.close()


def write_ahead(settings: Settings, compiled: CompiledCatalogue) -> None:
    """Write what is said of each programme to where workers take it up, unless that was done.
    Raises OSError."""
    files, engine = resources.compiled_files(settings), resources.reading_engine(settings)
    version, answers = compiled.catalogue.version, compiled.match_answers
    if answers.is_large and files.load(version, engine, WRITTEN) is None:
        files.save(version, engine, packed(answers.write_ahead()), WRITTEN)


def main() -> None:
    os.nice(_NICENESS)
    gc.disable()  # all it makes stays until it ends
    settings, told = read_settings(), sys.stdout.buffer
    compiled = index_version(settings, sys.argv[1])
    told.write(SEARCHABLE)
    told.flush()
    if compiled is not None:
        write_ahead(settings, compiled)
    told.write(DONE)


if __name__ == "__main__":
    main()
