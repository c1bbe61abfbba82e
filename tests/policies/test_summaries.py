"""A programme's summary says no more than its article does."""

import re

from service.domain.rules.programmes import Commitment
from tests.usecases.authoring.official_sources import project_catalogue

# What a measure that only encourages, guides or supports does not say: that something is given.
_GIVES = re.compile(r"给予|享受|可获|可以得到|最高|报销|are awarded|is entitled|Up to CNY")
# What no text says of anybody: how it is as a rule.
_AS_A_RULE = re.compile(r"一般|通常|往往|usually|as a rule|normally")


def test_a_summary_of_encouragement_gives_nothing() -> None:
    soft = (Commitment.FACILITATION, Commitment.PLANNED)
    assert not [
        p.id
        for p in project_catalogue().programmes.values()
        if p.commitment in soft and any(map(_GIVES.search, (p.summary.zh, p.summary.en)))
    ]


def test_no_summary_says_how_it_is_as_a_rule() -> None:
    assert not [
        p.id
        for p in project_catalogue().programmes.values()
        if any(map(_AS_A_RULE.search, (p.summary.zh, p.summary.en)))
    ]
