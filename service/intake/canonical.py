"""Canonical JSON: one byte string for one value, so that digests and replays can be compared."""

import orjson


def canonical_json(value: object) -> bytes:
    """UTF-8 JSON with sorted keys and no blanks. The value holds str, int, bool, None, list and
    dict only: amounts and dates are strings by then."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
