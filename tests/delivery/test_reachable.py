"""What a tenant's address may lead to: the open network, and what the operator opened."""

import socket
import threading

import pytest

from service.delivery.reachable import (
    ReachableNetworks,
    Unreachable,
    is_global,
    read_address,
    read_networks,
    resolve,
)

NOT_GLOBAL = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.9", "192.88.99.1", "224.0.0.1", "239.1.2.3", "240.0.0.1",
    "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
    "2001:db8::1", "3fff::1", "5f00::1", "100::1", "2001:2::1", "64:ff9b:1::808:808",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::127.0.0.1", "::10.1.2.3",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1", "2002:a9fe:a9fe::",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe",
]  # fmt: skip
GLOBAL = [
    "1.1.1.1", "8.8.8.8", "114.114.114.114", "2606:4700::1111", "2400:3200::1",
    "::ffff:808:808", "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_GLOBAL)
def test_what_is_not_of_the_open_network_is_not_called(text: str) -> None:
    """Also where an address wraps another one."""
    assert not is_global(read_address(text))
    with pytest.raises(Unreachable):
        ReachableNetworks(resolver=lambda *_: [text]).address_for("x.example", 443)


@pytest.mark.parametrize("text", GLOBAL)
def test_what_is_of_the_open_network_is_called(text: str) -> None:
    assert ReachableNetworks(resolver=lambda *_: [text]).address_for("x.example", 443) == text


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost"])
def test_other_spellings_of_this_machine_do_not_help(host: str) -> None:
    """The system's resolver reads them; what it read is what is looked at."""
    with pytest.raises(Unreachable):
        ReachableNetworks().address_for(host, 443)


@pytest.mark.parametrize(
    "host", [*NOT_GLOBAL, "127.1", "2130706433", "0x7f.1", "LOCALHOST", "a.localhost", "localhost."]
)
def test_an_address_that_will_never_be_called_is_known_by_its_spelling(host: str) -> None:
    """No name is resolved for it."""
    networks = ReachableNetworks(resolver=lambda *_: pytest.fail("resolved"))
    with pytest.raises(Unreachable):
        networks.check_named(host, secure=True)


@pytest.mark.parametrize("host", [*GLOBAL, "hooks.example.com", "internal", "fade.example", "a.1x"])
def test_what_a_name_leads_to_is_looked_at_when_it_is_called(host: str) -> None:
    networks = ReachableNetworks(resolver=lambda *_: pytest.fail("resolved"))
    networks.check_named(host, secure=True)
    with pytest.raises(Unreachable, match="only https"):
        networks.check_named(host, secure=False)


def test_plain_http_is_for_the_operators_own_networks() -> None:
    """A name may lead there, an address says whether it does."""
    networks = ReachableNetworks(read_networks(["10.20.0.0/16"]))
    networks.check_named("10.20.1.1", secure=False)
    networks.check_named("hooks.inside", secure=False)
    for host in ("10.21.0.1", "8.8.8.8"):
        with pytest.raises(Unreachable):
            networks.check_named(host, secure=False)


def test_a_name_with_one_private_address_among_public_ones_is_not_called() -> None:
    networks = ReachableNetworks(resolver=lambda *_: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Unreachable):
        networks.address_for("both.example", 443)


def test_an_operators_own_network_may_be_called() -> None:
    """Under each spelling of its addresses, and nothing beside it."""
    opened = read_networks(["10.20.0.0/16"])
    for text in ("10.20.3.4", "::ffff:a14:304"):
        networks = ReachableNetworks(opened, lambda *_, t=text: [t])
        assert networks.address_for("inside.example", 80) == text
    with pytest.raises(Unreachable):
        ReachableNetworks(opened, lambda *_: ["10.21.0.1"]).address_for("x.example", 80)


def test_silent_name_servers_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])
    with pytest.raises(Unreachable, match="within 0"):
        resolve("silent.example", 443, 0.05)
    over.set()
