"""When the garbage collector looks at what a worker has made, and what it never looks at again."""

import gc
import sys
from dataclasses import dataclass

# What a request makes goes with it, as nothing of it refers to itself: a worker looks for what does
# after some pages. So many values are looked at in five milliseconds.
COLLECTED_AFTER = 20_000
# Where more blocks of memory are in use after a look than were when values were last left alone,
# what they hold has come to stay: some 3,000 values that the collector walks through.
MANY_BLOCKS = 10_000


@dataclass
class _LeftAlone:
    """How many blocks of memory were in use when values were last left alone."""

    blocks: int = 0

    def extend(self) -> None:
        """Leave alone what is in use."""
        gc.freeze()
        self.blocks = sys.getallocatedblocks()


_left_alone = _LeftAlone()


def leave_what_is_there() -> None:
    """What has been made so far stays as long as the process: the collector never walks through it,
    which would keep the request that it falls in waiting for fifty milliseconds. From now on it
    looks when it is told to, and not in the midst of a request: a match paid for it with a tenth of
    its time, and the dearest with twenty milliseconds."""
    gc.disable()
    _left_alone.extend()


def look_for_what_goes() -> None:
    """Let go what refers to itself, if much has been made since the last look.

    What comes to stay, as programmes of a large catalogue do that are shown for the first time, is
    not walked through again and again: two hundred thousand values of theirs took a hundred
    milliseconds. Where a look finds many values in use, these are left alone from then on. Of a
    request that is being answered in that moment what refers to itself is never found; so nothing
    is left where few are in use: after each look, pages kept four kilobytes a request for ever.

    Blocks are counted, and no list is made of the values: while there is one, a tuple that another
    thread is filling has two owners, and Python refuses to let it grow (SystemError).
    """
    made, *_ = gc.get_count()
    if made < COLLECTED_AFTER:
        return
    gc.collect()
    if sys.getallocatedblocks() - _left_alone.blocks > MANY_BLOCKS:
        _left_alone.extend()
