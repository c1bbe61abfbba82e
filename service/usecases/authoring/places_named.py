"""Which place a name speaks of, such as that of a body: a code of the list of places."""

import re
from collections.abc import Iterable, Mapping

from service.domain.facts.code_lists import CodeList

# Words of these scripts stand without blanks between them.
_UNPARTED = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


def place_named(names: Iterable[str], places: CodeList) -> str | None:
    """The place that the first of some names speaks of which names one; None where none does. Of
    places that are called the same it is the one that lies in another that is named."""
    return next(filter(None, (_place_in(name, places) for name in names)), None)


def _place_in(name: str, places: CodeList) -> str | None:
    spans = {
        (place.start(), place.end()): codes
        for label, codes in _in_use(places).items()
        for place in _standing_in(label, name)
    }
    whole = [codes for s, codes in spans.items() if not any(_holds(other, s) for other in spans)]
    found = set[str]().union(*whole)
    broader = {code: len(places.ancestors(code) & found) for code in found}
    best = [code for code, count in broader.items() if count == max(broader.values())]
    return best[0] if len(best) == 1 else None


def _in_use(places: CodeList) -> Mapping[str, set[str]]:
    """The codes in use behind each label, whatever its language."""
    by_label: dict[str, set[str]] = {}
    for code, entry in places.codes.items():
        if places.current(code) == code:
            for label in entry.label.by_language().values():
                by_label.setdefault(label, set()).add(code)
    return by_label


def _standing_in(label: str, name: str) -> Iterable[re.Match[str]]:
    """Where a label stands in a name: as words of their own, where words stand apart."""
    if label not in name:
        return ()
    edge = "" if _UNPARTED.search(label) else r"\b"
    return re.finditer(f"{edge}{re.escape(label)}{edge}", name)


def _holds(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer != inner and outer[0] <= inner[0] and inner[1] <= outer[1]
