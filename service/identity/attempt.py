"""What goes to a provider of identities and what comes back; loads none of its libraries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at the provider: `subject` never changes, `name` is what the claim of the
    operator's choice says."""

    subject: str
    name: str


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """What is kept between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str
