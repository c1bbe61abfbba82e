"""What a page costs hangs on what it shows, not on how many programmes there are."""

import dataclasses
from pathlib import Path

import pytest

from service.api.factory import create_app
from service.app import open_services
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.deferred import Deferred, DeferredMapping
from service.faces import api_context, page_context
from service.settings import read_settings
from service.storage.compiled_bytes import packed, unpacked
from service.web.site import register_pages
from tests.own import own_compiled, own_source
from tests.web.test_every_page import every_page

# A feed tells so many.
MAX_SHOWN = 50


def large_catalogue() -> CompiledCatalogue:
    """The project's own, kept as one of thousands is: each programme by itself."""
    own = own_compiled().catalogue
    programmes = DeferredMapping.of(own.programmes)
    made = CompiledCatalogue(dataclasses.replace(own, programmes=programmes))
    made.compile()
    kept = unpacked(packed(made))
    assert isinstance(kept, CompiledCatalogue)
    return kept


def test_no_page_looks_at_every_programme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ten thousand that takes seconds, and the memory of all of them."""
    settings = dataclasses.replace(read_settings(), database=tmp_path / "huice.sqlite3")
    huice = open_services(settings, source=own_source(), compiled=large_catalogue())
    application = create_app(api_context(huice))
    register_pages(application, page_context(huice))
    taken: list[object] = []
    value = vars(Deferred)["value"]

    def noted(self: Deferred[object]) -> object:
        taken.append(self)
        return value.fget(self)

    monkeypatch.setattr(Deferred, "value", property(noted))
    client = application.test_client()
    pages = every_page(application, key="none", uscc="none", batch_id="none")
    pages += ["/changes.atom", "/library?q=研发", "/library?department=主管部门"]
    seen = {}
    for page in pages:
        taken.clear()
        answer = client.get(page)
        if answer.status_code == 200:
            seen[page] = len(set(taken))
    huice.close()
    assert {"/", "/library", "/measures", "/check"} <= seen.keys()
    assert {page: most for page, most in seen.items() if most > MAX_SHOWN} == {}
