"""When the garbage collector looks at what a worker has made, and what it never looks at again."""

import gc

# What a request makes goes with it, as nothing of it refers to itself: a worker looks for what does
# after some pages, or hundreds of matches. So many values are looked at in a millisecond; a look at
# all, which is every fourth, takes five or six.
COLLECTED_AFTER = 1_500
# What more values are in use after a look at all has come to stay.
MANY_VALUES = 3_000
# The generation whose look is one at everything that is not left alone.
_WHOLE = 2


def leave_what_is_there() -> None:
    """What has been made so far stays as long as the process: the collector never walks through it,
    which would keep the request that it falls in waiting for fifty milliseconds.

    Nor does it walk again and again through what comes to stay later, as programmes of a large
    catalogue do that are shown for the first time: two hundred thousand values of theirs took a
    hundred milliseconds. Where a whole look finds many values in use, these are left alone from
    then on. Of a request that is being answered in that moment what refers to itself is never
    found; so nothing is left where few are in use: after each look, pages kept four kilobytes a
    request for ever.
    """
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, 1, 1)
    if _leave_survivors not in gc.callbacks:
        gc.callbacks.append(_leave_survivors)
    gc.enable()


def _leave_survivors(phase: str, told: dict[str, int]) -> None:
    if phase != "stop" or told["generation"] != _WHOLE:
        return
    if len(gc.get_objects(_WHOLE)) > MANY_VALUES:
        gc.freeze()
