"""What is followed is compared, and every change is told once, with its cause."""

from contextlib import suppress
from typing import Any

from tests.usecases.following.world import FIRM, OTHER, YOUNG, World
from tests.usecases.meridian import YOUNG_FIRM, Opener

MEASURE = "policies/meridian/me-2026-1/measure.yaml"


def changes(event: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Whose answer about what turned from what into what, and how."""
    return [
        (c["uscc"], change["programme"], change["subject"], change["kind"], change["before"],
         change["after"])
        for c in event["data"]["companies"]
        for change in c["changes"]
    ]  # fmt: skip


def test_what_stays_the_same_is_not_told(world: World) -> None:
    """Following tells nothing by itself, and neither does a version that answers alike."""
    world.store_company(FIRM, YOUNG)
    world.follow("company", FIRM)
    assert world.events() == []
    world.store_company(FIRM, {**YOUNG, "employees": 49})
    assert world.events() == []


def test_a_company_that_changed_is_told_with_what_it_turned_into(world: World) -> None:
    world.store_company(FIRM, YOUNG)
    followed = world.follow("company", FIRM)
    world.store_company(FIRM, {**YOUNG, "employees": 51})
    (event,) = world.events()
    assert (event["type"], event["data"]["cause"]) == ("answers.changed", "company")
    assert changes(event) == [
        (FIRM, "me-young-firm", "company", "changes", "potential", "ineligible")
    ]
    (company,) = event["data"]["companies"]
    assert (company["version"], company["subscriptions"]) == (2, [followed])
    assert world.events() == [event]


def test_changes_before_the_first_comparison_are_told_too(world: World) -> None:
    """Between following and the worker's first look nothing is lost: versions, days, catalogues."""
    world.store_company(FIRM, YOUNG, "sme")
    world.follow("tag", "sme")
    world.store_company(FIRM, {**YOUNG, "employees": 51}, "sme")
    world.store_company(OTHER, YOUNG, "sme")
    world.store_company(OTHER, {**YOUNG, "employees": 60}, "sme")
    (event,) = world.events()
    assert {(c[0], c[4], c[5]) for c in changes(event)} == {
        (FIRM, "potential", "ineligible"), (OTHER, "potential", "ineligible")
    }  # fmt: skip


def test_a_day_that_passes_is_told_with_what_turned_on_it(world: World) -> None:
    """The measure's last day is the last of the year."""
    world.store_company(FIRM, YOUNG)
    world.follow("company", FIRM)
    assert world.events() == []
    world.pass_time(days=60)
    (event,) = world.events()
    assert event["data"]["cause"] == "date"
    assert {(c[1], c[3], c[5]) for c in changes(event)} == {
        ("me-young-firm", "closes", "not_in_force"), ("me-lighthouse", "closes", "not_in_force")
    }  # fmt: skip
    days = {change["day"] for change in event["data"]["companies"][0]["changes"]}
    assert days == {"2027-01-01"}


def test_other_rules_are_told_and_so_is_an_amended_one(world: World, opener: Opener) -> None:
    """The status that another rule brings, and a rule that is another though the status is not."""
    world.store_company(FIRM, YOUNG)
    world.store_company(OTHER, {**YOUNG, "employees": 30})
    world.follow("company", FIRM)
    world.follow("company", OTHER)
    assert world.events() == []
    stricter = (YOUNG_FIRM, "at_most: 50}", "at_most: 40}")
    world.move_to(opener(stricter, failing_examples="serve"))
    (event,) = world.events()
    assert event["data"]["cause"] == "catalogue"
    assert event["data"]["catalogue_version"] == world.service.compiled.catalogue.version
    assert changes(event) == [
        (OTHER, "me-young-firm", "company", "amended", "potential", "potential"),
        (FIRM, "me-young-firm", "company", "amended", "potential", "ineligible"),
    ]


def test_several_causes_at_once_are_told_apart(world: World, opener: Opener) -> None:
    """Nobody compared for two months: each change has the cause that brought it."""
    world.store_company(FIRM, YOUNG)
    world.follow("company", FIRM)
    world.events()
    longer = (MEASURE, "to: 2026-12-31}", "to: 2027-12-31}")
    world.move_to(opener(longer, failing_examples="serve"))
    world.pass_time(days=500)
    world.store_company(FIRM, {**YOUNG, "employees": 51})
    told = {e["data"]["cause"]: changes(e) for e in world.events()}
    assert {c[3] for c in told["catalogue"]} == {"amended"}
    assert {c[5] for c in told["date"]} == {"not_in_force"}
    assert "company" not in told, "nothing is in force any more"


def test_a_submitted_project_is_held_against_what_was_said_of_one(world: World) -> None:
    """The hypothetical project's answer becomes that of the project itself."""
    world.store_company(FIRM, YOUNG)
    world.follow("company", FIRM)
    project = {"ref": "p1", "kind": "lighthouse", "contract_amount": "60000000.00"}
    world.store_company(FIRM, {**YOUNG, "registered_region": "910000"}, projects=[project])
    (event,) = world.events()
    assert (FIRM, "me-lighthouse", "p1", "changes", "undetermined", "ineligible") in changes(event)


def test_programmes_places_and_searches_are_followed(world: World, opener: Opener) -> None:
    """A programme that several subscriptions follow is told once."""
    one = world.follow("programme", "me-young-firm")
    two = world.follow("jurisdiction", "900000")
    three = world.follow("search", "灯塔")
    assert world.events() == []
    dearer = (YOUNG_FIRM, "cap: 500_000", "cap: 600_000")
    world.move_to(opener(dearer))
    (event,) = world.events()
    assert event["type"] == "programmes.changed"
    (told,) = event["data"]["programmes"]
    assert (told["programme"], told["kind"]) == ("me-young-firm", "amended")
    assert {one, two} <= set(told["subscriptions"]) <= {one, two, three}
    world.pass_time(days=60)
    closed = world.events()[-1]
    assert closed["data"]["cause"] == "date"
    assert {(p["programme"], p["kind"]) for p in closed["data"]["programmes"]} == {
        ("me-young-firm", "closes"), ("me-lighthouse", "closes")
    }  # fmt: skip


def test_followed_anew_begins_anew(world: World) -> None:
    """What changed while nobody followed is not told."""
    world.store_company(FIRM, YOUNG)
    first = world.follow("company", FIRM)
    world.events()
    world.following.delete(world.who, first, "test")
    world.store_company(FIRM, {**YOUNG, "employees": 51})
    world.follow("company", FIRM)
    assert world.events() == []


def test_a_deleted_company_leaves_nothing_behind(world: World) -> None:
    """Its answers, its subscription and what events told of it go with it."""
    world.store_company(FIRM, YOUNG, "sme")
    world.store_company(OTHER, YOUNG, "sme")
    world.follow("company", FIRM)
    world.follow("tag", "sme")
    world.store_company(FIRM, {**YOUNG, "employees": 51}, "sme")
    world.store_company(OTHER, {**YOUNG, "employees": 51}, "sme")
    (before,) = world.events()
    world.companies.delete(world.who, FIRM, None, "test")
    (after,) = world.events()
    assert [c["uscc"] for c in before["data"]["companies"]] == [OTHER, FIRM]
    assert [c["uscc"] for c in after["data"]["companies"]] == [OTHER]
    assert [s["kind"] for s in world.following.page(world.who, "", 10)["items"]] == ["tag"]
    kept = world.service.store.connection().execute("SELECT uscc FROM company_outlooks")
    assert kept.fetchall() == [(OTHER,)]


def test_many_changes_are_a_digest(world: World, monkeypatch: Any) -> None:
    """All companies of one cause share an event, up to a limit of changes."""
    world.store_company(FIRM, YOUNG, "sme")
    world.store_company(OTHER, YOUNG, "sme")
    world.follow("tag", "sme")
    monkeypatch.setattr("service.usecases.following.comparing.MAX_CHANGES", 2)
    world.pass_time(days=60)
    events = world.events()
    assert [len(e["data"]["companies"]) for e in events] == [1, 1]
    assert len({e["id"] for e in events}) == 2


def test_a_kill_between_comparing_and_keeping_loses_nothing(world: World, monkeypatch: Any) -> None:
    """The event and what it was compared with are kept together or not at all."""
    world.store_company(FIRM, YOUNG)
    world.follow("company", FIRM)
    world.events()
    world.store_company(FIRM, {**YOUNG, "employees": 51})

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("service.usecases.following.comparing.write_event", die)
        with suppress(KeyboardInterrupt):
            world.detector.run()
    (event,) = world.events()
    assert len(changes(event)) == 1
