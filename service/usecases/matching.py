"""Matching a profile: the whole catalogue, or one programme; with a receipt of the answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from hashlib import sha256
from typing import NamedTuple

import orjson

from service import ANSWER_FORM, __version__
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.match_answers import AnswerExtras, MatchAnswer
from service.domain.clock import Clock
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.evaluation.assessment import TruthOf
from service.domain.evaluation.claimed_certificates import (
    find_conflicts,
    mark_contested,
)
from service.domain.evaluation.evaluator import (
    IN_REACH,
    AnswerOptions,
    Fold,
    Status,
    evaluate_programme,
    subjects,
)
from service.domain.evaluation.plausibility import find_implausible
from service.domain.facts.profile import Profile
from service.domain.principal import ANONYMOUS, Principal
from service.domain.rules.catalogue import Catalogue
from service.domain.steps import Steps, all_steps
from service.domain.text import Text
from service.intake.notices import Notice
from service.intake.profiles import profile_json
from service.intake.requests import MatchRequest
from service.rendering.canonical_json import canonical_json
from service.rendering.category_json import conflict_warnings, hints_json, implausible_json
from service.rendering.certificate_warnings import certificate_warnings
from service.rendering.json_parts import Json, in_language, text_json
from service.rendering.parameter_warnings import parameter_warnings
from service.rendering.receipt_outcome import outcome_bytes
from service.storage.audit import Deed
from service.storage.receipts import Receipt
from service.storage.writer import GroupCommitWriter, Pending
from service.usecases.reference.lookup import find_programme


class BegunMatch(NamedTuple):
    """An answer that may be given once its receipt, if it has one, is on the disk."""

    answer: bytes
    receipt: Pending | None

    def finish(self) -> bytes:
        """The answer, durable. Raises as `GroupCommitWriter.put`."""
        if self.receipt is not None:
            self.receipt.wait()
        return self.answer


@dataclass(frozen=True)
class MatchService:
    """The matching use cases: a compiled catalogue, a clock, a source of receipt ids, and what
    writes receipts down (None: nothing is, by the operator's choice)."""

    compiled: CompiledCatalogue
    clock: Clock
    new_id: Callable[[], str]
    receipts: GroupCommitWriter | None

    def match(self, raw: object, principal: Principal, trace: str = "") -> bytes:
        """The contract's answer to a match request as JSON, recorded for the principal's tenant,
        also in its audit; its `receipt_id` is null where nothing is kept. Raises InvalidInput."""
        return all_steps(self.begin_in_steps(raw, principal, trace)).finish()

    def begin_in_steps(
        self, raw: object, principal: Principal, trace: str = ""
    ) -> Steps[BegunMatch]:
        """A match that is answered and whose receipt is not stored yet: the receipts of several are
        stored together when the first is finished. In steps, between which one thread works on
        other matches. Raises InvalidInput."""
        request = self.compiled.requests.read(raw)
        yield
        return (yield from self._recorded(request, principal, trace))

    def match_json(
        self,
        raw: object,
        *,
        whole: bool = True,
        principal: Principal = ANONYMOUS,
        trace: str = "",
    ) -> Json:
        """The same as plain data; `whole` with all its matches, of all statuses unless the request
        names some: of a large catalogue the first of those within reach."""
        request = self.compiled.requests.read(raw)
        if whole:
            large = is_large(self.compiled.catalogue)
            request = replace(
                request, options=_first_answer(request) if large else whole_answer(request)
            )
        begun = all_steps(self._recorded(request, principal, trace))
        answer: Json = orjson.loads(begun.finish())
        return answer

    def _recorded(
        self, request: MatchRequest, principal: Principal, trace: str
    ) -> Steps[BegunMatch]:
        as_of = request.as_of or self.clock.today()
        answer = yield from _answer_in_steps(self.compiled, request, as_of)
        if self.receipts is None:
            return BegunMatch(answer.written(_opening(None)), None)
        receipt_id = self.new_id()
        opening = _opening(receipt_id)
        content = answer.written(opening)
        answer = answer._replace(pieces=())  # they are let go before the next answer is made
        # Here, and not in the step after: the answer's bytes are in the processor's caches.
        digest = sha256(b"{")
        digest.update(memoryview(content)[len(opening) :])
        yield
        deed = Deed(principal, self.clock.now(), trace)
        receipt = self._receipt(receipt_id, digest.hexdigest(), request, as_of, answer, deed)
        pending = self.receipts.begin(receipt, None if principal.tenant is None else deed)
        return BegunMatch(content, pending)

    def check(self, programme_id: str, raw: object) -> Json:
        """One programme's match object; where the profile has several fitting projects, the first
        is the object and all are listed. Raises NotFound, InvalidInput."""
        find_programme(self.compiled.catalogue, programme_id)
        request = self.compiled.requests.read(raw)
        found = self.check_request(programme_id, request)
        answer: Json = in_language(found, request.options.language)
        return answer

    def check_request(self, programme_id: str, request: MatchRequest) -> Json:
        """The same of a request that has been read, in all languages. Raises NotFound."""
        programme = find_programme(self.compiled.catalogue, programme_id)
        as_of = request.as_of or self.clock.today()
        profile, _, warnings = _read_profile(self.compiled, request, as_of)
        matches = [evaluate_programme(programme, s, as_of) for s in subjects(programme, profile)]
        found = [self.compiled.answers.match(m, as_of) for m in matches]
        return {
            **found[0],
            "as_of": as_of.isoformat(),
            "catalogue_version": self.compiled.catalogue.version,
            "other_subjects": found[1:],
            "profile_warnings": warnings,
        }

    def answer(self, request: MatchRequest, as_of: date, *, brief: bool = False) -> Json:
        """The whole answer without its receipt, of a large catalogue folded: with how many matches
        there are by status, place and reason as its `overview`. Of a brief one, the matches out of
        reach have only the condition that they fail for."""
        options = folded_answer(self.compiled.catalogue, whole_answer(request))
        answer = self.answer_part(request, as_of, options)
        for match in answer["matches"] if brief else ():
            if match["status"] not in IN_REACH:
                failed = (c for c in match["conditions"] if c["truth"] == "false")
                match["conditions"] = list(failed)[:1]
        return answer

    def answer_part(self, request: MatchRequest, as_of: date, options: AnswerOptions) -> Json:
        """The answer without its receipt, with the matches that are wanted."""
        request = replace(request, options=options)
        answer: Json = orjson.loads(answer_request(self.compiled, request, as_of))
        return answer

    def answer_words(self) -> bytes:
        """What answers are made of, as a dictionary to pack them with: what somebody is told who
        states nothing."""
        request = self.compiled.requests.read({"profile": {}})
        request = replace(request, options=_first_answer(request))
        return answer_request(self.compiled, request, self.clock.today())[:_MAX_ANSWER_WORDS]

    def _receipt(
        self,
        receipt_id: str,
        digest: str,
        request: MatchRequest,
        as_of: date,
        answer: MatchAnswer,
        deed: Deed,
    ) -> Receipt:
        return Receipt(
            id=receipt_id,
            created_at=deed.at,
            as_of=as_of,
            catalogue_version=self.compiled.catalogue.version,
            engine_version=__version__,
            answer_form=ANSWER_FORM,
            profile=_request_bytes(request, as_of),
            outcome=outcome_bytes(answer.summary, answer.listed),
            sha256=digest,
            tenant=deed.principal.tenant,
        )


def with_receipt(receipt_id: str | None, answer: bytes) -> bytes:
    """An answer as it is given: with the id of its receipt."""
    return b"".join((_opening(receipt_id), memoryview(answer)[1:]))


def _opening(receipt_id: str | None) -> bytes:
    """How an answer begins that is given."""
    return b'{"receipt_id":%b,' % canonical_json(receipt_id)


_ALL = frozenset(Status)
# Of more programmes an answer is not told whole: of what is in reach as much as anybody reads, of
# the others the nearest.
MAX_WHOLE = 300
_FOLD = Fold(promising=150, each=50)
# How many characters of a version's digest sign a cursor.
_SIGNATURE_LENGTH = 16
# Bytes of the dictionary of receipts; with more, looking into it costs more than it saves. Of that
# of answers; what is more is found no faster than it is packed.
_MAX_WORDS, _MAX_ANSWER_WORDS = 1 << 16, 1 << 20


def whole_answer(request: MatchRequest) -> AnswerOptions:
    """All matches of the statuses that a request names, of every status where it names none."""
    return replace(request.options, statuses=request.statuses or _ALL, limit=None)


def is_large(catalogue: Catalogue) -> bool:
    """Whether there are more programmes than anybody reads through."""
    return len(catalogue.programmes) > MAX_WHOLE


def folded_answer(catalogue: Catalogue, options: AnswerOptions) -> AnswerOptions:
    """These options, folded where the catalogue is large."""
    return replace(options, fold=_FOLD) if is_large(catalogue) else options


def _first_answer(request: MatchRequest) -> AnswerOptions:
    """The first matches within reach, as many as an answer may be asked for that is told whole."""
    return replace(request.options, statuses=request.statuses or IN_REACH, limit=MAX_WHOLE)


def _request_bytes(request: MatchRequest, as_of: date) -> bytes:
    """A request as a receipt keeps it: whatever could have been left out is said."""
    options = request.options
    as_read = {
        "as_of": as_of.isoformat(),
        "profile": orjson.Fragment(profile_json(request.stated)),
        "statuses": sorted(s.value for s in options.statuses),
        "detail": options.detail.value,
        "lang": options.language,
        "limit": options.limit,
        "cursor": request.cursor,
    }
    return canonical_json(as_read)


def receipt_words(compiled: CompiledCatalogue) -> bytes:
    """What receipts are made of, as a dictionary to pack them with: the ids of facts and
    programmes, and what stands round them."""
    catalogue = compiled.catalogue
    facts = [b'"%b":"' % fact.partition(".")[2].encode() for fact in catalogue.vocabulary.facts]
    programmes = [b'["%b","company","potential","' % p.encode() for p in catalogue.programmes]
    nothing = _request_bytes(compiled.requests.read({"profile": {}}), date.min)
    outcome = outcome_bytes(dict.fromkeys(Status, 0), ())
    return b"".join((*facts, *programmes))[:_MAX_WORDS] + nothing + outcome


def answer_request(compiled: CompiledCatalogue, request: MatchRequest, as_of: date) -> bytes:
    """The contract's answer but for its receipt, as canonical JSON: the same request, catalogue and
    day give the same bytes. Raises InvalidInput for a cursor of another catalogue."""
    return all_steps(_answer_in_steps(compiled, request, as_of)).written()


def _answer_in_steps(
    compiled: CompiledCatalogue, request: MatchRequest, as_of: date
) -> Steps[MatchAnswer]:
    catalogue, options = compiled.catalogue, request.options
    if request.cursor is not None:
        options = replace(options, offset=_offset(request.cursor, catalogue.version))
    profile, truths, warnings = _read_profile(compiled, request, as_of)
    yield
    extras = AnswerExtras(
        hints=hints_json(catalogue, profile, as_of, options, truths),
        warnings=canonical_json(in_language(warnings, options.language)),
        cursor=partial(_cursor, version=catalogue.version),
    )
    yield
    return (yield from compiled.match_answers.answer_in_steps(profile, as_of, options, extras))


def _cursor(offset: int, version: str) -> str:
    return f"{offset}-{version[-_SIGNATURE_LENGTH:]}"


def _offset(cursor: str, version: str) -> int:
    """The place of a cursor. Raises InvalidInput where it was not made under this catalogue."""
    offset, _, sign = cursor.partition("-")
    if sign != version[-_SIGNATURE_LENGTH:] or not (offset.isascii() and offset.isdigit()):
        words = Text(
            "游标不属于这个政策库，请从头列出", "the cursor is of another catalogue: list anew"
        )
        raise InvalidInput((Problem("/cursor", ErrorCode.INVALID_CURSOR, words),))
    return int(offset)


def recorded_request(compiled: CompiledCatalogue, raw: Json) -> MatchRequest:
    """A request as a receipt keeps it: without a limit, all its matches were listed. Older ones say
    nothing of how much was told: it was all. Raises InvalidInput."""
    request = compiled.requests.read(raw)
    return request if raw.get("limit") else replace(request, options=whole_answer(request))


def _read_profile(
    compiled: CompiledCatalogue, request: MatchRequest, as_of: date
) -> tuple[Profile, TruthOf, list[Json]]:
    """The profile as it is evaluated, what the conditions that are put to every company come to for
    it, and what the submitted profile itself gives cause to say."""
    catalogue, stated = compiled.catalogue, request.profile
    truths = compiled.profile_conditions.truths(stated, as_of)
    conflicts = find_conflicts(catalogue.categories.values(), stated, as_of, truths)
    warnings = [
        *map(_notice, request.notices),
        *conflict_warnings(catalogue, conflicts),
        *map(implausible_json, find_implausible(catalogue, stated, as_of, truths)),
        *certificate_warnings(stated, catalogue.vocabulary, as_of),
        *parameter_warnings(compiled.used_parameters, as_of, stated),
    ]
    profile = mark_contested(stated, conflicts)
    if profile is not stated:
        truths = compiled.profile_conditions.truths(profile, as_of)
    return profile, truths, warnings


def _notice(notice: Notice) -> Json:
    notice_json: Json = {"code": notice.code, "text": text_json(notice.text), "fact": notice.fact}
    if notice.sources:
        notice_json["sources"] = [*notice.sources]
    if notice.taken_as:
        notice_json["taken_as"] = notice.taken_as.value
    return notice_json
