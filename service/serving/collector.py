"""When the garbage collector looks at what a worker has made, and what it never looks at again."""

import gc

# What a request makes goes with it, as nothing of it refers to itself: a worker looks for what does
# after some pages. So many values are looked at in five milliseconds.
COLLECTED_AFTER = 20_000
# What more values are in use after a look has come to stay.
MANY_VALUES = 3_000


def leave_what_is_there() -> None:
    """What has been made so far stays as long as the process: the collector never walks through it,
    which would keep the request that it falls in waiting for fifty milliseconds. From now on it
    looks when it is told to, and not in the midst of a request: a match paid for it with a tenth of
    its time, and the dearest with twenty milliseconds."""
    gc.freeze()
    gc.disable()


def look_for_what_goes() -> None:
    """Let go what refers to itself, if much has been made since the last look.

    What comes to stay, as programmes of a large catalogue do that are shown for the first time, is
    not walked through again and again: two hundred thousand values of theirs took a hundred
    milliseconds. Where a look finds many values in use, these are left alone from then on. Of a
    request that is being answered in that moment what refers to itself is never found; so nothing
    is left where few are in use: after each look, pages kept four kilobytes a request for ever.
    """
    made, *_ = gc.get_count()
    if made < COLLECTED_AFTER:
        return
    gc.collect()
    if len(gc.get_objects()) > MANY_VALUES:
        gc.freeze()
