"""Names of stored things that nobody can guess."""

import base64
import secrets

_BYTES = 20


def new_id() -> str:
    """160 random bits as 32 characters of a-z and 2-7.

    Letters and digits only: an identifier that began with "-" would be an option to a command,
    and one that ended with "-" or "_" would lose its end where a mail program finds the link.
    """
    return base64.b32encode(secrets.token_bytes(_BYTES)).decode("ascii").lower()
