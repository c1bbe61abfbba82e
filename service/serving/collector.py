"""When the garbage collector looks at what a worker has made."""

import gc

# What a request makes goes with it, as nothing of it refers to itself: a worker looks for what does
# after some thirty requests, not after each.
COLLECTED_AFTER = 20_000


def leave_what_is_there() -> None:
    """What has been made so far stays as long as the process: the collector never walks through it,
    which would keep the request that it falls in waiting for fifty milliseconds."""
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)
    gc.enable()
