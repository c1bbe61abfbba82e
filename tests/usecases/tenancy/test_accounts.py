"""Accounts of a tenant's people, and their sessions: under a clock of the test's own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from service.app import Services
from service.domain.clock import Clock
from service.domain.errors import ErrorCode, InvalidInput, NotFound, Refused
from service.domain.principal import Role, operator_of
from service.usecases.tenancy import accounts
from service.usecases.tenancy.accounts import AccountService
from service.usecases.tenancy.passwords import Passwords
from tests.usecases.tenancy.tenants import BANK, OTHER, READER

ADMIN = operator_of("bank")
PASSWORD, NEXT = "correct horse battery", "kettle lamp river stone"
IDLE, LIVES = timedelta(minutes=30), timedelta(hours=12)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Desk:
    """The accounts of the bank; `now` is moved by the test."""

    service: AccountService
    now: datetime = datetime(2026, 11, 22, 8, tzinfo=UTC)

    def log_in(self, password: str = PASSWORD, name: str = "chen", address: str = "a") -> str:
        return self.service.login(name, password, address, "trace", None)

    def is_in(self, secret: str) -> bool:
        return self.service.session(secret) is not None


@pytest.fixture
def desk(city: Services) -> Desk:
    """With one officer, who has a password, and one who comes by the provider of identities."""
    made = AccountService(city.account_service.accounts, city.clock, IDLE, LIVES, Passwords(CHEAP))
    desk = Desk(made)
    desk.service = replace(made, clock=Clock(lambda: desk.now, city.clock.zone))
    desk.service.add(BANK, "chen", Role.OFFICER, PASSWORD, "trace")
    desk.service.add(BANK, "lin", Role.VIEWER, None, "trace")
    return desk


def refused(error: pytest.ExceptionInfo[Refused]) -> ErrorCode:
    return error.value.code


def test_an_account_is_listed_without_its_password(desk: Desk) -> None:
    """Whether there is one is told, and whether somebody is logged in."""
    desk.log_in()
    chen, lin = desk.service.list(BANK)["items"]
    assert (chen["name"], chen["role"], chen["password"], chen["sessions"]) == (
        "chen", "officer", True, 1,
    )  # fmt: skip
    assert (lin["password"], lin["provider"], lin["sessions"]) == (False, False, 0)
    assert desk.service.list(OTHER)["items"] == []


@pytest.mark.parametrize("name", ["ab", "Chen Li", "-chen", "chen\n", "陈", "a" * 65])
def test_a_name_is_short_and_plain(desk: Desk, name: str) -> None:
    with pytest.raises(InvalidInput) as error:
        desk.service.add(BANK, name, Role.VIEWER, PASSWORD, "trace")
    assert error.value.problems[0].pointer == "/name"


def test_a_name_is_given_once_and_an_easy_password_never(desk: Desk) -> None:
    with pytest.raises(Refused) as taken:
        desk.service.add(OTHER, "chen", Role.VIEWER, PASSWORD, "trace")
    assert refused(taken) is ErrorCode.DUPLICATE_VALUE
    with pytest.raises(InvalidInput) as easy:
        desk.service.add(BANK, "zhou", Role.VIEWER, "Password123!", "trace")
    assert easy.value.problems[0].pointer == "/password"


def test_only_whoever_manages_keys_manages_accounts_and_only_of_its_tenant(desk: Desk) -> None:
    with pytest.raises(Refused):
        desk.service.list(READER)
    with pytest.raises(NotFound):
        desk.service.set_role(OTHER, "chen", Role.ADMIN, "trace")


def test_a_session_ends_when_it_is_not_used_and_after_its_life(desk: Desk) -> None:
    """Each use counts anew towards the first, none towards the second."""
    secret = desk.log_in()
    desk.now += IDLE - timedelta(seconds=1)
    assert desk.is_in(secret)
    for _ in range(23):
        desk.now += IDLE - timedelta(minutes=1)
        assert desk.is_in(secret)
    desk.now += timedelta(hours=1)
    assert not desk.is_in(secret)
    secret = desk.log_in()
    desk.now += IDLE
    assert not desk.is_in(secret)


def test_a_new_login_takes_the_place_of_the_session_before(desk: Desk) -> None:
    """One in another browser goes on."""
    first, elsewhere = desk.log_in(), desk.log_in()
    second = desk.service.login("chen", PASSWORD, "a", "trace", first)
    assert [desk.is_in(s) for s in (first, elsewhere, second)] == [False, True, True]
    desk.service.logout(second)
    assert not desk.is_in(second)


@pytest.mark.parametrize(
    ("name", "password"),
    [("chen", "wrong"), ("nobody", PASSWORD), ("lin", ""), ("lin", PASSWORD), ("chen", "")],
)
def test_a_login_that_fails_does_not_say_why(desk: Desk, name: str, password: str) -> None:
    """Not whether there is such an account, nor that it has no password."""
    with pytest.raises(Refused) as error:
        desk.log_in(password, name)
    assert refused(error) is ErrorCode.UNAUTHENTICATED
    assert str(error.value) == "the name or the password is wrong"


def test_after_many_failures_a_name_waits_even_with_its_password(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From whatever address; a quarter of an hour later it is asked again."""
    monkeypatch.setattr(accounts, "MAX_FAILURES_OF_NAME", 3)
    for number in range(3):
        with pytest.raises(Refused):
            desk.log_in("wrong", address=f"a{number}")
    with pytest.raises(Refused) as error:
        desk.log_in(address="another")
    assert refused(error) is ErrorCode.RATE_LIMITED
    assert error.value.retry_after == 900
    desk.now += timedelta(minutes=15, seconds=1)
    assert desk.is_in(desk.log_in())


def test_after_many_failures_an_address_waits_whatever_name_it_tries(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "MAX_FAILURES_OF_ADDRESS", 3)
    for number in range(3):
        with pytest.raises(Refused):
            desk.log_in("wrong", f"name{number}", "b")
    with pytest.raises(Refused) as error:
        desk.log_in(address="b")
    assert refused(error) is ErrorCode.RATE_LIMITED
    assert desk.is_in(desk.log_in(address="c"))


CHANGES: dict[str, Callable[[AccountService], object]] = {
    "another password": lambda service: service.set_password(ADMIN, "chen", NEXT, "trace"),
    "another role": lambda service: service.set_role(ADMIN, "chen", Role.VIEWER, "trace"),
    "the end": lambda service: service.end(ADMIN, "chen", "trace"),
    "logged out": lambda service: service.end_sessions(ADMIN, "chen", "trace"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_an_administrator_changes_ends_every_session(
    desk: Desk, change: Callable[[AccountService], object]
) -> None:
    secret = desk.log_in()
    change(desk.service)
    assert not desk.is_in(secret)


def test_whoever_is_ended_logs_in_no_more(desk: Desk) -> None:
    desk.service.end(ADMIN, "chen", "trace")
    with pytest.raises(Refused):
        desk.log_in()


def test_nobody_ends_or_demotes_himself(desk: Desk) -> None:
    """The last administrator would be gone by mistake."""
    desk.service.add(BANK, "wang", Role.ADMIN, PASSWORD, "trace")
    session = desk.service.session(desk.log_in(name="wang"))
    assert session is not None
    wang = session.account.principal
    with pytest.raises(Refused) as ended:
        desk.service.end(wang, "wang", "trace")
    with pytest.raises(Refused) as demoted:
        desk.service.set_role(wang, "wang", Role.VIEWER, "trace")
    assert (refused(ended), refused(demoted)) == (ErrorCode.FORBIDDEN, ErrorCode.FORBIDDEN)
    desk.service.set_role(wang, "chen", Role.VIEWER, "trace")


def test_whoever_changes_the_password_shows_the_present_one(desk: Desk) -> None:
    """Every session ends, the one that did it goes on under another secret."""
    secret, elsewhere = desk.log_in(), desk.log_in()
    session = desk.service.session(secret)
    assert session is not None
    with pytest.raises(Refused):
        desk.service.change_own_password(session, "wrong", NEXT, "a", "trace")
    after = desk.service.change_own_password(session, PASSWORD, NEXT, "a", "trace")
    assert [desk.is_in(s) for s in (secret, elsewhere, after)] == [False, False, True]
    assert desk.is_in(desk.log_in(NEXT))


def test_the_provider_opens_the_account_of_the_first_subject_that_comes_with_its_name(
    desk: Desk,
) -> None:
    """Bound to it from then on, whatever name it comes with; one with a password is never bound."""
    assert desk.is_in(desk.service.login_as("subject-1", "Lin ", "trace", None))
    assert desk.is_in(desk.service.login_as("subject-1", "renamed", "trace", None))
    for subject, name in (("subject-2", "lin"), ("subject-3", "chen"), ("subject-4", "nobody")):
        with pytest.raises(Refused) as error:
            desk.service.login_as(subject, name, "trace", None)
        assert refused(error) is ErrorCode.FORBIDDEN


def test_every_change_is_on_record(city: Services, desk: Desk) -> None:
    """Who did it and to whom; no password, nor its digest."""
    desk.service.set_role(BANK, "chen", Role.VIEWER, "trace")
    entries = city.audit_service.page(BANK, 0, 100)["items"]
    assert {"account.add", "account.role"} <= {e["action"] for e in entries}
    assert PASSWORD not in str(entries)
    assert "argon2" not in str(entries)
