"""Profiles that were saved under an earlier vocabulary: read again, with what no longer exists left
out and told. Nothing that somebody has saved is ever refused for it.
"""

from copy import deepcopy
from typing import Any

from service.domain.errors import InvalidInput
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text
from service.intake.faults import shown_text
from service.intake.notices import Notice
from service.intake.profiles import ProfileReader

_ROUNDS = 20
_GONE = Text(
    "已保存的“{what}”在现行词汇表中已不存在，按未填处理",
    "what was saved as “{what}” no longer exists in today's vocabulary and counts as not stated",
)
_OWNERS = ("company", "projects")


def mend_profile(
    reader: ProfileReader, raw: dict[str, Any]
) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    """A saved profile as today's reader accepts it, and a notice for every value left out.

    A code, fact or kind of project that is gone makes its fact unknown, never false. Raises
    InvalidInput where it is no profile at all.
    """
    mended, notices = raw, []
    for _ in range(_ROUNDS):
        try:
            reader.read_stated(mended, "")
        except InvalidInput as error:
            mended = deepcopy(mended)
            places = {_removable(p.pointer) for p in error.problems}
            if None in places:
                raise
            for place in sorted(filter(None, places), key=_last_first, reverse=True):
                if place[0] != "provenance":  # the mark of a value goes with it, untold
                    notices.append(_notice(mended, place, reader.vocabulary))
                _remove(mended, place)
        else:
            return mended, tuple(dict.fromkeys(notices))
    reader.read_stated(mended, "")
    return mended, tuple(dict.fromkeys(notices))


def _removable(pointer: str) -> tuple[str | int, ...] | None:
    """The smallest part that can be left out so that the value at a pointer is gone with it."""
    steps = [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]
    if len(steps) >= 2 and steps[0] == "provenance":
        return tuple(steps[:2])
    if len(steps) < 2 or steps[0] not in _OWNERS:
        return None
    if steps[0] == "projects":
        if len(steps) == 2 or steps[2] in ("kind", "ref"):
            return "projects", int(steps[1])
        return ("projects", int(steps[1]), *_value(steps[2:]))
    return ("company", *_value(steps[1:]))


def _value(steps: list[str]) -> tuple[str | int, ...]:
    """A fact, or one item of a fact that is a list."""
    return (steps[0], int(steps[1])) if len(steps) > 1 and steps[1].isdecimal() else (steps[0],)


def _last_first(place: tuple[str | int, ...]) -> list[tuple[bool, str | int]]:
    return [(isinstance(step, str), step) for step in place]


def _remove(profile: dict[str, Any], place: tuple[str | int, ...]) -> None:
    holders: list[Any] = [profile]
    for step in place[:-1]:
        holders.append(holders[-1][step])
    del holders[-1][place[-1]]
    if isinstance(place[-1], int) and not holders[-1] and place != ("projects", place[-1]):
        del holders[-2][place[-2]]  # an empty list would say "none"; nothing is known any more


def _notice(
    profile: dict[str, Any], place: tuple[str | int, ...], vocabulary: Vocabulary
) -> Notice:
    owner = "company" if place[0] == "company" else "project"
    name = next((s for s in place[1:] if isinstance(s, str)), "kind")
    value: Any = profile
    for step in place:
        value = value[step]
    fact = vocabulary.facts.get(f"{owner}.{name}")
    if isinstance(value, dict):
        value = value.get("category") or value.get("kind") or name
    said = shown_text(str(value))
    label = fact.label if fact else Text(shown_text(name), shown_text(name))
    what = Text("{label}：{said}", "{label}: {said}").format(label=label, said=said)
    return Notice("saved_value_gone", _GONE.format(what=what), fact.id if fact else None)
