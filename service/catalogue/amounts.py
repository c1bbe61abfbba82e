"""The money rule of a programme file: amount and caps, and all that is told beside them."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from service.catalogue.durations import read_duration
from service.catalogue.fault_words import quoted, say
from service.catalogue.faults import ConditionFault, FaultNoted
from service.catalogue.figures import check_share, exact, written
from service.catalogue.minor_units import minor_unit
from service.catalogue.money_figures import PERIODS
from service.catalogue.money_reader import MoneyReader, place_fault
from service.catalogue.quantities import QuantityReader
from service.catalogue.yaml_tree import Document
from service.domain.rules import quantities as forms
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import AddsUp, Cap, CountLimit, Per
from service.domain.rules.conditions import Basis, Clause, Condition
from service.domain.rules.instalments import Instalment
from service.domain.rules.paid_over_time import Duration, Period, capped_amount
from service.domain.rules.quantities import ONE, Quantity
from service.domain.rules.quantity_contents import all_parts
from service.domain.rules.rounding import Direction, Rounding


def build_benefit(
    raw: Mapping[str, Any],
    document: Document,
    quantities: QuantityReader,
    clause: Clause,
    condition: Condition | None,
) -> Benefit | None:
    """The money rule of a file for those who meet its condition; None, with the fault noted, where
    it cannot be built. Without the condition, which could not be read, nobody knows yet whom the
    rule's cases leave out, and nothing is said of that."""
    paid = replace(quantities, paid=True, currency=raw.get("currency"))
    reader = BenefitReader(paid, clause, raw)
    try:
        benefit = reader.read()
        if condition is not None:
            reader.check_others(condition)
        return benefit
    except ConditionFault as fault:
        place_fault(fault, document, ("benefit", *reader.at))
    except FaultNoted:
        pass
    return None


class BenefitReader(MoneyReader):
    """Reads one money rule."""

    def read(self) -> Benefit:
        """The benefit. Raises ConditionFault."""
        raw = self.raw
        self._check_currency()
        amount = self.amount()
        over = self._over()
        caps = tuple(self._bounded(cap, amount, over) for cap in self.caps())
        if len(set(caps)) < len(caps):
            self.at = ("caps",)
            raise ConditionFault(say("one_of_the_caps_stands_twice"))
        if amount is None and not caps and "floor" not in raw and "text" not in raw:
            raise ConditionFault(say("benefit_without_amount_cap_or_text"))
        self._check(amount, over)
        benefit = Benefit(
            amount=amount, caps=caps, floor=self._floor(caps), minimum=self._minimum(caps),
            per=Per(raw["per"]), per_basis=Basis(raw.get("per_basis", "stated")),
            one_off=raw.get("one_off"), over=over, instalments=self._instalments(),
            adds_up=AddsUp(raw["adds_up"]) if "adds_up" in raw else None,
            rounding=self._rounding(), limit=self._limit(), repayable=raw.get("repayable", False),
            currency=raw.get("currency"), text=raw.get("text"),
        )  # fmt: skip
        self._check_principal(amount, benefit)
        return benefit

    def _bounded(self, cap: Cap, amount: Quantity | None, over: Duration | None) -> Cap:
        """A cap that binds in a case only: in any other it is no less than what it caps."""
        if cap.when is None:
            return cap
        if amount is None:
            self.at = ("caps",)
            raise ConditionFault(say("a_cap_of_some_needs_an_amount"))
        rest = capped_amount(amount, cap.per, over)
        return replace(cap, quantity=forms.Cases((cap.when,), rest))

    def _floor(self, caps: tuple[Cap, ...]) -> Quantity | None:
        if "floor" not in self.raw:
            return None
        self.at = ("floor",)
        floor = self.read_money("floor")
        ends = _fixed_ends(caps)
        if isinstance(floor, forms.Constant) and any(floor.value > end for end in ends):
            raise ConditionFault(say("the_floor_is_above_the_cap"))
        self.at = ()
        return floor

    def _minimum(self, caps: tuple[Cap, ...]) -> forms.Constant | None:
        """A figure below which nothing is paid. Raises ConditionFault where nothing ever would be,
        or where what is paid is reckoned in another way."""
        if "minimum" not in self.raw:
            return None
        self.at = ("minimum",)
        minimum = self.read_money("minimum")
        if not isinstance(minimum, forms.Constant):
            raise ConditionFault(say("the_minimum_is_a_figure"))
        if beside := self.raw.keys() & {"floor", "over"}:
            raise ConditionFault(say("the_minimum_stands_beside_no", key=quoted(min(beside))))
        if any(minimum.value > end for end in _fixed_ends(caps)):
            raise ConditionFault(say("the_minimum_is_above_the_cap"))
        self.at = ()
        return minimum

    def _check_currency(self) -> None:
        """What is no code, but another name of a currency that the vocabulary knows."""
        units, written = self.quantities.vocabulary.units, self.raw.get("currency")
        named = (code for code, words in units.items() if str(written).lower() in words.aliases)
        if written is not None and written not in units and (code := next(named, None)):
            raise ConditionFault(say("currency_of_another_name", name=quoted(written), code=code))

    def _over(self) -> Duration | None:
        if self.raw.get("over") is None:
            return None
        self.at = ("over",)
        over = read_duration(self.raw["over"], self.figures)
        self.at = ()
        return over

    def _limit(self) -> CountLimit | None:
        limit = self.raw.get("limit")
        return CountLimit(limit["count"], Per(limit["per"])) if limit else None

    def _rounding(self) -> Rounding:
        raw = self.raw.get("round", Direction.DOWN)
        least = minor_unit(self.raw.get("currency", self.quantities.vocabulary.currency))
        if isinstance(raw, str):
            return Rounding(Direction(raw), least, least)
        self.at = ("round",)
        to = exact(raw["to"], "to") if "to" in raw else least
        if to <= 0 or to / least % 1:
            raise ConditionFault(say("rounding_is_too_fine", least=written(least)))
        return Rounding(Direction(raw["how"]), to, least)

    def _instalments(self) -> tuple[Instalment, ...]:
        self.at = ("instalments",)
        parts = tuple(self.raw.get("instalments", ()))
        if len(parts) == 1 and parts[0].when is None:
            raise ConditionFault(say("one_instalment_is_the_whole"))
        for part in parts:
            check_share(part.share, say("an_instalment"), finest=False)
        if parts and sum(part.share for part in parts) != 1:
            raise ConditionFault(say("instalments_must_come_to_1_together"))
        self.at = ()
        return parts

    def _check(self, amount: Quantity | None, over: Duration | None) -> None:
        if amount is None:
            if over is not None:
                raise ConditionFault(say("over_needs_an_amount"))
            return
        counted = self.quantities.check(amount)
        allowed = {self.money}
        by_months = over is not None and over.lasts_in is not Period.YEAR
        unsaid = by_months and "amount_per" not in self.raw["over"]
        if unsaid and any(self.figures.is_share_of_money(part) for part in all_parts(amount)):
            self.at = ("over",)
            words = say("share_of_a_month_or_of_a_year")
            raise ConditionFault(words, {p.value for p in Period})
        if over is not None:
            allowed.add(self.money / PERIODS[over.period])
        if counted not in allowed:
            raise ConditionFault(say("amount_must_be_money", money=self.money, counted=counted))

    def _check_principal(self, amount: Quantity | None, benefit: Benefit) -> None:
        """Money that has to be paid back is no gain: the whole of it must say so."""
        if benefit.repayable or not isinstance(amount, forms.Product):
            return
        facts = [t.fact for t in amount.terms if isinstance(t, forms.FactQuantity)]
        others = [t for t in amount.terms if not isinstance(t, forms.FactQuantity)]
        owed = [f for f in facts if self.quantities.vocabulary.facts[f].repayable]
        if len(facts) == 1 and owed and others == [ONE]:
            raise ConditionFault(say("whole_principal_is_repayable", owed=owed[0]))


def _fixed_ends(caps: tuple[Cap, ...]) -> list[Fraction]:
    """The caps of the whole that are the same for everybody."""
    fixed = [c.quantity for c in caps if c.per is Per.UNSTATED]
    return [q.value for q in fixed if isinstance(q, forms.Constant)]
