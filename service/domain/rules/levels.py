"""Which levels of government are one: in a municipality the province is the city."""

from collections.abc import Iterator

from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Vocabulary

LEVELS = "levels"
REGIONS = "regions"


def same_levels(vocabulary: Vocabulary, level: str, jurisdiction: str) -> tuple[str, ...]:
    """A level of government and those that are one with it in a jurisdiction."""
    levels = vocabulary.lists.get(LEVELS)
    if levels is None or not is_municipality(vocabulary.lists.get(REGIONS), jurisdiction):
        return (level,)
    return (level, *_one_with(levels, level))


def _one_with(levels: CodeList, level: str) -> Iterator[str]:
    own = levels.codes[level].one_with if level in levels.codes else ()
    for code in levels.codes.values():
        if level in code.one_with or code.code in own:
            yield code.code


def is_municipality(regions: CodeList | None, region: str) -> bool:
    """Whether a province has districts directly below it, as the list of regions shows."""
    if regions is None or region not in regions.codes:
        return False
    below: dict[str, list[str]] = {}
    for code in regions.codes.values():
        for parent in code.parents:
            below.setdefault(parent, []).append(code.code)
    root = not any(regions.codes[p].parents for p in regions.codes[region].parents)
    return root and bool(below.get(region)) and not any(c in below for c in below[region])
