"""What is said of a fault in policy files, in Chinese and English: the words stand beside this
module, and who finds a fault says which and fills them in.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from service.domain.text import Text, enumerated
from service.domain.text import quoted as set_off

NOTHING = Text("", "")


@cache
def fault_words() -> Mapping[str, Text]:
    """Every wording by its key; read with the first fault, as most files have none."""
    written = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {key: Text(**texts) for key, texts in written.items()}


def say(key: str, /, **parts: object) -> Text:
    """A wording with its places filled; a part that is a text is said in each language.

    >>> say("needs_exactly_two_facts", head="ratio").en
    'ratio needs exactly two facts'
    """
    as_texts = {name: part if isinstance(part, Text) else str(part) for name, part in parts.items()}
    words = fault_words()[key].format(**as_texts)
    # A quotation stands close to Chinese words, where other signs have a blank.
    return replace(words, zh=words.zh.replace(" “", "“").replace("” ", "”"))


def quoted(value: object) -> Text:
    """What a file has, set off from the words around it.

    >>> quoted("frim")
    Text(zh='“frim”', en="'frim'", others=())
    """
    if isinstance(value, str):
        return replace(set_off(value), en=repr(value))
    return Text(str(value), str(value))


def joined_by_and(names: Iterable[str]) -> Text:
    """Names of what cannot stand together.

    >>> joined_by_and(["rate", "price"]).en
    'rate and price'
    """
    listed = list(names)
    return Text("、".join(listed), " and ".join(listed))


def joined_by_commas(names: Iterable[object]) -> Text:
    """Names one after the other."""
    return enumerated(map(str, names))


def from_to(low: object, high: object) -> Text:
    """Two ends, either of which may be open.

    >>> from_to(None, 5).en
    'open to 5'
    """
    ends = (say("open_end") if end is None else end for end in (low, high))
    return say("span", low=next(ends), high=next(ends))


def at_place(place: str, message: Text) -> Text:
    """A fault of what has a name.

    >>> at_place("xx-1", Text("还没有写", "must not be empty")).zh
    'xx-1：还没有写'
    """
    return say("at_place", place=place, message=message)


def joined_by_or(names: Iterable[str]) -> Text:
    """Names of which one is meant.

    >>> joined_by_or(["potential", "watch"]).zh
    'potential或watch'
    """
    listed = list(names)
    return Text("或".join(listed), " or ".join(listed))
