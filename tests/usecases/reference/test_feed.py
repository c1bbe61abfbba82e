"""The catalogue for machines: everything in one file, and what changed."""

import gzip
import json
from dataclasses import replace

import pytest
import zstandard
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.catalogue.source import unchanged_folders
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.compiled_versions import CompiledVersions
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.faces import api_context
from service.rendering.catalogue_json import programme_json
from service.rendering.json_parts import Json
from service.rendering.match_json import MatchRenderer
from service.usecases.reference import feed
from service.usecases.reference.feed import CatalogueFeed
from tests.api.sample import data
from tests.own import own_compiled
from tests.usecases.meridian import LIGHTHOUSE, Opener


def test_the_export_holds_every_programme_whole(client: FlaskClient) -> None:
    """A line is what is read alone; it is the same whenever it is asked for, and an unchanged
    catalogue is not sent again."""
    exported = client.get("/api/v1/catalogue/export")
    lines = [json.loads(line) for line in exported.data.splitlines()]
    listed = data(client.get("/api/v1/programmes", query_string={"limit": 200}))
    assert [line["id"] for line in lines] == [item["id"] for item in listed["items"]]
    alone = data(client.get(f"/api/v1/programmes/{lines[0]['id']}"))
    assert lines[0] == alone
    assert client.get("/api/v1/catalogue/export").data == exported.data
    header = {"If-None-Match": f"W/{exported.headers['ETag']}"}
    assert client.get("/api/v1/catalogue/export", headers=header).status_code == 304


@pytest.mark.parametrize("encoding", ["zstd", "gzip"])
def test_the_export_is_packed_as_the_client_likes(client: FlaskClient, encoding: str) -> None:
    """It has a tenth of the bytes then; its validator is weak, and counts all the same."""
    address = "/api/v1/catalogue/export"
    plain = client.get(address)
    found = client.get(address, headers={"Accept-Encoding": encoding})
    assert found.headers["Content-Encoding"] == encoding
    zstd = zstandard.ZstdDecompressor().decompressobj()
    unpack = {"gzip": gzip.decompress, "zstd": zstd.decompress}[encoding]
    assert unpack(found.data) == plain.data
    assert found.headers["ETag"] == f"W/{plain.headers['ETag']}"
    header = {"If-None-Match": found.headers["ETag"], "Accept-Encoding": encoding}
    assert client.get(address, headers=header).status_code == 304


def test_an_item_of_a_list_says_what_tables_show(client: FlaskClient) -> None:
    """Article, kinds, departments and ceiling, as the programme itself has them."""
    (item, *_) = data(client.get("/api/v1/programmes"))["items"]
    whole = data(client.get(f"/api/v1/programmes/{item['id']}"))
    assert {k: whole[k] for k in item} == item
    assert {"article", "kinds", "departments", "ceiling"} <= item.keys()


def test_programmes_are_sorted_and_found_by_department(client: FlaskClient) -> None:
    def listed(**query: str) -> list[dict[str, object]]:
        items: list[dict[str, object]] = data(client.get("/api/v1/programmes", query_string=query))[
            "items"
        ]
        return items

    ids = [str(i["id"]) for i in listed(sort="id")]
    assert ids == sorted(ids)
    caps = [i["ceiling"] and i["ceiling"]["cap"] for i in listed(sort="amount")]  # type: ignore[index]
    amounts = [float(c) if c else 0.0 for c in caps]
    assert amounts == sorted(amounts, reverse=True)
    everything = listed()
    department = next(d["zh"] for i in everything for d in i["departments"])  # type: ignore[attr-defined]
    found = listed(department=department)
    assert found
    assert all(any(department in d["zh"] for d in i["departments"]) for i in found)  # type: ignore[attr-defined]
    assert listed(department="no such department") == []


def test_only_what_stands_beside_a_changed_file_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a document without a changed file no programme is rendered."""
    now, rendered = own_compiled(), set[str]()
    then = CompiledCatalogue(replace(now.catalogue, version="of yesterday"))
    homes = {folder for folder, _ in now.table.described.value}
    changed = min(homes)

    def digests(version: str) -> dict[str, str]:
        files = {f"{folder}/measure.yaml": "same" for folder in homes}
        return {**files, f"{changed}/measure.yaml": version}

    def render(catalogue: Catalogue, renderer: MatchRenderer, programme: Programme) -> Json:
        rendered.add(programme.folder)
        return programme_json(catalogue, renderer, programme)

    monkeypatch.setattr(feed, "programme_json", render)
    versions = CompiledVersions(now, lambda _: {}, load_compiled=lambda _: then, digests_of=digests)
    told = CatalogueFeed(versions, object()).changes("of yesterday")  # type: ignore[arg-type]
    assert told["items"] == []
    assert rendered == {changed}
    assert len(homes) > 1


def test_a_file_that_all_rest_on_leaves_no_folder_unchanged() -> None:
    """Folders of measures are told apart; a change beside them may mean anything."""
    then = {"policies/vocabulary.yaml": 1, "policies/a/measure.yaml": 1, "policies/a/p.yaml": 1,
            "policies/b/measure.yaml": 1}  # fmt: skip
    assert unchanged_folders(then, then) == {"policies/a", "policies/b"}
    assert unchanged_folders(then, {**then, "policies/a/p.yaml": 2}) == {"policies/b"}
    assert unchanged_folders(then, {**then, "policies/b/q.yaml": 1}) == {"policies/a"}
    assert unchanged_folders(then, {**then, "policies/vocabulary.yaml": 2}) == set()
    assert unchanged_folders({}, then) == set()


def test_changes_name_what_was_added_changed_and_removed(opener: Opener) -> None:
    """Since a version, in which keys; since nothing, everything is new."""
    before = opener()
    version = before.compiled.catalogue.version
    change = (LIGHTHOUSE, "cap: 20_000_000", "cap: 15_000_000")
    now = create_app(api_context(opener(change))).test_client()
    changes = data(now.get("/api/v1/catalogue/changes", query_string={"since": version}))
    (item,) = changes["items"]
    assert (item["change"], item["programme"]) == ("changed", "me-lighthouse")
    assert "ceiling" in item["keys"]
    same = {"since": changes["catalogue_version"]}
    assert data(now.get("/api/v1/catalogue/changes", query_string=same))["items"] == []
    everything = data(now.get("/api/v1/catalogue/changes"))
    assert {i["change"] for i in everything["items"]} == {"added"}
    unknown = now.get("/api/v1/catalogue/changes", query_string={"since": f"sha256:{'0' * 64}"})
    assert unknown.status_code == 422
