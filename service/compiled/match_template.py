"""One programme's match object as JSON with places left open.

The reference rendering writes it: it is given placeholders instead of values, once for each degree
of detail and choice of language that is asked for. A request only fills them.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import orjson

from service.compiled.evaluated_subject import ConditionNumbers, EvaluatedSubject
from service.domain.evaluation.evaluator import IN_REACH, AnswerDetail, Finding, Status
from service.domain.rules.conditions import Condition, Group
from service.domain.rules.programmes import Programme
from service.rendering.canonical_json import canonical_json
from service.rendering.json_parts import Json, in_language
from service.rendering.match_json import BriefValues, MatchRenderer, MatchValues

# JSON has no such byte: in a string it stands as an escape.
_PLACEHOLDER_MARK = b"\0"


class Placeholder:
    """A place in a template: the number of the value that belongs there."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


# The values of a match come in this order; then those of each condition, as a subject has it
# `shown`.
SUBJECT, HYPOTHETICAL, STATUS, MISSING, CEILING, SETTLED_BY = range(6)
BECAUSE, DECIDED_BY, NEAR_MISS, WARNINGS = range(6, 10)
_CONDITIONS = WARNINGS + 1


class OpenJson:
    """JSON with two or more places left open: `fill` puts values, themselves JSON, into them."""

    __slots__ = ("_order", "_text")

    def __init__(self, data: object) -> None:
        order: list[int] = []

        def note(value: object) -> orjson.Fragment:
            if not isinstance(value, Placeholder):
                raise TypeError(type(value).__qualname__)
            order.append(value.number)
            return orjson.Fragment(_PLACEHOLDER_MARK)

        # One piece of memory, which is faster to walk through than many.
        written = canonical_json(data, note).replace(b"%", b"%%")
        self._text = written.replace(_PLACEHOLDER_MARK, b"%b")
        self._order = itemgetter(*order)

    def fill(self, values: list[bytes]) -> bytes:
        """The JSON with these values, by the numbers of their placeholders."""
        filled: bytes = self._text % self._order(values)
        return filled


DetailAndLanguage: TypeAlias = tuple[AnswerDetail, str | None]


class WrittenPieces(NamedTuple):
    """What is the same in all matches of a programme: the match object by detail and language, and
    who decides, by status and language."""

    objects: dict[DetailAndLanguage, OpenJson]
    decided_by: dict[tuple[Status, str | None], bytes]


class MatchTemplate:
    """A programme's match object in every degree of detail and choice of language. `rule` is the
    number of its condition."""

    __slots__ = ("_answers", "_conditions", "programme", "rule", "written")

    def __init__(
        self,
        programme: Programme,
        answers: MatchRenderer,
        numbers: ConditionNumbers,
        written: WrittenPieces,
    ) -> None:
        """`written`: what was written already, elsewhere."""
        self.programme, self._answers, self.written = programme, answers, written
        self.rule = numbers.number_of(programme.condition)
        self._conditions = tuple(numbers.below(self.rule))

    def open_json(self, shown: DetailAndLanguage) -> OpenJson:
        """The match object with so much detail, made when it is first asked for."""
        found = self.written.objects.get(shown)
        if found is None:
            detail, language = shown
            match_object = in_language(self._object(detail), language)
            found = self.written.objects[shown] = OpenJson(match_object)
        return found

    def decided_by(self, status: Status, language: str | None) -> bytes:
        """Who decides at a status."""
        found = self.written.decided_by.get((status, language))
        if found is None:
            said = self._answers.decided_by(self.programme, status)
            found = canonical_json(in_language(said, language))
            self.written.decided_by[status, language] = found
        return found

    def write(self, shown: Iterable[DetailAndLanguage]) -> None:
        """Make what is the same in all matches, with so much detail."""
        for detail, language in shown:
            self.open_json((detail, language))
            for status in IN_REACH:
                self.decided_by(status, language)

    def conditions(self, subject: EvaluatedSubject) -> list[bytes]:
        """The values of all conditions, in their order."""
        shown, found = subject.shown, list[bytes]()
        for number in self._conditions:
            found += shown[number]
        return found

    def _object(self, detail: AnswerDetail) -> Json:
        """The match object as the reference renders it, of placeholders."""
        programme, answers = self.programme, self._answers
        values = [Placeholder(i) for i in range(_CONDITIONS)]
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
        places = count(_CONDITIONS)
        below = programme.condition.children
        full = MatchValues(
            findings=tuple([_placeholder_finding(child, places) for child in below]),
            shown=_as_placed,
            hypothetical=values[HYPOTHETICAL],
            decided_by=values[DECIDED_BY],
            near_miss=values[NEAR_MISS],
            warnings=values[WARNINGS],
            **shared,
        )
        return answers.match_object(programme, full)


def _placeholder_finding(condition: Condition, places: Iterator[int]) -> Finding:
    """A tree of findings with placeholders for truths; a leaf observes its own two places."""
    truth: Any = Placeholder(next(places))
    if not isinstance(condition, Group):
        seen: Any = (Placeholder(next(places)), Placeholder(next(places)))
        return Finding(condition, truth, seen)
    children = tuple([_placeholder_finding(child, places) for child in condition.children])
    return Finding(condition, truth, None, (), children)


def _as_placed(finding: Finding, _facts: tuple[str, ...]) -> tuple[object, object, object]:
    if finding.observed is None:
        return finding.truth, None, None
    observed, provenance = finding.observed  # type: ignore[misc, str-unpack]  # see _placeholder_finding
    return finding.truth, observed, provenance
