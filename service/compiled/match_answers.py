"""Whole answers to match requests, written from compiled pieces.

The index gives the truths of all programmes at once; a request fills the templates of what it
shows, and joins. What it costs is what it shows, whoever asks.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from service.compiled.decisive.fact_compiler import FactCompiler
from service.compiled.decisive.open_facts import OpenFacts
from service.compiled.evaluated_subject import NULL, EvaluatedSubject, SubjectStatuses
from service.compiled.group_order import GroupOrder
from service.compiled.left_open import LeftOpen
from service.compiled.match_groups import MatchGroup, overview_json
from service.compiled.match_writer import MatchWriter, SubjectMatch, json_in
from service.compiled.question_writer import QuestionWriter
from service.domain.advice.combination import awards_of, best_combination
from service.domain.evaluation.evaluator import (
    OPEN,
    PROMISING,
    AnswerDetail,
    AnswerOptions,
    Status,
    reading_order,
)
from service.domain.facts.asking import NONE_UNLIKELY, UnlikelyFacts, unlikely_facts
from service.domain.facts.profile import (
    NO_PROJECT,
    PROJECT_KIND,
    Profile,
    Subject,
    company_subject,
    project_subject,
)
from service.domain.index.bitset import BitSet, bits_by_key, bitset_of, places_of, union_of
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Directness, Programme
from service.domain.steps import Steps, all_steps
from service.rendering.advice_json import combination_json, shared_points_json
from service.rendering.canonical_json import canonical_json
from service.rendering.match_json import MatchRenderer, summary_json

_STATUSES = tuple(Status)
# Matches that a first answer shows.
SHOWN = 50


class AnswerExtras(NamedTuple):
    """What is told beside the matches, as JSON; `cursor` makes the place to go on from one."""

    hints: bytes
    warnings: bytes
    cursor: Callable[[int], str]


class MatchAnswer(NamedTuple):
    """An answer but for its receipt, as the pieces of canonical JSON behind its opening brace, and
    what of it a receipt keeps."""

    # Not put together: it may have hundreds of kilobytes, and is moved once, with its receipt.
    pieces: Sequence[bytes]
    summary: Mapping[Status, int]
    listed: Sequence[SubjectMatch]

    def written(self, opening: bytes = b"{") -> bytes:
        """The answer, or what comes before all else with the answer behind it."""
        return b"".join((opening, *self.pieces))


class MatchAnswers:
    """Writes the answers of one catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        index: StatusIndex,
        answers: MatchRenderer,
        compiler: FactCompiler,
    ) -> None:
        self._catalogue, self._index = catalogue, index
        self.writer = MatchWriter(catalogue, index.programmes, answers, compiler.numbers)
        self._questions = QuestionWriter(index, catalogue.vocabulary)
        programmes = index.programmes
        self._order = GroupOrder(catalogue, index)
        # In which order programmes of one group are listed.
        listed = sorted(range(len(programmes)), key=lambda i: _listing_key(programmes[i]))
        self._ranks = [place for place, _ in sorted(enumerate(listed), key=itemgetter(1))]
        # The programmes whose amount is reckoned from a fact.
        self._reckoned = bits_by_key(p.benefit.facts if p.benefit else () for p in programmes)
        self.dated_amounts = bitset_of(
            i for i, p in enumerate(programmes) if p.benefit and p.benefit.dated
        )
        self._version = canonical_json(catalogue.version)
        # Last: these wait for what others may still work out.
        self._open_facts = OpenFacts(index, catalogue, compiler)
        self._left_open = LeftOpen(index, self._open_facts.coarse)

    def warm(self) -> None:
        """Make what any first answer needs: an answer to somebody who states nothing asks for
        everything there is to know."""
        nothing = AnswerExtras(b"[]", b"[]", str)
        begun = [p.window.start for p in self._index.programmes if p.window.start]
        languages = (None, *self._catalogue.vocabulary.languages)
        self.writer.warm([(detail, lang) for detail in AnswerDetail for lang in languages])
        for detail in AnswerDetail:
            options = AnswerOptions(detail=detail, limit=SHOWN)
            self.answer(Profile({}), max(begun, default=date.min), options, nothing)

    def answer(
        self, profile: Profile, as_of: date, options: AnswerOptions, extras: AnswerExtras
    ) -> MatchAnswer:
        """The contract's answer."""
        return all_steps(self.answer_in_steps(profile, as_of, options, extras))

    def answer_in_steps(
        self, profile: Profile, as_of: date, options: AnswerOptions, extras: AnswerExtras
    ) -> Steps[MatchAnswer]:
        """As `answer`, in steps, between which one thread works on other answers."""
        subjects = list(self._subjects(profile, as_of))
        yield
        promising = [
            match
            for found in subjects
            for status in PROMISING
            for match in self._chosen(found.subject, status, found.by_status[status])
        ]
        promising.sort(key=reading_order)
        advised = options.detail is not AnswerDetail.STATUSES
        asks = advised or not OPEN.isdisjoint(options.statuses)
        for found in subjects if asks else ():
            found.live = self._index.live_bits(found.reading.lanes, found.undetermined)
        yield
        for found in subjects if asks else ():
            self._decide(found)
        yield
        unlikely = (
            unlikely_facts(profile.company, self._catalogue.vocabulary) if asks else NONE_UNLIKELY
        )
        groups = list(self._order.groups(subjects, promising, unlikely, options, profile))
        listed = self._listed(groups, options)
        end = options.offset + len(listed)
        summary = _summary(subjects)
        more = end < sum([summary[status] for status in options.statuses])
        yield
        parts = {
            b"as_of": [b'"%b"' % as_of.isoformat().encode()],
            b"catalogue_version": [self._version],
            b"matches": _array([self.writer.write(m, options) for m in listed]),
            b"next_cursor": [canonical_json(extras.cursor(end)) if more else NULL],
            b"summary": [canonical_json(summary_json(summary))],
            b"warnings": [extras.warnings],
        }
        if advised:
            yield
            best = self._best_combination(profile, promising, as_of, options)
            parts[b"best_combination"] = [best]
            yield
            asked = self._next_questions(profile, options, subjects, unlikely)
            parts[b"next_questions"] = [asked]
        if options.detail is AnswerDetail.FULL:
            yield
            parts[b"category_hints"] = [extras.hints]
            parts[b"open_points"] = [self._open_points(subjects, options)]
        if options.fold is not None:
            told_of = overview_json(groups, subjects, self._order.of_jurisdiction, self._index)
            parts[b"overview"] = [canonical_json(told_of)]
        return MatchAnswer(_object(parts), summary, listed)

    def _best_combination(
        self,
        profile: Profile,
        promising: Sequence[SubjectMatch],
        as_of: date,
        options: AnswerOptions,
    ) -> bytes:
        found = best_combination(self._catalogue, promising, awards_of(profile), as_of)
        return json_in(combination_json(found, self._catalogue.vocabulary), options)

    def _open_points(self, subjects: Sequence[SubjectStatuses], options: AnswerOptions) -> bytes:
        """What several programmes leave open alike."""
        shared = self._left_open.shared(subjects)
        return json_in(shared_points_json(shared, self._catalogue.vocabulary), options)

    def _next_questions(
        self,
        profile: Profile,
        options: AnswerOptions,
        subjects: Sequence[SubjectStatuses],
        unlikely: UnlikelyFacts,
    ) -> bytes:
        reached = self._order.within(self._catalogue.reached(profile.company))
        return self._questions.write(
            subjects, reached, unlikely.unasked, profile.company, options.language
        )

    def amounts_from(self, facts: Iterable[str]) -> BitSet:
        """The programmes whose amount is reckoned from one of some facts."""
        return union_of(self._reckoned.get(fact, 0) for fact in facts)

    def _subjects(self, profile: Profile, as_of: date) -> Iterator[SubjectStatuses]:
        index = self._index
        for reading in index.truths_of(profile, as_of):
            if reading.project is not None:
                subject = project_subject(profile, reading.project)
            elif reading.denied:
                facts = {**profile.company, PROJECT_KIND: NO_PROJECT}
                subject = Subject(None, facts, profile.provenance)
            else:
                subject = company_subject(profile)
            evaluated = EvaluatedSubject(self.writer.numbers, subject, as_of)
            yield SubjectStatuses(evaluated, reading, index.by_status(reading, as_of))

    def _chosen(
        self, subject: EvaluatedSubject, status: Status, chosen: BitSet
    ) -> Iterator[SubjectMatch]:
        for place in places_of(chosen):
            yield self.writer.match(place, subject, status)

    def _decide(self, found: SubjectStatuses) -> None:
        """Find what is worth asking about a subject."""
        own = self.dated_amounts | self.amounts_from(found.subject.facts)
        matches = self._chosen(found.subject, Status.UNDETERMINED, own & found.undetermined)
        found.ceilings = {m.place: m.ceiling for m in matches}
        found.by_fact = self._open_facts.decisive(found)

    def _listed(self, groups: Iterable[MatchGroup], options: AnswerOptions) -> list[SubjectMatch]:
        """The matches that are shown: from the offset on, as many as are wanted; of a folded answer
        so many of each status, and of those who settle what is open."""
        fold, skipped, listed = options.fold, options.offset, list[SubjectMatch]()
        room: dict[object, int] = {}
        for group in groups:
            key, most = None, sys.maxsize if options.limit is None else options.limit
            if fold is not None:
                key = group.status, group.settled_by
                most = fold.promising if group.status in PROMISING else fold.each
            wanted = room.setdefault(key, most)
            if not wanted:
                continue
            if skipped >= group.size:
                skipped -= group.size
                continue
            found = self._in_order(group, skipped, skipped + wanted)
            skipped, room[key] = 0, wanted - len(found)
            listed += found
        return listed

    def _in_order(self, group: MatchGroup, start: int, end: int) -> list[SubjectMatch]:
        """The matches of a group from a place up to another; no other is taken up."""
        if group.matches:
            return list(group.matches[start:end])
        ranks = self._ranks
        places = [
            (ranks[place], subject.ref or "", place, subject)
            for subject, held in group.chosen
            for place in places_of(held)
        ]
        places.sort(key=itemgetter(0, 1))
        return [
            self.writer.match(place, subject, group.status, group.settled_by)
            for _, _, place, subject in places[start:end]
        ]


def _array(items: Iterable[bytes]) -> list[bytes]:
    """The pieces of a list."""
    separated = [piece for item in items for piece in (b",", item)]
    return [b"[", *separated[1:], b"]"]


def _object(parts: Mapping[bytes, Sequence[bytes]]) -> list[bytes]:
    """The pieces of an object behind its opening brace."""
    separated = [p for name in sorted(parts) for p in (b',"', name, b'":', *parts[name])]
    return [b'"', *separated[1:], b"}"]


def _listing_key(programme: Programme) -> tuple[Directness, str]:
    return programme.directness, programme.id


def _summary(subjects: Iterable[SubjectStatuses]) -> dict[Status, int]:
    read = [subject.by_status for subject in subjects]
    return {status: sum([held[status].bit_count() for held in read]) for status in _STATUSES}
