"""Settings: frozen, read once from the environment, all faults told together.

HUICE_DATABASE       the SQLite file: receipts, catalogue versions, search; or the address of a
                     database that several machines share: postgresql://… (var/huice.sqlite3)
HUICE_LOCAL          with PostgreSQL, the folder for what each machine keeps for itself and can make
                     anew: compiled catalogue, search index, files of batches at work (var)
HUICE_POLICIES       folders of policy files, parted by ":". Where the first holds a vocabulary.yaml
                     it is the whole base; otherwise all are added to the project's own policies/
HUICE_SEEDS          the folder of code tables (the project's seeds/)
HUICE_PREPARED       a folder that `huice policies prepare` has filled: a start that finds today's
                     files compiled there does not read them (none)
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
HUICE_WORK           1: batches, comparisons and deliveries are run beside the service; 0: they are
                     left to `huice work`, here or on another machine (1)
HUICE_HOST           address that is listened on (127.0.0.1)
HUICE_WORKERS        processes that serve; gunicorn's own WEB_CONCURRENCY is not heard (2)
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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from environs import Env, EnvValidationError, validate

from service import setting_checks as checks
from service.domain.text import nearest

PROJECT = Path(__file__).resolve().parent.parent
VOCABULARY = "vocabulary.yaml"
_PREFIX = "HUICE_"
# How like a setting's a name must be to be that name mistyped.
_MIN_LIKENESS = 0.75
_MAX_BYTES, _MAX_COUNT = 1 << 32, 10**9


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
    work: bool = True
    host: str = "127.0.0.1"
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
    prepared: Path | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody without key or account may match and read."""
        return self.anonymous == "open"


def read_settings() -> Settings:
    """Settings from the environment. Raises EnvValidationError naming every variable that is
    wrong, or that has the name of none but nearly that of one."""
    env = Env(eager=False, prefix=_PREFIX)
    database = env.str("DATABASE", "var/huice.sqlite3", validate=checks.check_database)
    local = env.str("LOCAL", "var", validate=checks.check_folder)
    folders = env.str("POLICIES", "", validate=checks.check_folders)
    prepared = env.str("PREPARED", None, validate=checks.check_folder)
    seeds = env.str("SEEDS", str(PROJECT / "seeds"), validate=checks.check_folder)
    public_url: str | None = env.str("PUBLIC_URL", None, validate=checks.check_public_address)
    people, serving = _people_settings(env), _serving_settings(env)
    others = _limit_settings(env) | _following_settings(env)
    _check_all(env, _provider_faults(people, public_url) | _mail_faults(others))
    base, private = _split(folders)
    postgresql = database if "://" in database else None
    file = Path(database) if postgresql is None else Path(local) / "local.sqlite3"
    return Settings(
        # SQLite keeps its log beside the file that a link leads to, and so do we.
        database=file.resolve() if file.is_symlink() else file,
        policies=base,
        private=private,
        seeds=Path(seeds),
        prepared=None if prepared is None else Path(prepared),
        public_url=public_url,
        postgresql=postgresql,
        **people,
        **serving,
        **others,
    )


def _check_all(env: Env, missing: dict[str, list[str]]) -> None:
    """Tell of all faults together, those that are `missing` beside others too. A setting that
    nobody reads would leave the usual value in its place, without a word."""
    known = {name.removeprefix(_PREFIX) for name in env.dump()}
    faults: dict[str, list[str]] = {}
    try:
        env.seal()
    except EnvValidationError as error:
        faults = cast("dict[str, list[str]]", error.error_messages)
        known |= {name.removeprefix(_PREFIX) for name in faults}
    for name in sorted(n for n in os.environ if n.startswith(_PREFIX)):
        own = name.removeprefix(_PREFIX)
        if own not in known and (near := nearest(own, known, _MIN_LIKENESS)):
            faults[name] = [f"no setting; did you mean {_PREFIX}{near}?"]
    faults = missing | faults  # one that was refused is not missing
    if faults:
        raise EnvValidationError("settings are wrong", faults)


def _serving_settings(env: Env) -> dict[str, Any]:
    """How it is served, and what it says of itself to whoever runs it."""
    levels, doubtful = ["DEBUG", "INFO", "WARNING", "ERROR"], ["refuse", "serve"]
    hosts: list[str] = env.list("TRUSTED_HOSTS", [], validate=checks.check_hosts)
    origins: list[str] = env.list("FRAME_ANCESTORS", [], validate=checks.check_origins)
    return {
        "utc_offset": env.int("UTC_OFFSET", None, validate=validate.Range(-12, 14)),
        # None where one was refused: that is told when all are read.
        "trusted_hosts": tuple(host.strip() for host in hosts or ()),
        "frame_ancestors": tuple(origins or ()),
        "proxies": env.int("PROXIES", Settings.proxies, validate=validate.Range(0, 10)),
        "work": env.str("WORK", "1", validate=validate.OneOf(["0", "1"])) == "1",
        "host": env.str("HOST", Settings.host, validate=checks.check_listening),
        "workers": env.int("WORKERS", Settings.workers, validate=validate.Range(1, 256)),
        "threads": env.int("THREADS", Settings.threads, validate=validate.Range(1, 256)),
        "log_level": env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(levels)),
        "traces": env.str("TRACES", None, validate=checks.check_collector),
        "failing_examples": env.str(
            "FAILING_EXAMPLES", Settings.failing_examples, validate=validate.OneOf(doubtful)
        ),
    }


def _limit_settings(env: Env) -> dict[str, Any]:
    """How much is taken, how often, and for how long it is kept."""
    some, days = validate.Range(1, _MAX_COUNT), validate.Range(1, 3_650)
    size = validate.Range(1_024, _MAX_BYTES)
    return {
        "max_body": env.int("MAX_BODY", 1_048_576, validate=size),
        "max_upload": env.int("MAX_UPLOAD", Settings.max_upload, validate=size),
        "max_companies": env.int("MAX_COMPANIES", Settings.max_companies, validate=some),
        "max_batches": env.int("MAX_BATCHES", Settings.max_batches, validate=some),
        "batch_days": env.int("BATCH_DAYS", Settings.batch_days, validate=days),
        "case_days": env.int("CASE_DAYS", Settings.case_days, validate=days),
        "retention_days": env.int("RETENTION_DAYS", None, validate=validate.Range(0, 36_500)),
        "case_rate": env.str("CASE_RATE", Settings.case_rate, validate=checks.check_rate),
        "rate_limit": env.str("RATE_LIMIT", None, validate=checks.check_rate),
        "rate_store": env.str("RATE_STORE", Settings.rate_store, validate=checks.check_store),
    }


def _people_settings(env: Env) -> dict[str, Any]:
    """Who may do what without an account, and how people log in."""
    word = checks.check_word
    return {
        "anonymous": env.str(
            "ANONYMOUS", Settings.anonymous, validate=validate.OneOf(["open", "closed"])
        ),
        "session_minutes": env.int(
            "SESSION_MINUTES", Settings.session_minutes, validate=validate.Range(1, 720)
        ),
        "oidc_issuer": env.str("OIDC_ISSUER", None, validate=checks.check_issuer),
        "oidc_client": env.str("OIDC_CLIENT", None),
        "oidc_secret": env.str("OIDC_SECRET", None),
        "oidc_name": env.str("OIDC_NAME", Settings.oidc_name, validate=word),
    }


def _following_settings(env: Env) -> dict[str, Any]:
    """What is followed, and where events may be sent."""
    some, days = validate.Range(1, _MAX_COUNT), validate.Range(1, 3_650)
    networks: list[str] = env.list("WEBHOOK_NETWORKS", [], validate=checks.check_networks)
    domains: list[str] = env.list("SMTP_DOMAINS", [], validate=checks.check_domains)
    return {
        "max_subscriptions": env.int(
            "MAX_SUBSCRIPTIONS", Settings.max_subscriptions, validate=some
        ),
        "event_days": env.int("EVENT_DAYS", Settings.event_days, validate=days),
        "webhook_networks": tuple(networks or ()),
        "smtp": env.str("SMTP", None, validate=checks.check_mail_server),
        "smtp_from": env.str("SMTP_FROM", "", validate=checks.check_sender),
        "smtp_domains": tuple(domain.strip() for domain in domains or ()),
    }


def _provider_faults(people: dict[str, Any], public_url: str | None) -> dict[str, list[str]]:
    """A provider is of use only with all that belongs to it."""
    own = {
        "HUICE_OIDC_ISSUER": people["oidc_issuer"],
        "HUICE_OIDC_CLIENT": people["oidc_client"],
        "HUICE_OIDC_SECRET": people["oidc_secret"],
    }
    return _missing(own, {**own, "HUICE_PUBLIC_URL": public_url})


def _mail_faults(others: dict[str, Any]) -> dict[str, list[str]]:
    """A mail server that may write to nobody, or as nobody, sends nothing."""
    own = {"HUICE_SMTP": others["smtp"], "HUICE_SMTP_FROM": others["smtp_from"]}
    return _missing(own, {**own, "HUICE_SMTP_DOMAINS": others["smtp_domains"]})


def _missing(own: dict[str, Any], needed: dict[str, Any]) -> dict[str, list[str]]:
    """Where one of some settings is set, those that are needed beside it and are not."""
    stated = [name for name, value in own.items() if value]
    why = [f"needed where {stated[0]} is set"] if stated else []
    return {name: why for name, value in needed.items() if stated and not value}


def _split(folders: str) -> tuple[Path, tuple[Path, ...]]:
    """The base catalogue's folder and the folders added to it."""
    listed = [Path(folder) for folder in folders.split(os.pathsep) if folder]
    if listed and (listed[0] / VOCABULARY).is_file():
        return listed[0], tuple(listed[1:])
    return PROJECT / "policies", tuple(listed)
