"""The money rule of a programme file: the short form and the long one become quantities."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from service.catalogue.durations import read_duration
from service.catalogue.fault_words import at_place, quoted, say, together
from service.catalogue.faults import ConditionFault
from service.catalogue.figures import check_share, exact, written
from service.catalogue.minor_units import minor_unit
from service.catalogue.money_figures import PERIODS, MoneyFigures, ends_of, parts_of
from service.catalogue.number_units import in_unit
from service.catalogue.quantities import QuantityReader
from service.catalogue.uncapped_cases import may_miss, zero_cap_faults
from service.catalogue.yaml_tree import Document, Path
from service.domain.rules import quantities as forms
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import AddsUp, Cap, CountLimit, Per
from service.domain.rules.conditions import Basis, Clause, Condition
from service.domain.rules.instalments import Instalment
from service.domain.rules.paid_over_time import Duration, Period, capped_amount
from service.domain.rules.quantities import ONE, ZERO, Quantity
from service.domain.rules.rounding import Direction, Rounding
from service.domain.rules.units import Unit
from service.domain.text import Text


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
    reader = AmountReader(paid, clause, raw)
    try:
        benefit = reader.read()
        if condition is not None:
            reader.check_others(condition)
        return benefit
    except ConditionFault as fault:
        _place_fault(fault, document, ("benefit", *reader.at))
    return None


def read_cap(
    raw: Mapping[str, Any], document: Document, at: Path, quantities: QuantityReader, clause: Clause
) -> Cap | None:
    """A cap that stands by itself; None, with the fault noted, where it cannot be built."""
    paid = replace(quantities, paid=True, currency=raw.get("currency"))
    reader = AmountReader(paid, clause, {})
    try:
        cap = reader.cap(raw)
        reader.check_others()
        return cap
    except ConditionFault as fault:
        _place_fault(fault, document, at)
    return None


def _place_fault(fault: ConditionFault, document: Document, at: Path) -> None:
    """Tell a fault at the innermost place that is known."""
    place = document.innermost(at, fault.inside)
    words = at_place(".".join(map(str, at)), fault.message)
    document.fault(place, words, fault.allowed)


@dataclass
class AmountReader:
    """Reads one money rule. `at` is where it stands, for the place of a fault."""

    quantities: QuantityReader
    clause: Clause
    raw: Mapping[str, Any]
    at: Path = ()
    others: list[tuple[Path, Text, Condition]] = field(default_factory=list)

    def check_others(self, *met: Condition) -> None:
        """Refuse a cap or an amount of nothing for whoever may meet these conditions and is named
        by none of its cases. Raises ConditionFault."""
        for at, words, named in self.others:
            if may_miss(named, met, self.clause, self.quantities.vocabulary):
                self.at = at
                raise ConditionFault(words)

    def _note_others(self, raw: Any, found: Quantity, what: Text | None = None) -> None:
        for words, named in zero_cap_faults(raw, found, self.clause, what):
            self.others.append((self.at, words, named))

    def read(self) -> Benefit:
        """The benefit. Raises ConditionFault."""
        raw = self.raw
        amount = self._amount()
        over = self._over()
        caps = tuple(self._bounded(cap, amount, over) for cap in self._caps())
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

    @property
    def money(self) -> Unit:
        """The unit of the amounts."""
        return self.quantities.money

    @property
    def figures(self) -> MoneyFigures:
        """What reads the figures."""
        return MoneyFigures(self.quantities, self.clause, self.money)

    def _amount(self) -> Quantity | None:
        heads = [key for key in ("amount", "rate", "price") if key in self.raw]
        if len(heads) > 1:
            raise ConditionFault(say("amount_told_more_than_once", names=together(heads)))
        if heads == ["amount"] and (beside := self.raw.keys() & {"of", "times"}):
            raise ConditionFault(say("stands_beside_no_amount", key=quoted(min(beside))))
        if not heads:
            beside = self.raw.keys() & {"of", "times", "less", "plus"}
            if beside:
                raise ConditionFault(say("needs_amount_rate_or_price", key=quoted(min(beside))))
            return None
        self.at = (heads[0],)
        amount = self._money("amount") if heads == ["amount"] else self._product(heads[0])
        if heads == ["amount"]:
            self._note_others(self.raw["amount"], amount, say("of_an_amount"))
        for i, raw in enumerate(self.raw.get("plus", ())):
            self.at = ("plus", i)
            if "points" not in raw:
                amount = self._uplifted(amount, raw)
            elif heads != ["rate"]:
                raise ConditionFault(say("points_are_added_to_a_rate"))
        if "less" in self.raw:
            self.at = ("less",)
            amount = forms.Difference(amount, self._money("less"))
        self.at = ()
        return amount

    def _product(self, head: str) -> Quantity:
        """A share of money, or a price for each of what is counted."""
        if "of" not in self.raw:
            raise ConditionFault(say("needs_of_what_it_is_reckoned", head=head), {"of"})
        of = self.raw["of"]
        factors = [*(of if isinstance(of, list) else [of]), *self.raw.get("times", ())]
        many = len(of) if isinstance(of, list) else 1
        parts = []
        for i, part in enumerate(factors):
            self.at = ("of",) if i < many else ("times",)
            parts.append(self.quantities.read(part, self.clause))
            self._note_others(part, parts[-1])
        self.at = (head,)
        counted = self.quantities.check(forms.Product(tuple(parts)))
        if head == "price" and counted == self.money:
            raise ConditionFault(say("price_of_money"))
        self.quantities.check_factors(factors, parts)
        if head == "price":
            price = self.figures.price(self.raw["price"], counted)
            each = price.parts[0] if isinstance(price, forms.Product) else price
            self._note_others(self.raw["price"], each, say("of_a_price"))
            return forms.Product((price, *parts))
        if counted != self.money:
            what = say("the_price") if counted.above else say("an_amount")
            raise ConditionFault(say("rate_of_what_is_no_money", counted=counted, what=what))
        return forms.Product((self._rate(), *parts))

    def _rate(self) -> Quantity:
        rate = self.figures.share("rate", self.raw["rate"])
        self._note_others(self.raw["rate"], rate, say("of_a_rate"))
        high = max(ends_of(rate), default=Fraction(0))
        uplifts = []
        for i, raw in enumerate(self.raw.get("plus", ())):
            if "points" in raw:
                self.at = ("plus", i)
                points = self.figures.share("points", raw["points"])
                together = high + max(ends_of(points), default=Fraction(0))
                if together:
                    check_share(together, say("the_rate_with_these_points"))
                uplifts.append(self._case(raw, points))
        self.at = ("rate",)
        return forms.Sum((rate, *uplifts)) if uplifts else rate

    def _uplifted(self, amount: Quantity, raw: Mapping[str, Any]) -> Quantity:
        """More where a condition holds: so much money, or so large a share of the amount."""
        if "share" in raw:
            more = self._case(raw, self.figures.share("share", raw["share"]))
            return forms.Product((amount, forms.Sum((ONE, more))))
        return forms.Sum(
            (amount, self._case(raw, self.figures.sum_of_money(raw["amount"], "amount")))
        )

    def _case(self, raw: Mapping[str, Any], more: Quantity) -> Quantity:
        condition = self.quantities.compile_condition(raw["when"], self.clause)
        nothing = in_unit(ZERO, self.quantities.check(more), self.quantities.vocabulary)
        return forms.Cases((forms.Branch(condition, more),), nothing)

    def _money(self, key: str) -> Quantity:
        return self.figures.sum_of_money(self.raw[key], key)

    def _caps(self) -> Iterator[Cap]:
        if "cap" in self.raw:
            self.at = ("cap",)
            found = self._money("cap")
            self._note_others(self.raw["cap"], found, say("of_a_cap"))
            yield Cap(found)
        for i, raw in enumerate(self.raw.get("caps", ())):
            self.at = ("caps", i)
            yield self.cap(raw)
        self.at = ()

    def cap(self, raw: Mapping[str, Any]) -> Cap:
        """One cap: an amount, a share or a price of something. Raises ConditionFault."""
        if "share" in raw:
            of = self.quantities.read(raw["of"], self.clause)
            cap: Quantity = forms.Product((self.figures.share("share", raw["share"]), of))
        elif "price" in raw:
            of = self.quantities.read(raw["of"], self.clause)
            cap = forms.Product((self.figures.price(raw["price"], self.quantities.check(of)), of))
        else:
            cap = self.figures.sum_of_money(raw["amount"], "amount")
            self._note_others(raw["amount"], cap, say("of_a_cap"))
        self.figures.check_money(cap, say("a_cap"))
        per = raw.get("per", Per.UNSTATED)
        thing, year = (None, per) if isinstance(per, str) else map(Per, per)
        return Cap(cap, Per(year), each=thing, when=self._where(raw, cap))

    def _where(self, raw: Mapping[str, Any], cap: Quantity) -> forms.Branch | None:
        if "when" not in raw:
            return None
        return forms.Branch(self.quantities.compile_condition(raw["when"], self.clause), cap)

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
        floor = self._money("floor")
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
        minimum = self._money("minimum")
        if not isinstance(minimum, forms.Constant):
            raise ConditionFault(say("the_minimum_is_a_figure"))
        if beside := self.raw.keys() & {"floor", "over"}:
            raise ConditionFault(say("the_minimum_stands_beside_no", key=quoted(min(beside))))
        if any(minimum.value > end for end in _fixed_ends(caps)):
            raise ConditionFault(say("the_minimum_is_above_the_cap"))
        self.at = ()
        return minimum

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
        if unsaid and any(self.figures.is_share_of_money(part) for part in parts_of(amount)):
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
