"""Passwords: argon2id with the library's parameters (RFC 9106); few at a time, each takes 64 MB."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH, MAX_LENGTH = 12, 200
# Of so many guesses at least the password has to be, by who begins with what people choose most: a
# word with 123456, a year or a day behind it is below, a dozen of signs at random is above.
MIN_GUESSES = 100_000_000_000
# What whoever guesses at this service tries first.
_OWN_WORDS = ("huice",)
_LOOKED_AT = 72
_AT_ONCE = threading.BoundedSemaphore(2)


def is_easy(password: str, name: str) -> bool:
    """Whether a password is soon guessed: too short or too long to be one, with the account's name
    in it, or put together of frequent passwords, words, names, days, rows of keys, repetitions."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH or name in password.lower():
        return True
    # 14 MB of words, for a process in which somebody sets a password.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    return int(zxcvbn(password[:_LOOKED_AT], [name, *_OWN_WORDS])["guesses"]) < MIN_GUESSES


class Passwords:
    """Makes digests of passwords and compares with them."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """`hasher`: one with other parameters."""
        self._hasher = hasher or PasswordHasher()
        self._nobodys: str | None = None

    def digest(self, password: str) -> str:
        with _AT_ONCE:
            return self._hasher.hash(password)

    def fits(self, password: str, digest: str | None) -> bool:
        """Whether a password is that of a digest. Where there is none, as much work is done: a
        caller cannot tell by time whether a name is somebody's."""
        if digest is None:
            self._nobodys = self._nobodys or self.digest("")
        with _AT_ONCE:
            try:
                self._hasher.verify(digest or self._nobodys or "", password)
            except (VerificationError, InvalidHashError):
                return False
        return digest is not None

    def is_outdated(self, digest: str) -> bool:
        """Whether a digest was made with weaker parameters than those of today."""
        return self._hasher.check_needs_rehash(digest)
