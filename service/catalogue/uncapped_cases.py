"""A cap, an amount, a rate or a price given by cases is 0 for whoever no case names. That is
refused unless the file says so with `otherwise`."""

from collections.abc import Iterator, Sequence
from typing import Any

from service.catalogue.case_quantities import is_made, misses_a_size
from service.catalogue.contradictions import exclude_each_other
from service.catalogue.fault_words import say
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Clause, Condition, Connective, Group, Predicate
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Quantity
from service.domain.text import Text


def may_miss(
    named: Condition, met: Sequence[Condition], clause: Clause, vocabulary: Vocabulary
) -> bool:
    """Whether somebody who meets certain conditions may not meet the one that is named."""
    others = Group(Connective.NOT, (named,), clause)
    return not exclude_each_other([*met, others], vocabulary)


def zero_cap_faults(
    raw: Any, whole: Quantity, clause: Clause, what: str | None
) -> Iterator[tuple[Text, Condition]]:
    """For each part of an amount that is nothing where no case holds, and then leaves nothing of
    the whole, without the file saying so: what is wrong, and the condition that everybody has to
    meet for it not to be. `what` is the key of "of a cap", say, where the whole is one that would
    leave whom the text does not name without anything; None where nothing may well be added."""
    if not isinstance(raw, dict):
        return
    for key in ("least", "greatest", "sum", "product"):
        for part, quantity in zip(raw.get(key, ()), whole.parts, strict=False):
            cap = "of_a_cap" if key == "least" else None
            yield from zero_cap_faults(
                part, quantity, clause, what if what and key in ("least", "product") else cap
            )
    if what is None or "otherwise" in raw:
        return
    last = whole.bands[-1] if isinstance(whole, forms.Bands) and not whole.progressive else None
    if isinstance(whole, forms.Bands) and last and last.limit is not None:
        below = Range(None, last.limit, high_included=last.included)
        yield (
            say("nothing_beyond_the_last_band", what=say(what)),
            Predicate(whole.of, below, clause),
        )
    open_table = isinstance(whole, forms.ByCode) and not whole.complete
    if isinstance(whole, forms.Cases | forms.ByCode) and (
        "cases" in raw or open_table or misses_a_size(raw) or is_made(raw.get("by"))
    ):
        named = tuple(branch.condition for branch in whole.branches)
        yield say("nothing_for_the_others", what=say(what)), Group(Connective.ANY, named, clause)
