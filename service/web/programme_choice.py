"""Choosing a programme in a form: from a list, or, where they are too many for one, by what is
typed."""

from service.domain.rules.catalogue import Programme
from service.web.ports import PageContext

MAX_LISTED, MAX_TYPED = 300, 100


def listed_programmes(site: PageContext) -> list[Programme]:
    """The programmes to choose from; none where they are too many for a list, and one is typed."""
    known = site.catalogue.programmes.values()
    return sorted(known, key=lambda p: p.id) if len(known) <= MAX_LISTED else []


def chosen_programme(site: PageContext, given: str) -> Programme | None:
    """The programme of an id, or the first that a search finds; None where there is none."""
    known = site.catalogue.programmes
    if given in known:
        return known[given]
    found = site.search(given[:MAX_TYPED]).ids if given else ()
    return next((known[name] for name in found), None)
