"""Amounts and caps of a policy file as quantities: the short form and the long one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from service.catalogue.fault_words import at_place, joined_by_and, quoted, say
from service.catalogue.faults import ConditionFault, FaultNoted
from service.catalogue.figures import check_share
from service.catalogue.money_figures import MoneyFigures, ends_of
from service.catalogue.number_units import in_unit
from service.catalogue.quantities import QuantityReader
from service.catalogue.uncapped_cases import may_miss, zero_cap_faults
from service.catalogue.yaml_tree import Document, Path
from service.domain.rules import quantities as forms
from service.domain.rules.caps import Cap, Per
from service.domain.rules.conditions import Clause, Condition
from service.domain.rules.quantities import ONE, ZERO, Quantity
from service.domain.rules.units import SHARE, Unit
from service.domain.text import Text


def read_cap(
    raw: Mapping[str, Any], document: Document, at: Path, quantities: QuantityReader, clause: Clause
) -> Cap | None:
    """A cap that stands by itself; None, with the fault noted, where it cannot be built."""
    paid = replace(quantities, paid=True, currency=raw.get("currency"))
    reader = MoneyReader(paid, clause, {})
    try:
        cap = reader.cap(raw)
        reader.check_others()
        return cap
    except ConditionFault as fault:
        place_fault(fault, document, at)
    except FaultNoted:
        pass
    return None


def place_fault(fault: ConditionFault, document: Document, at: Path) -> None:
    """Tell a fault at the innermost place that is known."""
    place = document.innermost(at, fault.inside)
    words = at_place(".".join(map(str, at)), fault.message)
    document.fault(place, words, fault.allowed)


@dataclass
class MoneyReader:
    """Reads an amount and its caps. `at` is where what is read stands, for the place of a fault;
    `others` what is nothing for whom no case names, each with where it stands, what is to be said
    of that, and the condition that everybody has to meet for it not to be."""

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

    def _note_others(self, raw: Any, found: Quantity, what: str | None = None) -> None:
        for words, named in zero_cap_faults(raw, found, self.clause, what):
            self.others.append((self.at, words, named))

    @property
    def money(self) -> Unit:
        """The unit of the amounts."""
        return self.quantities.money

    @property
    def figures(self) -> MoneyFigures:
        """What reads the figures."""
        return MoneyFigures(self.quantities, self.clause, self.money)

    def amount(self) -> Quantity | None:
        """What is paid before any cap; None where only caps are told. Raises ConditionFault."""
        heads = [key for key in ("amount", "rate", "price") if key in self.raw]
        if len(heads) > 1:
            raise ConditionFault(say("amount_told_more_than_once", names=joined_by_and(heads)))
        if heads == ["amount"] and (beside := self.raw.keys() & {"of", "times"}):
            raise ConditionFault(say("stands_beside_no_amount", key=quoted(min(beside))))
        if not heads:
            beside = self.raw.keys() & {"of", "times", "less", "plus"}
            if beside:
                raise ConditionFault(say("needs_amount_rate_or_price", key=quoted(min(beside))))
            return None
        self.at = (heads[0],)
        amount = self.read_money("amount") if heads == ["amount"] else self._product(heads[0])
        if heads == ["amount"]:
            self._note_others(self.raw["amount"], amount, "of_an_amount")
        for i, raw in enumerate(self.raw.get("plus", ())):
            self.at = ("plus", i)
            if "points" not in raw:
                amount = self._uplifted(amount, raw)
            elif heads != ["rate"]:
                raise ConditionFault(say("points_are_added_to_a_rate"))
        if "less" in self.raw:
            self.at = ("less",)
            amount = forms.Difference(amount, self.read_money("less"))
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
            self._note_others(self.raw["price"], each, "of_a_price")
            return forms.Product((price, *parts))
        if counted == SHARE:
            raise ConditionFault(say("rate_and_base_swapped"))
        if counted != self.money:
            what = say("the_price") if counted.above else say("an_amount")
            raise ConditionFault(say("rate_of_what_is_no_money", counted=counted, what=what))
        return forms.Product((self._rate(), *parts))

    def _rate(self) -> Quantity:
        rate = self.figures.share("rate", self.raw["rate"])
        self._note_others(self.raw["rate"], rate, "of_a_rate")
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

    def read_money(self, key: str) -> Quantity:
        """A sum of money by its key. Raises ConditionFault."""
        return self.figures.sum_of_money(self.raw[key], key)

    def caps(self) -> Iterator[Cap]:
        """Every cap, the one without a case first. Raises ConditionFault."""
        if "cap" in self.raw:
            self.at = ("cap",)
            found = self.read_money("cap")
            self._note_others(self.raw["cap"], found, "of_a_cap")
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
            self._note_others(raw["amount"], cap, "of_a_cap")
        self.figures.check_money(cap, say("a_cap"))
        per = raw.get("per", Per.UNSTATED)
        thing, year = (None, per) if isinstance(per, str) else map(Per, per)
        return Cap(cap, Per(year), each=thing, when=self._where(raw, cap))

    def _where(self, raw: Mapping[str, Any], cap: Quantity) -> forms.Branch | None:
        if "when" not in raw:
            return None
        return forms.Branch(self.quantities.compile_condition(raw["when"], self.clause), cap)
