"""Canonical JSON: one byte string for one value, so that digests and replays can be compared."""

from collections.abc import Callable

import orjson


def canonical_json(value: object, default: Callable[[object], object] | None = None) -> bytes:
    """UTF-8 JSON with sorted keys and no blanks. The value holds str, int, bool, None, list and
    dict only: amounts and dates are strings by then; and fragments that are canonical already.
    `default` gives what stands for anything else."""
    return orjson.dumps(value, default, orjson.OPT_SORT_KEYS)
