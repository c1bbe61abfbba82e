"""Size classes, category standards and points models inside conditions: what they stand for,
written out as plain conditions, so that whatever reads conditions can read them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from service.catalogue.fault_words import NOTHING, quoted, say
from service.catalogue.faults import ConditionFault, did_you_mean_one_called
from service.domain.rules import conditions as tree
from service.domain.rules import quantities as forms
from service.domain.rules.operators import InSet, Range
from service.domain.rules.points_model import ANY_STAGE, Indicator, Ladder, PointsModel
from service.domain.rules.quantities import Quantity
from service.domain.rules.standards import Category, Criterion, Size, SizeRow, SizeStandard
from service.domain.text import LIST_COMMA, Text, join
from service.domain.wording.labels import SIZE

_SIZES = list(Size)
_CLASS = Text("企业规模为{sizes}（{standard}）", "Size class: {sizes} ({standard})")
_MEETS = Text("达到{name}标准（{standard}）", "Meets the standard of: {name} ({standard})")
_SCORE = Text("{name}（{standard}）", "{name} ({standard})")
_OF_ONE = Text("“{indicator}”一项的得分", "points for {indicator}")
_UNVERIFIED = Text(
    "标准中这一项的要求未经核实", "this requirement of the standard has not been verified"
)
_UNCOVERED = Text("所属行业不在划型标准之内", "an industry that the size standard does not cover")


@dataclass(frozen=True)
class Standards:
    """What a rule may name that stands in other files, by id: what those under `categories/` and
    `points/` hold, and how the programmes are called."""

    sizes: Mapping[str, SizeStandard] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    models: Mapping[str, PointsModel] = field(default_factory=dict)
    programmes: Mapping[str, Text] = field(default_factory=dict)


NO_STANDARDS = Standards()


def size_condition(
    raw: object, standards: Standards, clause: tree.Clause, basis: tree.Basis
) -> tree.Condition:
    """Being of one of some size classes, by the one size standard. Raises ConditionFault."""
    names = raw if isinstance(raw, list) else [raw]
    known = {size.value for size in Size}
    if not names or not all(name in known for name in names):
        labels = {word: size for size in Size for word in SIZE[size].by_language().values()}
        meant = next((labels[str(name)] for name in names if str(name) in labels), None)
        hint = say("did_you_mean_value", meant=quoted(meant.value)) if meant else NOTHING
        raise ConditionFault(say("size_needs_classes", hint=hint), known)
    if len(standards.sizes) != 1:
        raise ConditionFault(say("size_needs_exactly_one_size_standard"))
    (standard,) = standards.sizes.values()
    wanted = [size for size in _SIZES if size.value in names]
    within = [_in_row(row, wanted, clause, basis) for row in standard.rows]
    covered = tree.Group(
        tree.Connective.ANY, tuple(row.industry.condition for row in standard.rows), clause, basis
    )
    elsewhere = tree.Group(
        tree.Connective.ALL,
        (
            tree.Group(tree.Connective.NOT, (covered,), clause, basis),
            tree.Undecided(_UNCOVERED, clause, basis),
        ),
        clause,
        basis,
    )
    sizes = join((SIZE[size] for size in wanted), LIST_COMMA)
    term = _CLASS.format(sizes=sizes, standard=standard.standard)
    found = tree.Group(
        tree.Connective.ANY, (*within, elsewhere), clause, basis, term, term_only=True
    )
    return cite_standard(found, clause, basis)


def cite_standard(
    condition: tree.Condition, clause: tree.Clause, basis: tree.Basis
) -> tree.Condition:
    """A standard's condition as part of a rule: its source is the article of the rule that asks for
    the standard. Of what nobody has defined the basis goes on saying so."""
    if isinstance(condition, tree.Group):
        children = tuple(cite_standard(child, clause, basis) for child in condition.children)
        return replace(condition, children=children, clause=clause, basis=basis)
    undefined = condition.basis is tree.Basis.UNDEFINED
    return replace(condition, clause=clause, basis=condition.basis if undefined else basis)


def _in_row(
    row: SizeRow, wanted: list[Size], clause: tree.Clause, basis: tree.Basis
) -> tree.Condition:
    """Being of the row's industry and of one of the classes, which need not be neighbours."""
    runs = [
        tree.Group(
            tree.Connective.ALL,
            tuple(_run_conditions(row, first, last, clause, basis)),
            clause,
            basis,
        )
        for first, last in _neighbouring_runs(wanted)
    ]
    classes = (
        runs[0] if len(runs) == 1 else tree.Group(tree.Connective.ANY, tuple(runs), clause, basis)
    )
    return tree.Group(tree.Connective.ALL, (row.industry.condition, classes), clause, basis)


def _neighbouring_runs(wanted: list[Size]) -> Iterator[tuple[int, int]]:
    """The first and last place of each run of neighbouring classes."""
    places = [_SIZES.index(size) for size in wanted]
    start = places[0]
    for here, following in zip(places, [*places[1:], None], strict=True):
        if following != here + 1:
            yield start, here
            start = following if following is not None else here


def _run_conditions(
    row: SizeRow, first: int, last: int, clause: tree.Clause, basis: tree.Basis
) -> Iterator[tree.Condition]:
    """The conditions for a run of size classes: at least the first, and not above the last."""
    if first > 0:
        yield row.reaches[_SIZES[first]].condition
    if last + 1 < len(_SIZES):
        beyond = row.reaches[_SIZES[last + 1]].condition
        yield tree.Group(tree.Connective.NOT, (beyond,), clause, basis)
    if first == 0 and last + 1 == len(_SIZES):
        yield row.industry.condition


def category_condition(
    raw: object, standards: Standards, clause: tree.Clause, basis: tree.Basis
) -> tree.Condition:
    """Meeting the criteria of a category's standard; undetermined where no figure decides. Raises
    ConditionFault."""
    category = standards.categories.get(str(raw))
    if category is None:
        names = {key: standard.name for key, standard in standards.categories.items()}
        hint = did_you_mean_one_called(raw, names)
        words = say("there_is_no_category", raw=quoted(raw), hint=hint)
        raise ConditionFault(words, dict(standards.categories))
    parts = [_criterion_condition(c, clause, basis) for c in category.criteria]
    parts += [tree.Undecided(term, clause, basis) for term in category.uncomputed]
    term = _MEETS.format(name=category.name, standard=category.standard)
    return cite_standard(
        tree.Group(tree.Connective.ALL, tuple(parts), clause, basis, term, term_only=True),
        clause,
        basis,
    )


def _criterion_condition(
    criterion: Criterion, clause: tree.Clause, basis: tree.Basis
) -> tree.Condition:
    """A criterion; while nobody has verified it, it is undetermined where it would fail."""
    ways: list[tree.Condition] = []
    if criterion.model is not None:
        ways.append(_passing_condition(criterion.model, clause, basis))
    if criterion.condition is not None:
        ways.append(criterion.condition.condition)
    if not criterion.verified:
        ways.append(tree.Undecided(_UNVERIFIED, clause, basis))
    return (
        ways[0] if len(ways) == 1 else tree.Group(tree.Connective.ANY, tuple(ways), clause, basis)
    )


def _passing_condition(
    model: PointsModel, clause: tree.Clause, basis: tree.Basis
) -> tree.Condition:
    """Reaching the mark of a points model, and some points in each indicator that must earn any."""
    doubt = tree.Undecided(model.name, clause, basis)
    if model.threshold is None:
        return doubt
    asked: list[tuple[Quantity, Range]] = [
        (points_quantity(model, clause), Range(low=Fraction(model.threshold)))
    ]
    above = Range(low=Fraction(0), low_included=False)
    asked += [
        (forms.Score(_earned_points(model, i, clause), _OF_ONE.format(indicator=i.label)), above)
        for i in model.indicators
        if i.id in model.positive
    ]
    tests = tuple(tree.Predicate(q, bounds, clause, basis) for q, bounds in asked)
    return tests[0] if len(tests) == 1 else tree.Group(tree.Connective.ALL, tests, clause, basis)


def points_quantity(model: PointsModel, clause: tree.Clause) -> Quantity:
    """What a points model scores. Raises ConditionFault where parts of it are not published."""
    earned = (_earned_points(model, indicator, clause) for indicator in model.indicators)
    name = _SCORE.format(name=model.name, standard=model.standard)
    return forms.Score(forms.Sum(tuple(earned)), name)


def _earned_points(model: PointsModel, indicator: Indicator, clause: tree.Clause) -> Quantity:
    if not indicator.ladders or indicator.weight_open:
        raise ConditionFault(
            say("points_are_not_published", model=model.id, indicator=indicator.id)
        )
    ladders = tuple(_ladder_points(ladder) for ladder in indicator.ladders)
    points = ladders[0] if len(ladders) == 1 else forms.Greatest(ladders)
    weights = indicator.weights
    if weights is None:
        return points
    if ANY_STAGE in weights:
        return forms.Product((_constant_of(weights[ANY_STAGE]), points))
    fact = model.stage or ""
    branches = tuple(
        forms.Branch(tree.Predicate(forms.FactQuantity(fact), InSet((stage,)), clause),
               forms.Product((_constant_of(weight), points)))
        for stage, weight in weights.items()
    )  # fmt: skip
    some = forms.Between(Fraction(min(weights.values())), Fraction(max(weights.values())))
    return forms.ByCode(fact, branches, forms.Product((some, points)))


def _ladder_points(ladder: Ladder) -> Quantity:
    branches = (forms.Branch(band.condition, _constant_of(band.points)) for band in ladder.bands)
    return forms.Cases(tuple(branches), _constant_of(ladder.otherwise))


def _constant_of(value: Decimal) -> forms.Constant:
    return forms.Constant(Fraction(value))
