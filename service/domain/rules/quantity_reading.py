"""How a quantity is taken apart, once for every reading: the evaluator, the SQL, the solver.

Each reading knows an interval in a form of its own (numbers, texts of SQL, formulas) and says what
a sum, a ratio or a count is in it; what a quantity is made of, and what a short form stands for, is
said here.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import inf
from typing import Generic, NoReturn, TypeVar, assert_never

from service.domain.rules import quantities as forms
from service.domain.rules.interval_arithmetic import End
from service.domain.rules.quantities import Quantity
from service.domain.rules.reduction import reduced

# Both ends of what is known of a quantity, in the form of one reading.
E = TypeVar("E")


class QuantityReading(ABC, Generic[E]):
    """One reading of quantities on a day: `ends` gives both ends of what is known of one."""

    as_of: date

    def ends(self, quantity: Quantity) -> E:  # noqa: C901  # a case for each class
        """Both ends of what is known of a quantity."""
        match quantity:
            case forms.FactQuantity():
                return self.of_fact(quantity)
            case forms.Constant(value):
                return self.of_number(value, value)
            case forms.Between(low, high):
                return self.of_number(low, inf if high is None else high)
            case forms.Sum(terms):
                return self.of_sum([self.ends(t) for t in terms])
            case forms.Difference(first, second):
                return self.of_sum([self.ends(first), self.of_negative(self.ends(second))])
            case forms.Product(terms):
                return self.of_product([self.ends(t) for t in terms])
            case forms.Ratio(first, second):
                return self.of_ratio(self.ends(first), self.ends(second), second)
            case forms.Least(terms):
                return self.of_least([self.ends(t) for t in terms])
            case forms.Greatest(terms):
                return self.of_greatest([self.ends(t) for t in terms])
            case forms.Cases():
                return self.of_cases(quantity)
            case forms.Count():
                return self.of_records(quantity)
            case forms.ProjectTotal():
                return self.of_projects(quantity)
            case forms.ParameterQuantity():
                return self.of_parameter(quantity)
            case forms.AsOf():
                today = Fraction(self.as_of.toordinal())
                return self.of_number(today, today)
            case forms.YearOf(day):
                return self.of_year(self.ends(day))
            case forms.MonthsBetween(first, second):
                return self.of_months(self.ends(first), self.ends(second))
            case forms.Steps(whole):
                return self.of_steps(self.ends(whole), quantity)
            case forms.ShortForm():
                return self.ends(reduced(quantity))
            case _:
                assert_never(quantity)

    @abstractmethod
    def of_fact(self, quantity: forms.FactQuantity) -> E:
        """A fact as it is stated, else between the ends that the vocabulary gives it."""

    @abstractmethod
    def of_number(self, low: Fraction, high: End) -> E:
        """A number of the text; where it leaves one open between two, or from one on."""

    @abstractmethod
    def of_sum(self, terms: Sequence[E]) -> E: ...

    @abstractmethod
    def of_negative(self, part: E) -> E: ...

    @abstractmethod
    def of_product(self, terms: Sequence[E]) -> E: ...

    @abstractmethod
    def of_ratio(self, first: E, second: E, divisor: Quantity) -> E:
        """The first over the second, the ends of `divisor`; no value where that is not above 0."""

    @abstractmethod
    def of_least(self, terms: Sequence[E]) -> E: ...

    @abstractmethod
    def of_greatest(self, terms: Sequence[E]) -> E: ...

    @abstractmethod
    def of_cases(self, cases: forms.Cases) -> E:
        """The quantity of the branch that counts; of all that may where that is not known."""

    @abstractmethod
    def of_records(self, count: forms.Count) -> E:
        """How many records surely meet a test, and how many may; or what these come to."""

    @abstractmethod
    def of_projects(self, total: forms.ProjectTotal) -> E:
        """What the projects that are stated come to; of kinds of which nothing is said, any."""

    @abstractmethod
    def of_parameter(self, quantity: forms.ParameterQuantity) -> E:
        """The public figure of the day, unless the subject states its own."""

    @abstractmethod
    def of_year(self, day: E) -> E: ...

    @abstractmethod
    def of_months(self, first: E, second: E) -> E:
        """How many months are complete from the first day to the second."""

    @abstractmethod
    def of_steps(self, whole: E, steps: forms.Steps) -> E:
        """How many times what is counted is held whole."""


class NoEstimateError(Exception):
    """Only the exact way will do."""


class EstimatedReading(QuantityReading[E]):
    """A reading by the machine's own arithmetic: of what takes more, it raises NoEstimateError."""

    def of_cases(self, cases: forms.Cases) -> NoReturn:
        raise NoEstimateError

    def of_records(self, count: forms.Count) -> NoReturn:
        raise NoEstimateError

    def of_projects(self, total: forms.ProjectTotal) -> NoReturn:
        raise NoEstimateError

    def of_parameter(self, quantity: forms.ParameterQuantity) -> NoReturn:
        raise NoEstimateError

    def of_months(self, first: E, second: E) -> NoReturn:
        raise NoEstimateError

    def of_steps(self, whole: E, steps: forms.Steps) -> NoReturn:
        raise NoEstimateError
