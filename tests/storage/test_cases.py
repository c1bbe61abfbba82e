"""Cases: kept for a while, opened by an id nobody can guess, gone when deleted."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.errors import NotFound
from service.storage.cases import CaseRepository, server_key
from service.storage.store import Store
from tests.storage.conftest import NewReceipt

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def cases(store: Store) -> CaseRepository:
    return CaseRepository(store, retention=10 * DAY)


def test_what_is_saved_comes_back(cases: CaseRepository) -> None:
    """To the byte, and the last saving counts."""
    case = cases.create(b"{}", NOW)
    cases.change(case, NOW, lambda _: b'{"a":1}')
    assert cases.get(case, NOW).content == b'{"a":1}'


def test_ids_are_long_and_not_kept(cases: CaseRepository, store: Store) -> None:
    """Whoever reads the database cannot open a case by what stands there."""
    case = cases.create(b"{}", NOW)
    assert len(case) >= 27
    rows = store.connection().execute("SELECT digest FROM cases").fetchall()
    assert case not in str(rows)


def test_a_case_lives_on_from_its_last_change(cases: CaseRepository) -> None:
    """The last moment is not included."""
    case = cases.create(b"{}", NOW)
    cases.change(case, NOW + 9 * DAY, lambda _: b"{}")
    assert cases.get(case, NOW + 18 * DAY).expires_at == NOW + 19 * DAY
    with pytest.raises(NotFound):
        cases.get(case, NOW + 19 * DAY)
    with pytest.raises(NotFound):
        cases.change(case, NOW + 19 * DAY, lambda _: b"{}")


def test_who_edits_holds_no_write_up_and_loses_none(cases: CaseRepository) -> None:
    """What another has saved during an edit is edited anew; meanwhile everybody writes."""
    case = cases.create(b"a", NOW)

    def slow(held: bytes) -> bytes:
        if held == b"a":
            cases.change(case, NOW, lambda now: now + b"b")
        return held + b"c"

    assert cases.change(case, NOW, slow).content == b"abc" == cases.get(case, NOW).content


def test_cases_past_their_day_are_removed(cases: CaseRepository, store: Store) -> None:
    """Nothing lingers in the file."""
    cases.create(b"old", NOW)
    cases.create(b"new", NOW + 11 * DAY)
    cases.purge(NOW + 11 * DAY)
    assert store.connection().execute("SELECT count(*) FROM cases").fetchone() == (1,)


def test_a_link_reads_until_it_ends_or_is_revoked(cases: CaseRepository) -> None:
    """Each link by itself."""
    case = cases.create(b"{}", NOW)
    first, second = cases.link(case, NOW, DAY), cases.link(case, NOW + DAY / 2, DAY)
    assert cases.linked(first, NOW).content == b"{}"
    with pytest.raises(NotFound):
        cases.linked(first, NOW + DAY)
    (left,) = cases.links(case, NOW + DAY)
    cases.revoke(case, left.name)
    with pytest.raises(NotFound):
        cases.linked(second, NOW + DAY)


def test_a_link_is_no_key_to_the_case(cases: CaseRepository) -> None:
    """What opens a case for reading does not open it for writing, and a name opens nothing."""
    case = cases.create(b"{}", NOW)
    link = cases.link(case, NOW, DAY)
    (listed,) = cases.links(case, NOW)
    for wrong in (link, listed.name):
        with pytest.raises(NotFound):
            cases.get(wrong, NOW)
    with pytest.raises(NotFound):
        cases.linked(listed.name, NOW)


def test_only_the_case_itself_can_revoke_its_links(cases: CaseRepository) -> None:
    """The name of another's link does nothing."""
    mine, other = cases.create(b"{}", NOW), cases.create(b"{}", NOW)
    link = cases.link(mine, NOW, DAY)
    (listed,) = cases.links(mine, NOW)
    cases.revoke(other, listed.name)
    assert cases.linked(link, NOW).content == b"{}"


def test_deleting_takes_the_links_along(cases: CaseRepository) -> None:
    """And cannot be done twice."""
    case = cases.create(b"{}", NOW)
    link = cases.link(case, NOW, DAY)
    cases.delete(case)
    with pytest.raises(NotFound):
        cases.get(case, NOW)
    with pytest.raises(NotFound):
        cases.linked(link, NOW)
    with pytest.raises(NotFound):
        cases.delete(case)


@pytest.mark.parametrize("how", ["deleted", "past its day"])
def test_receipts_go_with_the_case_they_were_made_of(
    cases: CaseRepository,
    store: Store,
    put: Callable[..., None],
    new_receipt: NewReceipt,
    how: str,
) -> None:
    """All that were made of it, and none of anybody else."""
    put(new_receipt("first"), new_receipt("second"), new_receipt("other"))
    case, other = cases.create(b"{}", NOW), cases.create(b"{}", NOW)
    for receipt in ("first", "second", "second"):
        cases.note_receipt(case, receipt)
    cases.note_receipt(other, "other")
    cases.note_receipt(case, "never there")
    cases.change(other, NOW + 5 * DAY, lambda _: b"{}")
    if how == "deleted":
        cases.delete(case)
    else:
        assert cases.purge(NOW + 11 * DAY) == 1
    rows = store.connection().execute("SELECT id FROM receipts").fetchall()
    assert rows == [("other",)]


def test_no_link_to_a_case_that_is_not_there(cases: CaseRepository) -> None:
    """A wrong id makes nothing."""
    with pytest.raises(NotFound):
        cases.link("nobody", NOW, DAY)


def test_the_server_key_is_made_once(store: Store) -> None:
    """Every process signs with the same key; other names have other keys."""
    key = server_key(store, "forms")
    assert len(key) == 32
    assert server_key(store, "forms") == key
    assert server_key(store, "other") != key
