"""When the garbage collector looks at what a worker has made, and what it never looks at again."""

import gc

# What a request makes goes with it, as nothing of it refers to itself: a worker looks for what does
# after some fifteen requests, not after each. So many are looked at within five milliseconds.
COLLECTED_AFTER = 10_000
# The generation whose look is one at everything that is not left alone.
_WHOLE = 2


def leave_what_is_there() -> None:
    """What has been made so far stays as long as the process: the collector never walks through it,
    which would keep the request that it falls in waiting for fifty milliseconds.

    Nor does it walk twice through what comes to stay later, as programmes of a large catalogue do
    that are shown for the first time: a thousand of them took a hundred milliseconds. What a whole
    look finds in use is left alone from then on. Of a request that is being answered in that moment
    what refers to itself is never found; so only whole looks leave anything, which come a hundred
    times less often than the others: after each look, pages kept four kilobytes a request for ever.
    """
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)
    if _leave_survivors not in gc.callbacks:
        gc.callbacks.append(_leave_survivors)
    gc.enable()


def _leave_survivors(phase: str, told: dict[str, int]) -> None:
    if phase == "stop" and told["generation"] == _WHOLE:
        gc.freeze()
