"""Settings: frozen, read once from the environment, all faults told together.

HUICE_DATABASE       the SQLite file: receipts, catalogue versions, search; or the address of a
                     database that several machines share: postgresql://… (var/huice.sqlite3)
HUICE_LOCAL          with PostgreSQL, the folder for what each machine keeps for itself and can make
                     anew: compiled catalogue, search index, files of batches at work (var)
HUICE_POLICIES       folders of policy files, parted by ":". Where the first holds a vocabulary.yaml
                     it is the whole base; otherwise all are added to the project's own policies/
HUICE_SEEDS          the folder of code tables (the project's seeds/)
HUICE_UTC_OFFSET     hours from UTC in which "today" is reckoned (the catalogue's time zone)
HUICE_MAX_BODY       largest request body in bytes (1048576)
HUICE_PUBLIC_URL     where browsers find the service, such as https://huice.example.gov.cn: links to
                     it begin so whatever a request says, and https is insisted on (none)
HUICE_PROXIES        how many proxies of ours stand before the service and add the address they were
                     asked from to X-Forwarded-For (0)
HUICE_TRUSTED_HOSTS  host names a request may be addressed to, parted by commas; that of the public
                     address and of this machine always may (any)
HUICE_RETENTION_DAYS days for which receipts are kept; 0 keeps none: answers then have no receipt id
                     (a tenant's for ever, those given without a key 365)
HUICE_CASE_DAYS      days for which answers to a self-check, and the receipts made of them, are kept
                     after the last change (90)
HUICE_CASE_RATE      how many self-checks may be opened from one address (600/hour)
HUICE_FRAME_ANCESTORS origins that may embed the self-check, such as https://portal.example.gov.cn,
                     parted by commas (none)
HUICE_FAILING_EXAMPLES refuse: policy files whose examples do not come out are not served; serve:
                     they are (refuse)
HUICE_MAX_UPLOAD     largest table of companies in bytes (33554432)
HUICE_MAX_BATCHES    how many batches a tenant may keep (100)
HUICE_BATCH_DAYS     days for which a batch is kept (30)
HUICE_RATE_LIMIT     how often a key, or an address without one, may call, such as 600/minute (any)
HUICE_RATE_STORE     where calls are counted; memory:// counts in each worker (memory://)
HUICE_MAX_COMPANIES  how many companies a tenant may keep (100000)
HUICE_ANONYMOUS      open: anybody may match, read the catalogue and check himself; closed: only
                     who has a key or an account (open)
HUICE_SESSION_MINUTES minutes after which a person at the desk who did nothing is logged out; after
                     12 hours everybody is (60)
HUICE_WORKERS        processes that serve (2)
HUICE_THREADS        threads in each (8)
HUICE_MAX_SUBSCRIPTIONS how much a tenant may follow (100000)
HUICE_EVENT_DAYS     days for which events are kept (90)
HUICE_WEBHOOK_NETWORKS networks of your own that events may be delivered into, http too, such as
                     10.0.0.0/8, parted by commas; else only public addresses, by https (none)
HUICE_SMTP           the mail server for events by e-mail: smtp://host:25, or
                     smtps://user:password@host:465 (none)
HUICE_SMTP_FROM      the sender of such letters, such as huice@example.gov.cn
HUICE_SMTP_DOMAINS   domains that may be written to, parted by commas (none)
HUICE_OIDC_ISSUER    the provider of identities (OpenID Connect) that people at the desk log in
                     with: its issuer's address; takes the two below and HUICE_PUBLIC_URL (none)
HUICE_OIDC_CLIENT    the name that the service is registered by there (none)
HUICE_OIDC_SECRET    its secret there (none)
HUICE_OIDC_NAME      the claim that says which account is meant (preferred_username)
HUICE_TRACES         where a collector takes spans of requests (OpenTelemetry, OTLP by HTTP), such
                     as http://127.0.0.1:4318/v1/traces; takes the extra huice[tracing] (none)
HUICE_LOG_LEVEL      DEBUG, INFO, WARNING or ERROR (INFO)
"""

import os
import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environs import Env, EnvValidationError, ValidationError, validate

PROJECT = Path(__file__).resolve().parent.parent
VOCABULARY = "vocabulary.yaml"
_HOST = re.compile(r"\.?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\]")
_ORIGIN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]{1,5})?")


@dataclass(frozen=True)
class Settings:
    """Paths and limits; see the module's table. With PostgreSQL `database` is the file of what this
    machine keeps for itself."""

    database: Path
    policies: Path
    private: tuple[Path, ...]
    seeds: Path
    utc_offset: int | None
    max_body: int
    trusted_hosts: tuple[str, ...]
    log_level: str
    retention_days: int | None = None
    case_days: int = 90
    case_rate: str = "600/hour"
    frame_ancestors: tuple[str, ...] = ()
    public_url: str | None = None
    proxies: int = 0
    failing_examples: str = "refuse"
    max_companies: int = 100_000
    rate_limit: str | None = None
    rate_store: str = "memory://"
    max_upload: int = 33_554_432
    max_batches: int = 100
    batch_days: int = 30
    workers: int = 2
    threads: int = 8
    max_subscriptions: int = 100_000
    event_days: int = 90
    webhook_networks: tuple[str, ...] = ()
    # Addresses hold a password, so they are not shown.
    postgresql: str | None = field(default=None, repr=False)
    smtp: str | None = field(default=None, repr=False)
    smtp_from: str = ""
    smtp_domains: tuple[str, ...] = ()
    anonymous: str = "open"
    session_minutes: int = 60
    oidc_issuer: str | None = None
    oidc_client: str | None = None
    oidc_secret: str | None = field(default=None, repr=False)
    oidc_name: str = "preferred_username"
    traces: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody without key or account may match and read."""
        return self.anonymous == "open"


def read_settings() -> Settings:
    """Settings from the environment. Raises EnvValidationError naming every variable that is
    wrong."""
    env = Env(eager=False, prefix="HUICE_")
    database = env.str("DATABASE", "var/huice.sqlite3", validate=_check_database)
    local = env.path("LOCAL", Path("var"))
    folders = env.str("POLICIES", "")
    seeds = env.path("SEEDS", PROJECT / "seeds")
    public_url: str | None = env.str("PUBLIC_URL", None, validate=_check_address)
    people = _people_settings(env)
    others = _serving_settings(env) | _limit_settings(env) | _following_settings(env)
    env.seal()
    _check_provider(people, public_url)
    base, private = _split(folders)
    postgresql = database if "://" in database else None
    return Settings(
        database=Path(database) if postgresql is None else local / "local.sqlite3",
        policies=base,
        private=private,
        seeds=seeds,
        public_url=public_url,
        postgresql=postgresql,
        **people,
        **others,
    )


def _serving_settings(env: Env) -> dict[str, Any]:
    """How it is served, and what it says of itself to whoever runs it."""
    levels, doubtful = ["DEBUG", "INFO", "WARNING", "ERROR"], ["refuse", "serve"]
    hosts: list[str] = env.list("TRUSTED_HOSTS", [], validate=_check_hosts)
    return {
        "utc_offset": env.int("UTC_OFFSET", None, validate=validate.Range(-12, 14)),
        # None where one was refused: that is told when all are read.
        "trusted_hosts": tuple(host.strip() for host in hosts or ()),
        "frame_ancestors": tuple(env.list("FRAME_ANCESTORS", [], validate=_check_origins) or ()),
        "proxies": env.int("PROXIES", 0, validate=validate.Range(0, 10)),
        "workers": env.int("WORKERS", 2, validate=validate.Range(1, 256)),
        "threads": env.int("THREADS", 8, validate=validate.Range(1, 256)),
        "log_level": env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(levels)),
        "traces": env.str("TRACES", None, validate=_check_collector),
        "failing_examples": env.str(
            "FAILING_EXAMPLES", "refuse", validate=validate.OneOf(doubtful)
        ),
    }


def _limit_settings(env: Env) -> dict[str, Any]:
    """How much is taken, how often, and for how long it is kept."""
    some, days = validate.Range(min=1), validate.Range(min=1, max=3_650)
    size = validate.Range(min=1_024)
    return {
        "max_body": env.int("MAX_BODY", 1_048_576, validate=size),
        "max_upload": env.int("MAX_UPLOAD", 33_554_432, validate=size),
        "max_companies": env.int("MAX_COMPANIES", 100_000, validate=some),
        "max_batches": env.int("MAX_BATCHES", 100, validate=some),
        "batch_days": env.int("BATCH_DAYS", 30, validate=days),
        "case_days": env.int("CASE_DAYS", 90, validate=days),
        "retention_days": env.int(
            "RETENTION_DAYS", None, validate=validate.Range(min=0, max=36_500)
        ),
        "case_rate": env.str("CASE_RATE", "600/hour", validate=_check_rate),
        "rate_limit": env.str("RATE_LIMIT", None, validate=_check_rate),
        "rate_store": env.str("RATE_STORE", "memory://", validate=_check_store),
    }


def _check_database(place: str) -> None:
    is_file = "://" not in place and bool(Path(place).name)
    if not is_file and not place.startswith("postgresql://"):
        raise ValidationError("neither a file nor an address that begins with postgresql://")


def _people_settings(env: Env) -> dict[str, Any]:
    """Who may do what without an account, and how people log in."""
    return {
        "anonymous": env.str("ANONYMOUS", "open", validate=validate.OneOf(["open", "closed"])),
        "session_minutes": env.int("SESSION_MINUTES", 60, validate=validate.Range(min=1, max=720)),
        "oidc_issuer": env.str("OIDC_ISSUER", None, validate=_check_issuer),
        "oidc_client": env.str("OIDC_CLIENT", None),
        "oidc_secret": env.str("OIDC_SECRET", None),
        "oidc_name": env.str("OIDC_NAME", "preferred_username"),
    }


def _check_address(address: str) -> None:
    """An origin without a path: the service stands at the root of its name."""
    if not _ORIGIN.fullmatch(address) or "*" in address:
        raise ValidationError("not an address such as https://huice.example.gov.cn")


def _following_settings(env: Env) -> dict[str, Any]:
    """What is followed, and where events may be sent."""
    return {
        "max_subscriptions": env.int("MAX_SUBSCRIPTIONS", 100_000, validate=validate.Range(min=1)),
        "event_days": env.int("EVENT_DAYS", 90, validate=validate.Range(min=1, max=3_650)),
        "webhook_networks": tuple(env.list("WEBHOOK_NETWORKS", [], validate=_check_networks) or ()),
        "smtp": env.str("SMTP", None, validate=_check_smtp),
        "smtp_from": env.str("SMTP_FROM", "", validate=_check_sender),
        "smtp_domains": tuple(env.list("SMTP_DOMAINS", []) or ()),
    }


def _check_networks(networks: list[str]) -> None:
    for network in networks:
        try:
            ip_network(network.strip())
        except ValueError as error:
            raise ValidationError(f"not a network such as 10.0.0.0/8: {error}") from None


def _check_smtp(address: str) -> None:
    if not re.fullmatch(r"smtps?://(?:[^@/\s]+@)?[A-Za-z0-9.-]+(?::[0-9]{1,5})?", address):
        raise ValidationError("not an address such as smtp://mail.example.gov.cn:25")


def _check_sender(address: str) -> None:
    if address and not re.fullmatch(r"[^@\s<>]+@[A-Za-z0-9.-]+", address):
        raise ValidationError("not an address such as huice@example.gov.cn")


def _check_issuer(address: str) -> None:
    """Whoever stands between could vouch for anybody: without TLS on this machine only."""
    parts = urlsplit(address)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not (local or parts.scheme == "https") or not parts.hostname or parts.query:
        raise ValidationError("not an address such as https://login.example.com/realms/bank")


def _check_provider(people: dict[str, Any], public_url: str | None) -> None:
    """A provider is of use only with all that belongs to it."""
    needed = {
        "HUICE_OIDC_CLIENT": people["oidc_client"],
        "HUICE_OIDC_SECRET": people["oidc_secret"],
        "HUICE_PUBLIC_URL": public_url,
    }
    missing = [name for name, value in needed.items() if not value]
    if people["oidc_issuer"] and missing:
        why = ["needed where HUICE_OIDC_ISSUER is set"]
        raise EnvValidationError("settings are wrong", dict.fromkeys(missing, why))


def _check_collector(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValidationError("not an address such as http://127.0.0.1:4318/v1/traces")
    if find_spec("opentelemetry.exporter") is None:
        raise ValidationError("needs the extra: pip install 'huice[tracing]'")


def _check_rate(rate: str) -> None:
    if not re.fullmatch(r"[1-9][0-9]{0,8}/(?:second|minute|hour|day)", rate):
        raise ValidationError("not a rate such as 600/minute")


def _check_hosts(hosts: list[str]) -> None:
    """One that no request can name would refuse every request."""
    wrong = [host for host in hosts if not _HOST.fullmatch(host.strip())]
    if wrong:
        raise ValidationError(f"not a name such as huice.example.gov.cn: {', '.join(wrong)}")


def _check_store(address: str) -> None:
    if not re.match(r"(?:memory|redis|rediss|redis\+(?:unix|cluster|sentinel))://", address):
        raise ValidationError("neither memory:// nor an address such as redis://cache:6379")


def _check_origins(origins: list[str]) -> None:
    """Each becomes part of a header, so nothing but an origin may stand there."""
    wrong = [origin for origin in origins if not _ORIGIN.fullmatch(origin)]
    if wrong:
        raise ValidationError(f"not an origin such as https://example.gov.cn: {', '.join(wrong)}")


def _split(folders: str) -> tuple[Path, tuple[Path, ...]]:
    """The base catalogue's folder and the folders added to it."""
    listed = [Path(folder) for folder in folders.split(os.pathsep) if folder]
    if listed and (listed[0] / VOCABULARY).is_file():
        return listed[0], tuple(listed[1:])
    return PROJECT / "policies", tuple(listed)
