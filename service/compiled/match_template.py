"""One programme's match object as byte segments and placeholders.

The reference rendering writes the segments: it is given placeholders instead of values, once for
each degree of detail and choice of language that is asked for. A request only fills them and joins.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import orjson

from service.compiled.evaluated_subject import EvaluatedSubject, LeafNumbers
from service.domain.evaluation.evaluator import IN_REACH, AnswerDetail, Finding, Status
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.conditions import Condition, Connective, Group, combine, leaves
from service.domain.rules.programmes import Programme
from service.domain.truth import Truth
from service.rendering.canonical_json import canonical_json
from service.rendering.json_parts import Json, in_language
from service.rendering.match_json import BriefValues, MatchRenderer, MatchValues

# JSON has no such byte: in a string it stands as an escape.
PLACEHOLDER_MARK = b"\0"


class Placeholder:
    """A place in a template: the number of the value that belongs there."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


# The values of a match come in this order; then each node's truth, then what was observed and the
# provenance of each leaf.
SUBJECT, HYPOTHETICAL, STATUS, MISSING, CEILING, SETTLED_BY = range(6)
BECAUSE, DECIDED_BY, NEAR_MISS, WARNINGS = range(6, 10)
_NODES = WARNINGS + 1
_TRUTH_JSON = tuple(canonical_json(str(truth)) for truth in sorted(Truth))


class Segments:
    """JSON with two or more places left open: `fill` puts values, themselves JSON, into them."""

    __slots__ = ("_order", "_parts")

    def __init__(self, data: object, shared: dict[bytes, bytes]) -> None:
        order: list[int] = []

        def note(value: object) -> orjson.Fragment:
            if not isinstance(value, Placeholder):
                raise TypeError(type(value).__qualname__)
            order.append(value.number)
            return orjson.Fragment(PLACEHOLDER_MARK)

        pieces = canonical_json(data, note).split(PLACEHOLDER_MARK)
        self._parts = [b""] * (2 * len(pieces) - 1)
        self._parts[::2] = [shared.setdefault(piece, piece) for piece in pieces]
        self._order = itemgetter(*order)

    def share(self, shared: dict[bytes, bytes]) -> None:
        """Hold what others hold too once."""
        self._parts[::2] = [shared.setdefault(piece, piece) for piece in self._parts[::2]]

    @property
    def text(self) -> bytes:
        """All that is written already."""
        return b"".join(self._parts)

    def as_format(self, conversions: Sequence[bytes]) -> bytes:
        """The JSON as a format for `%`, which has a conversion for each placeholder by its number.
        Of short texts with many numbers it is quicker than to fill them."""
        parts = [part.replace(b"%", b"%%") for part in self._parts]
        parts[1::2] = self._order(conversions)
        return b"".join(parts)

    def fill(self, values: list[bytes]) -> bytes:
        """The JSON with these values, by the numbers of their placeholders."""
        parts = self._parts.copy()
        parts[1::2] = self._order(values)
        return b"".join(parts)


DetailAndLanguage: TypeAlias = tuple[AnswerDetail, str | None]
# Who decides is said by status; under None stands the ceiling of who states nothing of it.
Said: TypeAlias = tuple[Status | None, str | None]


class WrittenPieces(NamedTuple):
    """What is the same in all matches of a programme: the match object by detail and language, and
    what is said in its places, by language."""

    segments: dict[DetailAndLanguage, Segments]
    said: dict[Said, bytes]


class MatchTemplate:
    """A programme's match object in every degree of detail and choice of language."""

    __slots__ = (
        "_answers",
        "_groups",
        "_leaves",
        "_nodes",
        "_parents",
        "_shared",
        "_unstated",
        "programme",
        "written",
    )

    def __init__(
        self,
        programme: Programme,
        unstated: Ceiling | None,
        answers: MatchRenderer,
        numbers: LeafNumbers,
        shared: dict[bytes, bytes],
    ) -> None:
        self.programme, self._unstated = programme, unstated
        nodes = list(_preorder(programme.condition))
        self._nodes = len(nodes)
        self._parents = tuple(parent for _, parent in nodes)
        # (node, number of its question), left to right.
        self._leaves = tuple(
            (i, numbers.number_of(node))
            for i, (node, _) in enumerate(nodes)
            if not isinstance(node, Group)
        )
        children: dict[int, list[int]] = {}
        for i, (_, parent) in enumerate(nodes):
            children.setdefault(parent, []).append(i)
        # (node, group, the nodes below it), the parents after their children.
        self._groups = tuple(
            (i, node, tuple(children.get(i, ())))
            for i, (node, _) in reversed(list(enumerate(nodes)))
            if isinstance(node, Group)
        )
        self._answers, self._shared = answers, shared
        self.written = WrittenPieces({}, {})

    def segments(self, shown: DetailAndLanguage) -> Segments:
        """The match object with so much detail, made when it is first asked for."""
        found = self.written.segments.get(shown)
        if found is None:
            detail, language = shown
            match_object = in_language(self._object(detail), language)
            found = self.written.segments[shown] = Segments(match_object, self._shared)
        return found

    def said(self, status: Status | None, language: str | None) -> bytes:
        """Who decides at a status; or the ceiling of who states nothing."""
        known = self.written.said.get((status, language))
        if known is None:
            answers, programme = self._answers, self.programme
            if status is None:
                said = answers.ceiling(programme, self._unstated)
            else:
                said = answers.decided_by(programme, status)
            words = canonical_json(in_language(said, language))
            known = self.written.said[status, language] = self._shared.setdefault(words, words)
        return known

    def write(self, shown: Iterable[DetailAndLanguage]) -> None:
        """Make what is the same in all matches, with so much detail."""
        for detail, language in shown:
            self.segments((detail, language))
            for status in (None, *IN_REACH):
                self.said(status, language)

    def take_up(self, written: WrittenPieces) -> None:
        """Use what was written elsewhere."""
        for shown, segments in written.segments.items():
            segments.share(self._shared)
            self.written.segments.setdefault(shown, segments)
        for key, words in written.said.items():
            self.written.said[key] = self._shared.setdefault(words, words)

    def _object(self, detail: AnswerDetail) -> Json:
        """The match object as the reference renders it, of placeholders."""
        programme, answers = self.programme, self._answers
        values = [Placeholder(i) for i in range(_NODES)]
        if detail is AnswerDetail.STATUSES:
            return {
                "programme": {"id": programme.id},
                "subject": values[SUBJECT],
                "status": values[STATUS],
            }
        shared: dict[str, Any] = {
            "subject": values[SUBJECT],
            "status": values[STATUS],
            "missing_facts": values[MISSING],
            "ceiling": values[CEILING],
            "settled_by": values[SETTLED_BY],
        }
        if detail is AnswerDetail.BRIEF:
            return answers.brief_object(programme, BriefValues(because=values[BECAUSE], **shared))
        opened = iter(range(_NODES, _NODES + self._nodes))
        leaf_places = iter(
            range(_NODES + self._nodes, _NODES + self._nodes + 2 * len(self._leaves))
        )
        finding = _placeholder_finding(programme.condition, opened, leaf_places)
        full = MatchValues(
            findings=finding.children,
            shown=_as_placed,
            hypothetical=values[HYPOTHETICAL],
            decided_by=values[DECIDED_BY],
            near_miss=values[NEAR_MISS],
            warnings=values[WARNINGS],
            **shared,
        )
        return answers.match_object(programme, full)

    @property
    def text(self) -> bytes:
        """The whole match object in all languages, but for what a profile decides."""
        return self.segments((AnswerDetail.FULL, None)).text

    def truths(self, subject: EvaluatedSubject) -> list[Truth]:
        """The truth of every node, the parents before their children."""
        truths = [Truth.UNKNOWN] * self._nodes
        for node, number in self._leaves:
            truths[node] = subject[number].truth
        for node, group, children in self._groups:
            truths[node] = combine(group, [truths[child] for child in children])
        return truths

    def missing(self, truths: list[Truth], subject: EvaluatedSubject) -> tuple[str, ...]:
        """The facts below groups that are UNKNOWN, each once, in the order of the text."""
        facts: dict[str, None] = {}
        parents = self._parents
        for node, number in self._leaves:
            if truths[node] is Truth.UNKNOWN and (missing := subject[number].missing):
                parent = parents[node]
                while parent >= 0 and truths[parent] is Truth.UNKNOWN:
                    parent = parents[parent]
                if parent < 0:
                    facts.update(dict.fromkeys(missing))
        return tuple(facts)

    def deciding_leaf(self, truths: list[Truth]) -> tuple[Condition, int]:
        """The first leaf that has the truth of the whole, turned round below a "not", and the
        number of its question."""
        groups = {node: (group, children) for node, group, children in self._groups}
        node, wanted = 0, truths[0]
        while node in groups:
            group, children = groups[node]
            if group.gate is Connective.NOT:
                wanted = ~wanted
            node = next(c for c in children if truths[c] is wanted)
        place = next(i for i, (at, _) in enumerate(self._leaves) if at == node)
        return list(leaves(self.programme.condition))[place], self._leaves[place][1]

    def fill(
        self,
        shown: DetailAndLanguage,
        values: list[bytes],
        truths: Iterable[Truth],
        subject: EvaluatedSubject,
    ) -> bytes:
        """The match object with the values of its own and, where there are truths, those of its
        conditions."""
        filled = values + [_TRUTH_JSON[truth] for truth in truths]
        if len(filled) > len(values):
            for _, number in self._leaves:
                filled += subject.shown(number)
        return self.segments(shown).fill(filled)


def _preorder(condition: Condition) -> Iterator[tuple[Condition, int]]:
    """Every node and the place of its parent, -1 for the root's."""
    stack: list[tuple[Condition, int]] = [(condition, -1)]
    place = 0
    while stack:
        node, parent = stack.pop()
        yield node, parent
        if isinstance(node, Group):
            stack.extend((child, place) for child in reversed(node.children))
        place += 1


def _placeholder_finding(
    condition: Condition, nodes: Iterator[int], leaves: Iterator[int]
) -> Finding:
    """A tree of findings with placeholders for truths; a leaf observes its own two places."""
    truth: Any = Placeholder(next(nodes))
    if not isinstance(condition, Group):
        seen: Any = (Placeholder(next(leaves)), Placeholder(next(leaves)))
        return Finding(condition, truth, seen)
    children = tuple(_placeholder_finding(child, nodes, leaves) for child in condition.children)
    return Finding(condition, truth, None, (), children)


def _as_placed(finding: Finding, _facts: tuple[str, ...]) -> tuple[object, object, object]:
    if finding.observed is None:
        return finding.truth, None, None
    observed, provenance = finding.observed  # type: ignore[misc, str-unpack]  # see _placeholder_finding
    return finding.truth, observed, provenance
