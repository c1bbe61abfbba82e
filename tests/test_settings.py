"""Settings are checked once, at the start: each that is wrong is refused by its name."""

import os
from pathlib import Path
from typing import cast

import pytest
from environs import EnvValidationError

from service.settings import read_settings

WRONG = {
    "DATABASE": ["", " ", "mysql://db/huice", "sqlite:///h", "/", "/tmp",
                 "/dev/null", "/dev/null/h", "h" * 400,
                 "postgresql://h:99999/x", "postgresql://h/x?user=a&nothing=b"],
    "LOCAL": ["", "/dev/null", "/dev/null/h", "h" * 400],
    "POLICIES": ["/dev/null", "policies:/dev/null"],
    "SEEDS": [""],
    "UTC_OFFSET": ["", "8.5", "+08:00", "99"],
    "MAX_BODY": ["1MB", "0", "-1", "1e6", "9" * 20],
    "MAX_UPLOAD": ["32M", "0"],
    "PUBLIC_URL": ["huice.example", "https://h.example/path", "ftp://h", "https://h:99999"],
    "PROXIES": ["-1", "11", "one"],
    "TRUSTED_HOSTS": ["*", "a b", ",", "https://h.example", "h:99999"],
    "FRAME_ANCESTORS": ["*", "'self'", "portal.example", "https://h:99999"],
    "RETENTION_DAYS": ["-1", "forever", "1.5", ""],
    "CASE_DAYS": ["0", "4000"],
    "CASE_RATE": ["600", "600/min", "0/hour"],
    "RATE_LIMIT": ["off", "", "600 / minute"],
    "RATE_STORE": ["memory", "redis://", "redis:/h", "http://h", "redis://h:99999", "redis://h h"],
    "MAX_COMPANIES": ["0", "lots", "1" * 12],
    "MAX_BATCHES": ["0"],
    "BATCH_DAYS": ["0"],
    "MAX_SUBSCRIPTIONS": ["-5"],
    "EVENT_DAYS": ["4000"],
    "FAILING_EXAMPLES": ["maybe", "Serve"],
    "ANONYMOUS": ["no", "OPEN", ""],
    "SESSION_MINUTES": ["0", "721", "1h"],
    "WORK": ["maybe", "true", "", "2"],
    "HOST": ["", "a b", "300.1.1.1", "http://h", "127.0.0.1:8000"],
    "WORKERS": ["0", "257", "two"],
    "THREADS": ["0"],
    "WEBHOOK_NETWORKS": ["10.0.0.1/8", "local", ",", "0.0.0.0/0", "::/0"],
    "SMTP": ["mail:25", "smtp://", "smtp://h:99999", "mail://h"],
    "SMTP_FROM": ["huice", "Huice <a@b.cn>"],
    "SMTP_DOMAINS": ["*", "a@b.cn", "localhost", " "],
    "OIDC_ISSUER": ["login.example", "http://login.example", "https://h:99999"],
    "OIDC_NAME": ["", "preferred username"],
    "TRACES": ["collector:4318", "grpc://h", "http://h:99999"],
    "LOG_LEVEL": ["info", "TRACE", ""],
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment without settings."""
    for name in [n for n in os.environ if n.startswith("HUICE_")]:
        monkeypatch.delenv(name)


def faults() -> dict[str, list[str]]:
    """What is refused, by the names of variables."""
    with pytest.raises(EnvValidationError) as refused:
        read_settings()
    return cast("dict[str, list[str]]", refused.value.error_messages)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in WRONG.items() for v in vs])
def test_a_wrong_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"HUICE_{name}", value)
    assert list(faults()) == [f"HUICE_{name}"]


def test_a_database_behind_a_link_is_the_file_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whose log lies beside it. Where the link leads nowhere a disk is away: none is begun."""
    link, file = tmp_path / "link.sqlite3", tmp_path / "huice.sqlite3"
    link.symlink_to(file)
    monkeypatch.setenv("HUICE_DATABASE", str(link))
    assert "not there" in faults()["HUICE_DATABASE"][0]
    file.touch()
    assert read_settings().database == file


def test_all_faults_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WORK", "HOST", "MAX_BODY", "POLICIES"):
        monkeypatch.setenv(f"HUICE_{name}", WRONG[name][0])
    assert sorted(faults()) == ["HUICE_HOST", "HUICE_MAX_BODY", "HUICE_POLICIES", "HUICE_WORK"]


@pytest.mark.parametrize(
    ("name", "meant"), [("RETENTION_DAY", "RETENTION_DAYS"), ("WORKER", "WORKERS"),
                        ("TRUSTED_HOST", "TRUSTED_HOSTS"), ("MAXBODY", "MAX_BODY")],
)  # fmt: skip
def test_a_mistyped_name_is_refused_with_the_one_it_is_like(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    """Else the usual value would hold, and nobody would know."""
    monkeypatch.setenv(f"HUICE_{name}", "30")
    assert f"HUICE_{meant}?" in faults()[f"HUICE_{name}"][0]


def test_what_others_put_beside_the_settings_is_none_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Kubernetes names each service of a namespace so, and users their keys."""
    for name in ("SERVICE_HOST", "SERVICE_PORT", "PORT", "PORT_8000_TCP_ADDR", "WORK_SERVICE_HOST",
                 "DATABASE_PASSWORD", "DATABASE_SERVICE_HOST", "URL", "KEY"):  # fmt: skip
        monkeypatch.setenv(f"HUICE_{name}", "tcp://10.0.0.1:8000")
    read_settings()


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ({"SMTP": "smtp://mail.example:25"}, {"SMTP_FROM", "SMTP_DOMAINS"}),
        ({"SMTP_FROM": "huice@bank.example"}, {"SMTP", "SMTP_DOMAINS"}),
        ({"OIDC_CLIENT": "huice"}, {"OIDC_ISSUER", "OIDC_SECRET", "PUBLIC_URL"}),
        (
            {
                "OIDC_CLIENT": "huice",
                "SMTP_FROM": "huice@bank.example",
                "SMTP": "mail",
                "HOST": "1",
            },
            {"OIDC_ISSUER", "OIDC_SECRET", "PUBLIC_URL", "SMTP", "SMTP_DOMAINS", "HOST"},
        ),
    ],
)
def test_what_is_of_no_use_alone_names_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, stated: dict[str, str], missing: set[str]
) -> None:
    for name, value in stated.items():
        monkeypatch.setenv(f"HUICE_{name}", value)
    assert {name.removeprefix("HUICE_") for name in faults()} == missing


def test_the_password_of_a_database_is_in_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUICE_DATABASE", "postgresql://huice:p%zzword@h/x")
    assert "word" not in str(faults())


def test_a_service_may_listen_on_every_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("0.0.0.0", "::", "[::1]", "localhost", "huice.internal"):
        monkeypatch.setenv("HUICE_HOST", host)
        assert read_settings().host == host
