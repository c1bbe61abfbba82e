"""The index: every programme's status for a profile in a few look-ups.

All trees are laid over one another. Bit i of every set is programme i. An *and-plane* holds, for
each quantity, a column of tests; a profile's value picks one pair of bit sets from it, and and-ing
the pairs gives where everything can still hold and where it does. What is nested below an "or"
lies on planes of its own: the k-th alternative of a programme's j-th "or" on plane (j, k). So the
work grows with the shape of the deepest rule and with how many facts are stated, hardly with how
many programmes there are.

The reference evaluator is the authority; this agrees with it on every operator, by tests.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import TypeAlias

from service.domain.catalogue import Catalogue, Commitment, Programme
from service.domain.columns import Bits, Entries, Look, Masks, bits_of, make_column
from service.domain.conditions import Condition, Gate, Group, Quantity, Test, Undecided
from service.domain.evaluation import Evaluation, Status, check, in_reading_order
from service.domain.operators import Among, Need
from service.domain.profile import (
    PROJECTS_ABSENT,
    Profile,
    Subject,
    company_subject,
    hypothetical_subject,
    project_subject,
)

Literal: TypeAlias = tuple[Test | Undecided, bool]


@dataclass(frozen=True)
class Node:
    """A tree in and/or form: NOT is at the leaves, "at least n" is spelt out, nothing nests in its
    own kind."""

    conjunction: bool
    literals: tuple[Literal, ...]
    groups: "tuple[Node, ...]"


def normalise(condition: Condition, negated: bool = False) -> Node:
    """The and/or form of a condition. Exact in Kleene logic: De Morgan's laws hold there, and the
    n-th best of several truths is the best of the worsts of every n of them."""
    if not isinstance(condition, Group):
        return _leaf(condition, negated)
    children, gate, count = condition.children, condition.gate, condition.count
    if gate is Gate.NOT:
        return normalise(children[0], not negated)
    if gate is Gate.AT_LEAST:
        needed = len(children) - count + 1 if negated else count
        parts = [
            _joined(True, [normalise(c, negated) for c in chosen])
            for chosen in combinations(children, needed)
        ]
        return _joined(False, parts)
    conjunction = (gate is Gate.ALL) != negated
    return _joined(conjunction, [normalise(c, negated) for c in children])


def _leaf(leaf: Test | Undecided, negated: bool) -> Node:
    if isinstance(leaf, Test) and isinstance(leaf.operator, Among):
        among = leaf.operator
        if among.need is Need.ALL and len(among.values) > 1:
            single = [
                Test(leaf.quantity, Among((v,), Need.ANY, (), among.codes), leaf.clause)
                for v in among.values
            ]
            return _joined(not negated, [_leaf(t, negated) for t in single])
    return Node(True, ((leaf, negated),), ())


def _joined(conjunction: bool, parts: Iterable[Node]) -> Node:
    literals: list[Literal] = []
    groups: list[Node] = []
    for part in parts:
        single = len(part.literals) + len(part.groups) == 1
        if part.conjunction is conjunction or single:
            literals += part.literals
            groups += part.groups
        else:
            groups.append(part)
    return Node(conjunction, tuple(literals), tuple(groups))


@dataclass
class Plane:
    """Conditions that must hold together; `present` are the programmes that have any here."""

    full: Bits
    present: Bits = 0
    undecided: Bits = 0
    looks: list[Look] = field(default_factory=list)
    choices: "list[Choice]" = field(default_factory=list)

    def read(self, subject: Subject, as_of: date) -> Masks:
        """Where all can hold and where all hold, among the programmes present."""
        can = self.present
        true = can & ~self.undecided
        for look in self.looks:
            may, does = look.read(subject, as_of)
            can &= may
            true &= does
        for choice in self.choices:
            may, does = choice.read(subject, as_of)
            can &= may
            true &= does
        return can, true


@dataclass
class Choice:
    """Alternatives of which one must hold; a one for every programme that has none here."""

    absent: Bits
    planes: list[Plane]

    def read(self, subject: Subject, as_of: date) -> Masks:
        can = true = self.absent
        for plane in self.planes:
            may, does = plane.read(subject, as_of)
            can |= may
            true |= does
        return can, true


def build_plane(nodes: list[tuple[int, Node]], full: Bits) -> Plane:
    """Lay the conjunctions of several programmes over one another."""
    plane = Plane(full, bits_of(nodes))
    columns: dict[tuple[Quantity, object, bool, int], Entries] = {}
    choices: dict[int, list[tuple[int, Node]]] = {}
    for bit, node in nodes:
        slots: Counter[tuple[Quantity, object, bool]] = Counter()
        for leaf, negated in node.literals:
            if isinstance(leaf, Undecided):
                plane.undecided |= 1 << bit
                continue
            key = (leaf.quantity, _family(leaf), negated)
            columns.setdefault((*key, slots[key]), []).append((bit, leaf.operator))
            slots[key] += 1
        for j, group in enumerate(node.groups):
            choices.setdefault(j, []).append((bit, group))
    for (quantity, _, negated, _), entries in columns.items():
        column = make_column(quantity, entries, full)
        plane.looks.append(Look(column, bits_of(entries), full, negated))
    plane.choices = [_build_choice(members, full) for members in choices.values()]
    return plane


def _family(leaf: Test) -> object:
    operator = leaf.operator
    codes = getattr(operator, "codes", None)
    return type(operator), id(codes)


def _build_choice(members: list[tuple[int, Node]], full: Bits) -> Choice:
    alternatives: dict[int, list[tuple[int, Node]]] = {}
    for bit, node in members:
        literals = [Node(True, (literal,), ()) for literal in node.literals]
        for k, alternative in enumerate((*literals, *node.groups)):
            alternatives.setdefault(k, []).append((bit, alternative))
    planes = [build_plane(nodes, full) for nodes in alternatives.values()]
    return Choice(full ^ bits_of(members), planes)


@dataclass(frozen=True, slots=True)
class Reading:
    """The statuses of the programmes in `asked` for one subject, as bit sets."""

    subject: Subject
    asked: Bits
    can: Bits
    true: Bits


class Index:
    """The compiled catalogue. Built once, read by any number of threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.programmes: tuple[Programme, ...] = tuple(catalogue.programmes.values())
        self.full: Bits = (1 << len(self.programmes)) - 1
        nodes = []
        for i, programme in enumerate(self.programmes):
            node = normalise(programme.condition)
            nodes.append((i, node if node.conjunction else Node(True, (), (node,))))
        self.root = build_plane(nodes, self.full)
        self.of_kind: dict[str | None, Bits] = {}
        self.by_commitment: dict[Commitment, Bits] = dict.fromkeys(Commitment, 0)
        for i, programme in enumerate(self.programmes):
            supports = programme.supports
            self.of_kind[supports] = self.of_kind.get(supports, 0) | 1 << i
            self.by_commitment[programme.commitment] |= 1 << i
        self._in_force: dict[date, Bits] = {}

    def in_force(self, as_of: date) -> Bits:
        """The programmes in force on a day."""
        known = self._in_force.get(as_of)
        if known is None:
            if len(self._in_force) > 1000:
                self._in_force.clear()
            known = bits_of((i, p) for i, p in enumerate(self.programmes) if as_of in p.window)
            self._in_force[as_of] = known
        return known

    def read(self, profile: Profile, as_of: date) -> tuple[Reading, ...]:
        """One reading for the company with all hypothetical projects, and one for each project."""
        kinds = {p.kind for p in profile.projects} & self.of_kind.keys()
        company = self.full
        for kind in kinds:
            company ^= self.of_kind[kind]
        subject = company_subject(profile)
        can, true = self.root.read(subject, as_of)
        absent = profile.company.get(PROJECTS_ABSENT)
        for kind in absent if isinstance(absent, frozenset) else ():
            can &= ~self.of_kind.get(kind, 0) if kind not in kinds else self.full
        readings = [Reading(subject, company, can & company, true & can & company)]
        for project in profile.projects:
            asked = self.of_kind.get(project.kind, 0)
            if asked:
                subject = project_subject(profile, project)
                can, true = self.root.read(subject, as_of)
                readings.append(Reading(subject, asked, can & asked, true & asked))
        return tuple(readings)

    def by_status(self, reading: Reading, as_of: date) -> Mapping[Status, Bits]:
        """The programmes of each status in a reading."""
        force = self.in_force(as_of)
        asked = reading.asked & force
        true = reading.true & asked
        entitled = self.by_commitment[Commitment.ENTITLEMENT]
        planned = self.by_commitment[Commitment.PLANNED]
        return {
            Status.ELIGIBLE: true & entitled,
            Status.POTENTIAL: true & ~entitled & ~planned,
            Status.UNDETERMINED: asked & reading.can & ~reading.true,
            Status.WATCH: true & planned,
            Status.INELIGIBLE: asked & ~reading.can,
            Status.NOT_IN_FORCE: reading.asked & ~force,
        }

    def pick(self, bits: Bits) -> Iterator[Programme]:
        """The programmes of a bit set, in the catalogue's order."""
        while bits:
            low = bits & -bits
            yield self.programmes[low.bit_length() - 1]
            bits ^= low


def survey(
    index: Index, catalogue: Catalogue, profile: Profile, as_of: date, wanted: Container[Status]
) -> Evaluation:
    """The evaluation with the matches of the wanted statuses only; its summary counts all.

    The index decides which programmes those are; their findings come from the reference evaluator.
    """
    summary = dict.fromkeys(Status, 0)
    matches = []
    for reading in index.read(profile, as_of):
        for status, bits in index.by_status(reading, as_of).items():
            summary[status] += bits.bit_count()
            if status in wanted:
                matches += [
                    check(programme, subject_of(reading, programme, profile), as_of)
                    for programme in index.pick(bits)
                ]
    return Evaluation(as_of, catalogue, profile, in_reading_order(matches), summary)


def subject_of(reading: Reading, programme: Programme, profile: Profile) -> Subject:
    """The subject the reference evaluator uses for a programme of a reading."""
    if reading.subject.ref is None and programme.supports is not None:
        return hypothetical_subject(profile, programme.supports)
    return reading.subject
