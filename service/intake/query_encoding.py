"""Which parameters of a query, or fields of a form that is written like one, are not UTF-8. They
are refused: decoded with replacement characters they would say what nobody has sent.
"""

from urllib.parse import unquote_to_bytes


def names_not_utf_8(query: bytes) -> frozenset[str]:
    """The parameters whose name or value is not UTF-8, by name as far as it can be read."""
    if b"%" not in query and query.isascii():
        return frozenset()
    pairs = [unquote_to_bytes(pair.replace(b"+", b" ")) for pair in query.split(b"&")]
    return frozenset(
        pair.partition(b"=")[0].decode(errors="replace") for pair in pairs if not _is_utf_8(pair)
    )


def _is_utf_8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
