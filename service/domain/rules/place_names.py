"""Names of places as words of a search: 徐汇 finds what may be claimed there."""

from collections.abc import Iterable, Iterator

from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.search_words import PlaceWords

# A name may be cut to so many letters of a tongue that spells, or characters of one that does not.
_LEAST_LETTERS = 4
_LEAST_CHARACTERS = 2


def held_at(place: str) -> str:
    """The word that a search finds what holds at exactly a place by."""
    return f"place{place}"


def lying_in(place: str) -> str:
    """The word that a search finds by what holds somewhere in a place."""
    return f"within{place}"


def place_words(regions: CodeList, jurisdictions: Iterable[str]) -> dict[str, PlaceWords]:
    """For every name of a place the words for what holds there: in the place itself or somewhere in
    it, and in a wider one. What the whole list lies in says nothing and is left out."""
    used = frozenset(jurisdictions)
    wider = {a for place in used for a in regions.ancestors(place)}
    by_name: dict[str, PlaceWords] = {}
    for code, entry in regions.codes.items():
        if not entry.parents:
            continue
        within = [held_at(code)] if code in used else []
        within += [lying_in(code)] if code in wider else []
        around = map(held_at, sorted((regions.ancestors(code) & used) - {code}))
        words = PlaceWords(tuple(within), tuple(around))
        for name in _names(entry) if any(words) else ():
            by_name[name] = by_name.get(name, PlaceWords()).joined(words)
    return by_name


def _names(entry: Code) -> Iterator[str]:
    """What a place is called: its names, and their beginnings as people cut them. What it is known
    for is said whole: the beginning of 科技园 or 未来科技城 is no place."""
    for name in {entry.label.zh, entry.label.en, *entry.aliases, *entry.keywords}:
        plain = name.casefold()
        if plain.isascii():
            first = plain.split()[0]
            if len(first) >= _LEAST_LETTERS and first.isalpha():
                yield first
        else:
            is_known_for = name in entry.keywords
            cuts = (plain,) if is_known_for else (plain, plain[:-1], plain[:_LEAST_CHARACTERS])
            yield from {cut for cut in cuts if len(cut) >= _LEAST_CHARACTERS}
