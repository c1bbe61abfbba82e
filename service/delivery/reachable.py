"""Which addresses a request may go to that somebody else named.

A name is resolved once, and what it resolved to is what is connected to: a name that answers
otherwise a moment later gains nothing. Only global addresses are reached, also where a global one
wraps another (IPv4 in IPv6, 6to4, Teredo, NAT64), unless the operator opened a network.
"""

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
Resolver: TypeAlias = Callable[[str, int], Sequence[str]]

# Not of the open network by IANA's registries, whatever this Python's library says of them.
_SPECIAL: tuple[Network, ...] = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "2001::/23", "3fff::/20", "5f00::/16",
         "fec0::/10"),
    )
)  # fmt: skip
_LOOPBACK = IPv4Address("127.0.0.1")
_NUMERIC = re.compile(r"[0-9a-fx.]+")
MAX_RESOLVING_SECONDS = 10.0
NOT_PUBLIC = "the address is not a public one"
ONLY_HTTPS = "only https is called outside the operator's own networks"
# RFC 6052.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# RFC 4291: long deprecated, and still understood by some stacks.
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")


class Unreachable(Exception):
    """An address that must not be called, or cannot be found. The message is for the tenant."""


def resolve(host: str, port: int, seconds: float = MAX_RESOLVING_SECONDS) -> Sequence[str]:
    """Every address of a name, by the system's resolver, which takes as long as it likes where name
    servers are silent: it is waited for so long."""
    answered: SimpleQueue[Sequence[str] | None] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            answered.put(None)
        else:
            answered.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))

    threading.Thread(target=ask, name="resolver", daemon=True).start()
    try:
        addresses = answered.get(timeout=seconds)
    except Empty:
        raise Unreachable(f"the name is not resolved within {seconds:g} seconds") from None
    if addresses is None:
        raise Unreachable("the name cannot be resolved")
    return addresses


@dataclass(frozen=True)
class ReachableNetworks:
    """The operator's own networks that may be called, beside all that is global."""

    opened: tuple[Network, ...] = ()
    resolver: Resolver = resolve

    def address_for(self, host: str, port: int) -> str:
        """The address to connect to. Raises Unreachable where a name has any that must not be
        called: such a name is not an honest one."""
        found = [read_address(text) for text in self.resolver(host, port)]
        if not found:
            raise Unreachable("the name cannot be resolved")
        for address in found:
            if not (self.is_open(address) or is_global(address)):
                raise Unreachable(NOT_PUBLIC)
        return str(found[0])

    def check_named(self, host: str, *, secure: bool) -> None:
        """What can be said of an address before it is called, without resolving a name. Raises
        Unreachable where it will never be."""
        address = literal_address(host)
        if address is not None and not (self.is_open(address) or is_global(address)):
            raise Unreachable(NOT_PUBLIC)
        if not secure and not (self.is_open(address) if address else self.opened):
            raise Unreachable(ONLY_HTTPS)

    def is_open(self, address: Address) -> bool:
        """Whether the operator opened its network; a wrapped address counts as what it wraps."""
        inner = _wrapped(address) or address
        return any(inner in network for network in self.opened)


def literal_address(host: str) -> Address | None:
    """The address that a host is written as, also as 127.1 or 0x7f000001, which resolvers take;
    the loopback for the names that are kept for it. None for any other name."""
    name = host.rstrip(".").casefold()
    if name == "localhost" or name.endswith(".localhost"):
        return _LOOPBACK
    try:
        return ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(name)) if _NUMERIC.fullmatch(name) else None
    except OSError:
        return None


def is_global(address: Address) -> bool:
    """Whether an address, and any that it wraps, is one of the open network."""
    inner = _wrapped(address)
    if inner is not None:
        return is_global(inner)
    special = any(address in network for network in _SPECIAL)
    return address.is_global and not (special or address.is_multicast or address.is_reserved)


def _wrapped(address: Address) -> IPv4Address | None:
    if not isinstance(address, IPv6Address):
        return None
    teredo = address.teredo
    if teredo is not None:
        return teredo[1]
    if address in _NAT64 or (address in _IPV4_COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def read_address(text: str) -> Address:
    """An address as a resolver writes it. Raises Unreachable for anything else."""
    plain, _, _zone = text.partition("%")
    try:
        return ipaddress.ip_address(plain)
    except ValueError:
        raise Unreachable("the name cannot be resolved") from None


def read_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks as an operator writes them. Raises ValueError."""
    networks: list[Any] = [ipaddress.ip_network(text.strip()) for text in texts]
    return tuple(networks)
