"""What is told where a public figure is not known on a day that an applicant states."""

from datetime import date
from fractions import Fraction

from service.domain.facts.parameters import DatedValue, Parameter
from service.domain.facts.profile import Profile, Project, Value
from service.domain.rules.amounts import Benefit
from service.domain.rules.quantities import FactQuantity, ParameterOn, ParameterQuantity
from service.domain.text import Text
from service.rendering.parameter_warnings import parameters_of, unknown_parameters, used_parameters
from tests.domain.programmes import programme

RATE = Parameter(
    "rate", Text("利率", "Rate"), "share", (DatedValue(date(2026, 1, 1), Fraction(1, 20)),),
    date(2026, 10, 31), "a bulletin", verified=False,
)  # fmt: skip
SIGNED = ParameterOn(RATE, FactQuantity("project.signed_on"))
LOAN = programme("loan", benefit=Benefit(amount=SIGNED), supports=("loan",))
OF_THE_DAY = programme("p", benefit=Benefit(amount=ParameterQuantity(RATE)))
NOVEMBER = date(2026, 11, 22)


def warnings_of(day: date, *projects: tuple[str, Value | None]) -> list[str]:
    """What is said of the rate to whoever has projects of these kinds, signed on these days."""
    listed = tuple(
        Project(f"p{n}", kind, {} if signed is None else {"project.signed_on": signed})
        for n, (kind, signed) in enumerate(projects)
    )
    used = used_parameters([LOAN])
    return [words.en for words in unknown_parameters(used, day, Profile({}, listed))]


def test_a_figure_is_missed_on_the_day_that_is_stated_for_it() -> None:
    """Of each such day once, before the first value and beyond the last; never on the day of the
    evaluation, which nothing is reckoned by."""
    assert warnings_of(NOVEMBER) == warnings_of(NOVEMBER, ("loan", None)) == []
    assert warnings_of(NOVEMBER, ("loan", date(2026, 10, 31))) == []
    assert warnings_of(NOVEMBER, ("exhibition", NOVEMBER)) == []
    days = [date(2025, 12, 31), date(2026, 11, 1)]
    early, late = warnings_of(date(2026, 6, 1), *(("loan", day) for day in (*days, days[1])))
    assert "the value of 2025-12-31 is not known; its values begin on 2026-01-01" in early
    assert (
        "the value of 2026-11-01 is not known; its values were last checked on 2026-10-31" in late
    )
    assert late.endswith("loan")


def test_a_figure_of_the_day_is_missed_as_ever() -> None:
    """Beside a programme that takes it of another day."""
    (words,) = unknown_parameters(used_parameters([LOAN, OF_THE_DAY]), NOVEMBER, Profile({}, ()))
    assert words.en.endswith(": p")
    assert parameters_of(LOAN) == parameters_of(OF_THE_DAY) == (RATE,)
