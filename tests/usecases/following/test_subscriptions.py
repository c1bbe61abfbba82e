"""What may be followed, and by whom it is seen."""

from dataclasses import replace

import pytest

from service.domain.errors import InvalidInput, NotFound, Refused
from service.domain.principal import Principal
from service.storage.subscriptions import SubscriptionKind
from service.usecases.following.subscriptions import MAX_PAGE
from tests.usecases.following.world import BANK, FIRM, YOUNG, World

RIVAL = Principal("rival", "key:test", BANK.scopes)


@pytest.mark.parametrize(
    ("kind", "target"),
    [(SubscriptionKind.PROGRAMME, "me-young-frm"), (SubscriptionKind.COMPANY, "9131000")],
)
def test_what_is_not_there_cannot_be_followed(
    world: World, kind: SubscriptionKind, target: str
) -> None:
    with pytest.raises((InvalidInput, NotFound)):
        world.follow(kind.value, target)


def test_a_tenant_sees_and_ends_what_is_its_own(world: World) -> None:
    """Pages go on behind an id; what another tenant follows does not exist for it."""
    world.store_company(FIRM, YOUNG)
    ids = sorted([world.follow("company", FIRM), world.follow("programme", "me-young-firm")])
    first = world.following.page(BANK, "", 1)
    rest = world.following.page(BANK, first["next_cursor"], MAX_PAGE)
    assert [i["id"] for page in (first, rest) for i in page["items"]] == ids
    assert world.following.page(RIVAL, "", MAX_PAGE)["items"] == []
    with pytest.raises(NotFound):
        world.following.delete(RIVAL, ids[0], "test")
    world.following.delete(BANK, ids[0], "test")
    assert [i["id"] for i in world.following.page(BANK, "", MAX_PAGE)["items"]] == ids[1:]


def test_there_are_no_more_than_the_quota(world: World) -> None:
    world.following = replace(world.following, quota=1)
    world.follow("programme", "me-young-firm")
    with pytest.raises(Refused):
        world.follow("programme", "me-lighthouse")
