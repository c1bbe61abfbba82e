"""What is wrong with the value of a setting, told at the start. Each check raises
ValidationError."""

import os
import re
import stat
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from environs import ValidationError

_NAME = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
_HOST = re.compile(rf"\.?{_NAME}(?::[0-9]{{1,5}})?|\[[0-9A-Fa-f:.]+\]")
_ORIGIN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]{1,5})?")
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
# Addresses of stores of calls, and which of them name no host.
_STORES = ("memory", "redis", "rediss", "redis+unix", "redis+cluster", "redis+sentinel")
_HOSTLESS = ("memory", "redis+unix")


def check_database(place: str) -> None:
    """A file, or the address of a server."""
    if place.startswith("postgresql://"):
        _check_server(place)
        return
    if "://" in place or not Path(place.strip()).name:
        raise ValidationError("neither a file nor an address that begins with postgresql://")
    mode = _mode_of(place)
    if mode is None and Path(place).is_symlink():  # a disk that is away: none is begun in its place
        raise ValidationError(f"a link to {Path(place).readlink()}, which is not there")
    if mode is not None and not stat.S_ISREG(mode):
        raise ValidationError("not a file")


def _mode_of(path: str) -> int | None:
    """What is at a path; None where nothing is yet. Raises ValidationError where nothing can be."""
    try:
        return Path(path).stat().st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValidationError(f"no path that can be used: {error.strerror}") from None


def _check_server(address: str) -> None:
    """Whether the library that connects takes an address; one may name several hosts."""
    if find_spec("psycopg") is None:
        raise ValidationError("needs the extra: pip install 'huice[postgresql]'")
    # Loaded for those only who have a server.
    from psycopg import ProgrammingError, conninfo  # noqa: PLC0415

    try:
        parts = conninfo.conninfo_to_dict(address)
    except ProgrammingError as error:
        # What the library quotes may be the password.
        why = "no address that libpq can read" if "@" in address else str(error).strip()
        raise ValidationError(why) from None
    ports = str(parts.get("port") or "").split(",")
    if any(port and not is_port(port) for port in ports):
        raise ValidationError("names a port that is none")


def check_folder(folder: str) -> None:
    """A folder, which need not be there yet."""
    mode = _mode_of(folder) if folder.strip() else stat.S_IFREG
    if mode is not None and not stat.S_ISDIR(mode):
        raise ValidationError("not a folder")


def check_folders(folders: str) -> None:
    """Folders as a list of paths has them; none may be listed."""
    for folder in filter(None, folders.split(os.pathsep)):
        check_folder(folder)


def check_listening(host: str) -> None:
    """A name, or an address of this machine; a number with dots is an address."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        if re.fullmatch(r"[0-9.]*", host) or not re.fullmatch(_NAME, host):
            raise ValidationError("neither a name nor an address such as 127.0.0.1") from None


def is_port(port: str) -> bool:
    """Whether a text is the number of a port."""
    return port.isascii() and port.isdigit() and 0 < int(port) < 65_536


def check_public_address(address: str) -> None:
    """An origin without a path: the service stands at the root of its name."""
    if not _is_origin(address) or "*" in address:
        raise ValidationError("not an address such as https://huice.example.gov.cn")


def check_origins(origins: list[str]) -> None:
    """Each becomes part of a header, so nothing but an origin may stand there."""
    wrong = [origin for origin in origins if not _is_origin(origin)]
    if wrong:
        raise ValidationError(f"not an origin such as https://example.gov.cn: {', '.join(wrong)}")


def _is_origin(address: str) -> bool:
    return bool(_ORIGIN.fullmatch(address)) and _split(address) is not None


def _split(address: str) -> SplitResult | None:
    """The parts of an address; None of one that has a port which is none, or blanks."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  read, it raises where it is none
    except ValueError:
        return None
    return None if re.search(r"\s", address) else parts


def check_hosts(hosts: list[str]) -> None:
    """One that no request can name would refuse every request."""
    names = [host.strip() for host in hosts]
    wrong = [n for n in names if not _HOST.fullmatch(n) or _split(f"//{n}") is None]
    if wrong:
        raise ValidationError(f"not a name such as huice.example.gov.cn: {', '.join(wrong)}")


def check_networks(networks: list[str]) -> None:
    """Networks that are somebody's: that of all addresses is nobody's own."""
    for network in networks:
        try:
            everything = not ip_network(network.strip()).prefixlen
        except ValueError as error:
            raise ValidationError(f"not a network such as 10.0.0.0/8: {error}") from None
        if everything:
            raise ValidationError(f"not a network of your own: {network.strip()}")


def check_mail_server(address: str) -> None:
    parts = _split(address)
    pattern = r"smtps?://(?:[^@/\s]+@)?[A-Za-z0-9.-]+(?::[0-9]{1,5})?"
    if parts is None or not re.fullmatch(pattern, address):
        raise ValidationError("not an address such as smtp://mail.example.gov.cn:25")


def check_sender(address: str) -> None:
    if address and not re.fullmatch(r"[^@\s<>]+@[A-Za-z0-9.-]+", address):
        raise ValidationError("not an address such as huice@example.gov.cn")


def check_domains(domains: list[str]) -> None:
    wrong = [d for d in domains if not re.fullmatch(rf"{_NAME}\.[A-Za-z0-9-]+", d.strip())]
    if wrong:
        raise ValidationError(f"not a domain such as example.gov.cn: {', '.join(wrong)}")


def check_issuer(address: str) -> None:
    """Whoever stands between could vouch for anybody: without TLS on this machine only."""
    parts = _split(address)
    local = parts and parts.scheme == "http" and parts.hostname in _THIS_MACHINE
    if not parts or not (local or parts.scheme == "https") or not parts.hostname or parts.query:
        raise ValidationError("not an address such as https://login.example.com/realms/bank")


def check_collector(address: str) -> None:
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValidationError("not an address such as http://127.0.0.1:4318/v1/traces")
    if find_spec("opentelemetry.exporter") is None:
        raise ValidationError("needs the extra: pip install 'huice[tracing]'")


def check_rate(rate: str) -> None:
    if not re.fullmatch(r"[1-9][0-9]{0,8}/(?:second|minute|hour|day)", rate):
        raise ValidationError("not a rate such as 600/minute")


def check_store(address: str) -> None:
    """Where calls are counted. Several hosts, as a cluster has them, are parted by commas."""
    first = _split(address.split(",", maxsplit=1)[0])
    known = first is not None and "://" in address and first.scheme in _STORES
    if not known or not (first and (first.hostname or first.scheme in _HOSTLESS)):
        raise ValidationError("neither memory:// nor an address such as redis://cache:6379")


def check_word(word: str) -> None:
    if not re.fullmatch(r"\S+", word):
        raise ValidationError("not one word")
