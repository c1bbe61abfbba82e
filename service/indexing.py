"""What is made for a large catalogue while it is served already, by a process of its own: the
search index, and the parts of answers that are the same in all matches of a programme, so that no
request has to make them. Ten thousand programmes take it half a minute.
"""

from service import resources
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.compiled_versions import load_version
from service.publishing import make_searchable
from service.settings import Settings
from service.storage.catalogues import CatalogueVersions
from service.storage.compiled_bytes import packed
from service.storage.compiled_files import WRITTEN, program_version
from service.storage.faults import refused_as_busy
from service.storage.search import SearchIndex


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
    version, writer = compiled.catalogue.version, compiled.match_answers.writer
    if writer.is_made_when_shown and files.load(version, engine, WRITTEN) is None:
        files.save(version, engine, packed(tuple(writer.write_ahead())), WRITTEN)
