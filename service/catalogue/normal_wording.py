"""The normalised wording of an official text, and its digest.

A digest is `sha256:` and the hex SHA-256 of the UTF-8 of the normalised wording: Unicode NFKC, then
every white-space and invisible format character removed. Full and half width, line breaks,
indentation and the encoding of a copy therefore do not matter; a changed character does.
"""

import hashlib
import unicodedata


def normalise_wording(text: str) -> str:
    """NFKC, without white space and invisible format characters."""
    kept = unicodedata.normalize("NFKC", text)
    return "".join(c for c in kept if not c.isspace() and unicodedata.category(c) != "Cf")


def wording_digest(wording: str) -> str:
    """The digest of a wording, as measure files state it."""
    return f"sha256:{hashlib.sha256(normalise_wording(wording).encode()).hexdigest()}"
