"""Deliveries over TLS, to a real server: the certificate is checked for the name, by a trusted
authority, within its days; the name goes into the handshake, the address was resolved before."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.delivery.test_http_sender import Receiver, receiving, sender

HOST = "hooks.example"


@dataclass(frozen=True)
class Authority:
    """Makes certificates that only those trust who are told to."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def server_files(self, folder: Path, name: str, ends: timedelta) -> Path:
        """A certificate for a name, with its key, in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(name, key, self.certificate.subject, self.key, ends, is_authority=False)
        path = folder / f"{name}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
        return path


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    ends: timedelta,
    *,
    is_authority: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


@pytest.fixture(scope="module")
def authority() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority")])
    ends = timedelta(days=1)
    return Authority(key, _certificate("authority", key, name, key, ends, is_authority=True))


@pytest.fixture
def trusted(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority."""
    path = tmp_path / "authority.pem"
    path.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


@contextmanager
def receiving_tls(files: Path, greeted: list[str | None]) -> Iterator[Receiver]:
    """A receiver behind TLS; `greeted` takes the name of each handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files)
    context.sni_callback = lambda _socket, name, _context: greeted.append(name)
    with receiving() as server:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        yield server


@pytest.mark.usefixtures("trusted")
def test_what_is_posted_arrives_over_tls(authority: Authority, tmp_path: Path) -> None:
    """At the address that was resolved, under the name that was asked for."""
    greeted: list[str | None] = []
    files = authority.server_files(tmp_path, HOST, timedelta(days=1))
    with receiving_tls(files, greeted) as server:
        outcome = sender().send(f"https://{HOST}:{server.port}/hook?a=1", b"{}", {"X-One": "1"})
        assert outcome.delivered, outcome.words
        ((path, headers, body),) = server.got
    assert (path, headers["X-One"], body) == ("/hook?a=1", "1", b"{}")
    assert headers["Host"] == f"{HOST}:{server.port}"
    assert greeted == [HOST]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("name", "ends"), [("other.example", timedelta(days=1)), (HOST, -timedelta(days=1))]
)
def test_a_certificate_that_does_not_fit_is_not_spoken_to(
    authority: Authority, tmp_path: Path, name: str, ends: timedelta
) -> None:
    """Another name's, or one that has run out: nothing is sent."""
    with receiving_tls(authority.server_files(tmp_path, name, ends), []) as server:
        outcome = sender().send(f"https://{HOST}:{server.port}/", b"figures", {})
    assert (outcome.status, outcome.words.startswith("TLS: ")) == (None, True)
    assert server.got == []


def test_an_authority_nobody_trusts_is_not_spoken_to(authority: Authority, tmp_path: Path) -> None:
    files = authority.server_files(tmp_path, HOST, timedelta(days=1))
    with receiving_tls(files, []) as server:
        outcome = sender().send(f"https://{HOST}:{server.port}/", b"figures", {})
    assert outcome.words == "TLS: CERTIFICATE_VERIFY_FAILED"
    assert server.got == []
