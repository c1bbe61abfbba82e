"""In which years or days a rule wants a certificate issued, or support received: named ones, or
some that are counted from the day of the evaluation."""

from dataclasses import dataclass
from datetime import date, timedelta

from service.domain.dates import Span, Window, day_in_year
from service.domain.truth import Truth


@dataclass(frozen=True, slots=True)
class FromNow:
    """A year by how many years after the year of the evaluation it is."""

    years: int


@dataclass(frozen=True, slots=True)
class Years:
    """Calendar years, both ends included; each is named, or counted from the year of the day."""

    first: int | FromNow | None = None
    last: int | FromNow | None = None

    @property
    def turn_with_the_year(self) -> bool:
        """Whether a new year makes others of them."""
        return isinstance(self.first, FromNow) or isinstance(self.last, FromNow)

    def on(self, as_of: date) -> tuple[int | None, int | None]:
        """The ends as years of the calendar."""
        first, last = (
            as_of.year + end.years if isinstance(end, FromNow) else end
            for end in (self.first, self.last)
        )
        return first, last

    def hold(self, year: int | None, as_of: date) -> Truth:
        """Whether a year is one of them."""
        if year is None:
            return Truth.UNKNOWN
        first, last = self.on(as_of)
        after = first is None or first <= year
        return Truth.of(after and (last is None or year <= last))


@dataclass(frozen=True, slots=True)
class Recent:
    """The last so many months or days, up to the day; the corresponding day still counts."""

    span: Span

    def on(self, as_of: date) -> Window:
        """The days that are meant on a day."""
        return Window(self.span.before(as_of), as_of)


@dataclass(frozen=True, slots=True)
class FiscalYears:
    """So many fiscal years, the one in progress among them; each ends on `day` of `month`."""

    count: int
    month: int = 12
    day: int = 31

    def on(self, as_of: date) -> Window:
        """The days that are meant on a day, up to that day."""
        last = day_in_year(as_of.year, self.month, self.day)
        before = as_of.year - self.count + (last < as_of)
        return Window(day_in_year(before, self.month, self.day) + timedelta(days=1), as_of)
