"""Choosing a programme in a form: from a list, or, where they are too many for one, by what is
typed."""

from itertools import groupby

from service.domain.rules.measures import Measure
from service.domain.rules.programmes import Programme
from service.web.ports import PageContext

MAX_LISTED, MAX_TYPED = 300, 100


def listed_programmes(site: PageContext) -> list[tuple[Measure, list[Programme]]]:
    """The programmes to choose from, below the document that each is of, for documents of two
    cities name theirs alike; none where they are too many for a list, and one is typed."""
    catalogue = site.catalogue
    if len(catalogue.programmes) > MAX_LISTED:
        return []
    known = sorted(catalogue.programmes.values(), key=lambda p: (p.measure, p.id))
    grouped = groupby(known, key=lambda p: p.measure)
    return [(catalogue.measures[measure], [*programmes]) for measure, programmes in grouped]


def chosen_programme(site: PageContext, given: str) -> Programme | None:
    """The programme of an id, or the first that a search finds; None where there is none."""
    known = site.catalogue.programmes
    if given in known:
        return known[given]
    found = site.search(given[:MAX_TYPED]).ids if given else ()
    return next((known[name] for name in found), None)
