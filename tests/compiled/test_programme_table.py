"""What may turn with time is found without looking at every programme."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from service.compiled.programme_table import ProgrammeTable
from service.domain.advice.calendar import events_ahead
from service.domain.dates import Window
from service.domain.facts.profile import Profile, Subject
from service.domain.rules.conditions import Condition
from tests.domain.predicates import among, holds
from tests.domain.programmes import catalogue, programme
from tests.domain.sample import DAY, VOCABULARY
from tests.domain.strategies import FAST, conditions, subjects

AHEAD = 400
WINDOWS = (
    Window(),
    Window(DAY + timedelta(days=1), None),
    Window(None, DAY + timedelta(days=AHEAD - 1)),
    Window(None, DAY + timedelta(days=AHEAD)),
)


@given(
    st.lists(st.tuples(conditions(VOCABULARY), st.sampled_from(WINDOWS)), min_size=2, max_size=4),
    subjects(VOCABULARY),
)
@settings(FAST, max_examples=25)
def test_whatever_turns_may_turn(rules: list[tuple[Condition, Window]], subject: Subject) -> None:
    """Nothing happens to a programme that was passed over."""
    whole = catalogue(*(programme(f"p{i}", c, window=w) for i, (c, w) in enumerate(rules)))
    table = ProgrammeTable(whole)
    profile = Profile({f: v for f, v in subject.facts.items() if f.startswith("company.")})
    found = events_ahead(whole.programmes.values(), profile, DAY, AHEAD)
    chosen = table.may_turn(profile.company, DAY, DAY + timedelta(days=AHEAD))
    assert {e.after.programme.id for e in found} <= {
        name for name, place in table.places.items() if chosen >> place & 1
    }


def test_what_asks_nothing_of_a_day_is_passed_over() -> None:
    """A certificate that somebody holds may run out; a kind does not."""
    whole = catalogue(
        programme("held", holds("sme"), window=Window()),
        programme("kind", among("kind", "enterprise"), window=Window()),
    )
    table, end = ProgrammeTable(whole), DAY + timedelta(days=AHEAD)
    assert table.may_turn(["company.certificates"], DAY, end) == 1 << table.places["held"]
    assert table.may_turn(["company.kind"], DAY, end) == 0
