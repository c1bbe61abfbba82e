"""From the condition language of policy files to the domain's condition tree.

Sugar (`at_least: 5`, `recognised: x`, `elsewhere: …`) reduces to the four operators of the domain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from service.catalogue.condition_keys import (
    BESIDE_QUANTITY,
    GATES,
    META,
    is_choice,
    is_quantity,
    keys_of,
    no_head,
    of_records,
    read_basis,
    read_term,
    read_words,
    with_paths,
)
from service.catalogue.contradictions import exclude_each_other
from service.catalogue.fact_quantities import fact_quantity, find_fact
from service.catalogue.fault_words import NOTHING, quoted, say
from service.catalogue.faults import ConditionFault, FaultNoted, did_you_mean
from service.catalogue.figures import check_bound, check_money, check_reachable
from service.catalogue.operator_keys import AGES, LOWER, SPANS, UPPER, check_key
from service.catalogue.operators import (
    age_in_days,
    asked_in_days,
    only_operator,
    range_of,
    read_number,
    read_operator,
)
from service.catalogue.quantities import HEADS, QuantityReader
from service.catalogue.standard_conditions import (
    NO_STANDARDS,
    Standards,
    category_condition,
    size_condition,
)
from service.catalogue.yaml_tree import Document, Faults, Path
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.index.normal_form import laid_out_size
from service.domain.rules.conditions import (
    Basis,
    Clause,
    Condition,
    Connective,
    Group,
    Predicate,
    Undecided,
)
from service.domain.rules.operators import Operator, Range
from service.domain.rules.quantities import AsOf, Difference, Excess, FactQuantity, Quantity
from service.domain.text import SEMICOLON, Text, join
from service.domain.wording.sentences import sentence

# A condition is laid out in so many tests at most: the largest of the project's comes to some
# dozens, and 15 of 30 would come to more than any memory holds.
MAX_LAID_OUT = 10_000
RECOGNITIONS = "company.recognitions"
ELSEWHERE = Text(
    "仅有分支机构、研发机构或团队是否足够",
    "whether a branch, research site or team there is enough",
)
PLACE = Text("所在地要求", "Place")
_EXCESS = {
    "at_least": Range(low=Fraction(0)),
    "more_than": Range(low=Fraction(0), low_included=False),
    "at_most": Range(high=Fraction(0)),
    "less_than": Range(high=Fraction(0), high_included=False),
    "is": Range(Fraction(0), Fraction(0)),
    "on_or_after": Range(low=Fraction(0)),
    "after": Range(low=Fraction(0), low_included=False),
    "on_or_before": Range(high=Fraction(0)),
    "before": Range(high=Fraction(0), high_included=False),
}


@dataclass(frozen=True)
class Compiler:
    """Compiles the conditions of one measure's files.

    `definitions` are the measure's shared conditions, as raw data with the document and path they
    stand at, so that a fault in one is told at its own line.
    """

    vocabulary: Vocabulary
    measure: str
    definitions: Mapping[str, tuple[Document, Path, Any]]
    standards: Standards = NO_STANDARDS
    _clauses: dict[int | str, Clause] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _open: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    def clause(self, article: int | str) -> Clause:
        """The clause that an article is: one for all that rests on it, so that it is kept once."""
        if article not in self._clauses:
            self._clauses[article] = Clause(self.measure, article)
        return self._clauses[article]

    def compile(
        self, raw: Any, document: Document, path: Path, article: int | str
    ) -> Condition | None:
        """The condition at a path; None, with the fault noted, where it cannot be compiled."""
        try:
            return self._node(raw, document, path, article)
        except ConditionFault as fault:
            document.fault(document.innermost(path, fault.inside), fault.message, fault.allowed)
        except FaultNoted:
            pass
        return None

    def _node(self, raw: Any, document: Document, path: Path, article: int | str) -> Condition:
        if isinstance(raw, list):
            raise ConditionFault(say("a_list_of_conditions_needs_a_group"))
        if not isinstance(raw, dict):
            raise ConditionFault(say("a_condition_must_be_a_mapping"))
        if "use" in raw:
            return self._use(raw, article)
        own = raw.get("article", article)
        if isinstance(own, bool) or not isinstance(own, int | str):
            raise ConditionFault(say("article_must_be_an_article_s"))
        clause = self.clause(own)
        basis, term = read_basis(raw), read_term(raw)
        keys = raw.keys() - META
        gate = keys & GATES.keys()
        if "at_least" in keys and is_choice(raw):
            gate.add("at_least")
        if gate and not keys & HEADS:
            return self._group(raw, min(gate), document, path, clause, basis, term)
        if "size" in keys:
            only_operator(keys_of(raw))
            return size_condition(raw["size"], self.standards, clause, basis)
        if "meets" in keys:
            only_operator(keys_of(raw))
            return category_condition(raw["meets"], self.standards, clause, basis)
        if "undecided" in keys:
            only_operator(keys_of(raw))
            return Undecided(read_words(raw["undecided"], "undecided"), clause, basis)
        return self._test(raw, clause, basis, term)

    def _use(self, raw: Mapping[str, Any], article: int | str) -> Condition:
        name = raw["use"]
        if set(raw) != {"use"}:
            raise ConditionFault(say("use_stands_alone"), {"use"})
        if not isinstance(name, str) or name not in self.definitions:
            hint = did_you_mean(name, self.definitions)
            words = say("the_measure_has_no_definition", name=quoted(name), hint=hint)
            raise ConditionFault(words, dict(self.definitions))
        if name in self._open:
            raise ConditionFault(say("definition_uses_itself", name=quoted(name)))
        document, path, data = self.definitions[name]
        self._open.append(name)
        built = self.compile(data, document, path, article)
        self._open.pop()
        if built is None:
            raise FaultNoted
        return built

    def _group(
        self, raw: Mapping[str, Any], key: str, document: Document, path: Path, clause: Clause,
        basis: Basis, term: Text | None,
    ) -> Condition:  # fmt: skip
        if set(raw) - META != {key}:
            raise ConditionFault(
                say("cannot_stand_beside_other_conditions", key=quoted(key)), {key, *META}
            )
        parts, at, count = raw[key], (*path, key), 0
        if key == "at_least":
            if not isinstance(parts, dict) or set(parts) != {"count", "of"}:
                raise ConditionFault(say("at_least_needs_count_and_of"), {"count", "of"})
            count, parts, at = parts["count"], parts["of"], (*at, "of")
        gate = GATES.get(key, Connective.AT_LEAST)
        nodes = [(parts, at)] if gate is Connective.NOT else with_paths(parts, at, key)
        built = [self.compile(part, document, where, clause.article) for part, where in nodes]
        if gate is Connective.AT_LEAST and count not in range(1, len(nodes) + 1):
            raise ConditionFault(say("count_is_out_of_range"))
        if any(b is None for b in built):
            raise FaultNoted
        found = Group(gate, tuple(b for b in built if b), clause, basis, term, count)
        if laid_out_size(found) > MAX_LAID_OUT:
            raise ConditionFault(say("has_too_many_choices", value=MAX_LAID_OUT))
        if exclude_each_other([found], self.vocabulary):
            self._told_apart(found, document, [where for _, where in nodes])
            raise FaultNoted
        return found

    def _told_apart(self, group: Group, document: Document, places: list[Path]) -> None:
        """A fault at the first condition that cannot hold beside those before it."""
        children = group.children
        if group.gate is Connective.AT_LEAST:
            document.fault(places[0], say("no_of_these_can_hold_together", count=group.count))
            return
        if group.gate is not Connective.ALL:
            document.fault(places[0], say("this_can_never_hold"))
            return
        for i, child in enumerate(children):
            if not exclude_each_other(children[: i + 1], self.vocabulary):
                continue
            pair = (
                j for j in range(i) if exclude_each_other((children[j], child), self.vocabulary)
            )
            others = children[:i] if (first := next(pair, None)) is None else (children[first],)
            sentences = (sentence(c, self.vocabulary) for c in (child, *others))
            words = join(sentences, SEMICOLON)
            document.fault(places[i], say("these_exclude_each_other_so_nobody", words=words))
            return

    def _test(
        self, raw: Mapping[str, Any], clause: Clause, basis: Basis, term: Text | None
    ) -> Condition:
        if "recognised" in raw and "fact" not in raw:
            flags = raw["recognised"]
            sugar = {"fact": RECOGNITIONS, "has_any": flags if isinstance(flags, list) else [flags]}
            raw = {**{k: v for k, v in raw.items() if k != "recognised"}, **sugar}
        quantity, used = self._quantity(raw := of_records(raw), clause)
        asked = {k: v for k, v in raw.items() if k not in META and k not in used}
        elsewhere = asked.pop("elsewhere", None)
        if isinstance(quantity, FactQuantity) and asked_in_days(asked):
            for key in asked:
                check_key(key, find_fact(self.vocabulary, quantity.fact))
            quantity, asked = Difference(AsOf(), quantity), age_in_days(asked)
        if any(is_quantity(v) for v in asked.values()):
            return self._comparison(quantity, asked, clause, basis, term)
        test = Predicate(quantity, self._operator_of(asked, quantity), clause, basis, term)
        return test if elsewhere is None else self._elsewhere(test, elsewhere)

    def _operator_of(self, asked: dict[str, Any], quantity: Quantity) -> Operator:
        if isinstance(quantity, FactQuantity):
            return read_operator(asked, find_fact(self.vocabulary, quantity.fact), self.vocabulary)
        said = ", ".join(f"{key} {value}" for key, value in asked.items())
        if "is" in asked:
            asked = {"at_least": asked["is"], "at_most": asked["is"]} if len(asked) == 1 else asked
        if not asked:
            raise ConditionFault(say("a_quantity_is_asked_nothing"), {*LOWER, *UPPER})
        bounds = {k: Fraction(read_number(k, v)) for k, v in asked.items()}
        counted = self.quantities.check(quantity)
        for key, bound in bounds.items():
            check_bound(bound, quantity, counted, key)
            check_money(bound, counted, self.vocabulary.currencies, key)
        found = range_of(bounds, LOWER, UPPER)
        check_reachable(found, quantity, said)
        return found

    def _quantity(self, raw: Mapping[str, Any], clause: Clause) -> tuple[Quantity, set[str]]:
        heads = HEADS.intersection(raw)
        if len(heads) != 1:
            raise no_head(raw, set(heads))
        (head,) = heads
        if head == "fact":
            return fact_quantity(self.vocabulary, raw["fact"]), {head}
        used = {head, *(raw.keys() & BESIDE_QUANTITY)}
        return self.quantities.read({k: raw[k] for k in used}, clause), used

    @property
    def quantities(self) -> QuantityReader:
        """What reads the quantities of these files."""
        return QuantityReader(self.vocabulary, self._inside, self.standards)

    def _inside(self, raw: Any, clause: Clause) -> Condition:
        """A condition that stands inside a quantity: a fault in it is the quantity's."""
        aside = Document("", None, Faults())
        built = self.compile(raw, aside, (), clause.article)
        if built is None and not aside.faults.diagnostics:
            raise FaultNoted  # in the definition that it uses
        if built is None:
            first = aside.faults.diagnostics[0]
            raise ConditionFault(first.message, set(first.allowed))
        return built

    def _comparison(
        self, left: Quantity, asked: Mapping[str, Any], clause: Clause, basis: Basis,
        term: Text | None,
    ) -> Condition:  # fmt: skip
        """A quantity beside others: each word asks how much the left side exceeds the right."""
        tests = []
        for key, raw in asked.items():
            if isinstance(left, FactQuantity):
                check_key(key, find_fact(self.vocabulary, left.fact), comparing=True)
            bounds = _EXCESS.get(key)
            if key in AGES:  # what stands beside it, such as days, is wrong
                hint = (
                    did_you_mean(next(iter(raw), ""), SPANS) if isinstance(raw, dict) else NOTHING
                )
                raise ConditionFault(say("age_is_years_or_months", hint=hint), SPANS)
            if bounds is None:
                raise ConditionFault(
                    say("does_not_compare_quantities", key=quoted(key)), set(_EXCESS)
                )
            first, second = self.quantities.in_common_unit(
                [left, self.quantities.read(raw, clause)]
            )
            if first == second:
                raise ConditionFault(say("compares_a_quantity_with_itself", key=key))
            excess = Excess(first, second)
            self.quantities.check(excess)
            tests.append(Predicate(excess, bounds, clause, basis, term))
        return tests[0] if len(tests) == 1 else Group(Connective.ALL, tuple(tests), clause, basis)

    def _elsewhere(self, test: Predicate, other: object) -> Condition:
        """A condition that is UNKNOWN instead of FALSE where another fact meets the same test."""
        fact, first = (find_fact(self.vocabulary, f) for f in (other, test.quantity.facts[0]))
        if not _is_alike(fact, first):
            alike = {f.id for f in self.vocabulary.facts.values() if _is_alike(f, first)}
            raise ConditionFault(
                say("elsewhere_of_another_list", fact=fact.id, first=first.id),
                alike - {first.id},
            )
        presence = Predicate(FactQuantity(fact.id), test.operator, test.clause, test.basis)
        doubt = Undecided(ELSEWHERE, test.clause, test.basis)
        both = Group(Connective.ALL, (presence, doubt), test.clause, test.basis)
        return Group(Connective.ANY, (test, both), test.clause, test.basis, test.term or PLACE)


def _is_alike(fact: Fact, first: Fact) -> bool:
    """Whether what is asked of the one can be asked of the other: of codes, or sets of them."""
    of_codes = {FactType.CODE, FactType.CODES}
    same = fact.type is first.type or {fact.type, first.type} <= of_codes
    return fact.list is not None and fact.list == first.list and same
