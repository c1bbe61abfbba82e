"""What loading a catalogue tells of its faults."""

from service.catalogue.loader import load_catalogue
from service.catalogue.source import Source
from service.domain.errors import BrokenCatalogue, Diagnostic


def diagnose(source: Source) -> tuple[Diagnostic, ...]:
    """Every fault that keeps a source from loading; none where it loads."""
    try:
        load_catalogue(source)
    except BrokenCatalogue as error:
        return error.diagnostics
    return ()
