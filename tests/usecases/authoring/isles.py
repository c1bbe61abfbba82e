"""Rules of some islands, as a test has changed them."""

from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from tests.catalogue.test_loader import good

SOLAR = "policies/aid/01-solar.yaml"


def isles(**changes: tuple[str, str]) -> CompiledCatalogue:
    """The catalogue of islands with passages of its one programme rewritten."""
    source = good()
    text = source[SOLAR].decode()
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return CompiledCatalogue(load_catalogue({**source, SOLAR: text.encode()}))
