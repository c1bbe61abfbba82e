"""Catalogue versions are kept to the byte, once, and as long as a receipt needs them."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from service.domain.errors import NotFound, Refused
from service.storage.catalogues import CatalogueVersions, SavedVersion
from service.storage.faults import StorageFault
from service.storage.receipts import Receipt, ReceiptRepository
from service.storage.store import Store
from service.storage.writer import GroupCommitWriter
from tests.storage.conftest import SAVED_AT, VERSION, count

FILES = {
    "vocabulary.yaml": "facts:\n- id: 企业\n".encode(),
    "shanghai/a.yaml": bytes(range(256)) * 40,
    "shanghai/empty.yaml": b"",
}


def test_a_version_comes_back_to_the_byte(store: Store) -> None:
    versions = CatalogueVersions(store)
    assert versions.save("v", FILES, saved_at=SAVED_AT)
    assert dict(versions.load("v")) == FILES


def test_contents_that_were_packed_with_zlib_are_read_as_before(store: Store) -> None:
    versions = CatalogueVersions(store)
    versions.save("v", {"a.yaml": FILES["shanghai/a.yaml"]}, saved_at=SAVED_AT)
    packed = zlib.compress(FILES["shanghai/a.yaml"])
    store.connection().execute("UPDATE catalogue_blobs SET content = ?", (packed,))
    assert dict(versions.load("v")) == {"a.yaml": FILES["shanghai/a.yaml"]}


def test_saving_a_version_again_changes_nothing(store: Store) -> None:
    versions = CatalogueVersions(store)
    versions.save("v", FILES, saved_at=SAVED_AT)
    assert not versions.save("v", FILES, saved_at=SAVED_AT + timedelta(days=1))
    assert versions.versions() == (SavedVersion("v", SAVED_AT),)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({**FILES, "shanghai/empty.yaml": b"x"}, id="other content"),
        pytest.param({**FILES, "more.yaml": b""}, id="one more"),
        pytest.param({"vocabulary.yaml": FILES["vocabulary.yaml"]}, id="fewer"),
    ],
)
def test_one_version_cannot_have_two_contents(store: Store, other: dict[str, bytes]) -> None:
    versions = CatalogueVersions(store)
    versions.save("v", FILES, saved_at=SAVED_AT)
    with pytest.raises(StorageFault, match="other files"):
        versions.save("v", other, saved_at=SAVED_AT)
    assert dict(versions.load("v")) == FILES


def test_a_version_without_files_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="has files"):
        CatalogueVersions(store).save("v", {}, saved_at=SAVED_AT)


def test_a_file_that_two_versions_share_is_stored_once(store: Store) -> None:
    versions = CatalogueVersions(store)
    versions.save("v1", FILES, saved_at=SAVED_AT)
    versions.save("v2", {**FILES, "moved.yaml": FILES["shanghai/a.yaml"]}, saved_at=SAVED_AT)
    assert count(store, "catalogue_blobs") == len(FILES)


def test_versions_are_listed_newest_first(store: Store) -> None:
    versions = CatalogueVersions(store)
    shanghai = timezone(timedelta(hours=8))
    versions.save("old", FILES, saved_at=datetime(2026, 1, 1, 7, tzinfo=shanghai))
    versions.save("new", FILES, saved_at=datetime(2026, 1, 1, 0, tzinfo=UTC))
    assert [v.version for v in versions.versions()] == ["new", "old"]


def test_the_version_opened_last_need_not_be_the_newest(store: Store) -> None:
    """Whoever goes back to older files has opened those last; a version saved before that was
    written down counts from when it was saved."""
    versions = CatalogueVersions(store)
    assert versions.last_opened() is None
    versions.save("old", FILES, saved_at=SAVED_AT)
    versions.save("new", {"a": b""}, saved_at=SAVED_AT + timedelta(days=1))
    assert versions.last_opened() == "new"
    versions.save("old", FILES, saved_at=SAVED_AT + timedelta(days=2))
    assert versions.last_opened() == "old"
    with store.transaction() as db:
        db.execute("UPDATE catalogue_versions SET opened_at = NULL")
    assert versions.last_opened() == "new"


def test_a_moment_without_a_time_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="time zone"):
        CatalogueVersions(store).save("v", FILES, saved_at=datetime(2026, 1, 1))  # noqa: DTZ001


def test_an_unknown_version_is_not_found(store: Store) -> None:
    versions = CatalogueVersions(store)
    with pytest.raises(NotFound, match="no catalogue version 'v'"):
        versions.load("v")
    with pytest.raises(NotFound):
        versions.delete("v")


def test_deleting_a_version_leaves_what_others_hold(store: Store) -> None:
    versions = CatalogueVersions(store)
    versions.save("v1", FILES, saved_at=SAVED_AT)
    versions.save("v2", {"own.yaml": b"own", "a.yaml": FILES["shanghai/a.yaml"]}, saved_at=SAVED_AT)
    versions.delete("v1")
    assert dict(versions.load("v2")) == {"own.yaml": b"own", "a.yaml": FILES["shanghai/a.yaml"]}
    assert count(store, "catalogue_blobs") == 2


def test_a_version_lives_as_long_as_a_receipt_given_under_it(
    store: Store, catalogues: CatalogueVersions, new_receipt: Callable[..., Receipt]
) -> None:
    with GroupCommitWriter(store) as writer:
        writer.put(new_receipt("r"))
    with pytest.raises(Refused, match="receipts were given under it"):
        catalogues.delete(VERSION)
    assert catalogues.load(VERSION)
    ReceiptRepository(store).delete("r")
    catalogues.delete(VERSION)
    assert catalogues.versions() == ()


@pytest.mark.parametrize(
    "damage",
    [("content", b"\0"), ("sha256", "other")],
)
def test_a_damaged_file_is_never_handed_out(
    store: Store, catalogues: CatalogueVersions, damage: tuple[str, object]
) -> None:
    column, value = damage
    store.connection().execute(f"UPDATE catalogue_blobs SET {column} = ?", (value,))
    with pytest.raises(StorageFault, match=r"vocabulary\.yaml is damaged"):
        catalogues.load(VERSION)
