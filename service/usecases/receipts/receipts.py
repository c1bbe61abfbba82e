"""Receipts: shown, replayed under the rules of their day and of today, deleted, kept so long."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

import orjson

from service import __version__
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.compiled_versions import CompiledVersions
from service.domain.clock import Clock
from service.domain.errors import ErrorCode, InvalidInput, Problem, Refused
from service.domain.evaluation.evaluator import AnswerOptions, Status
from service.domain.principal import Principal
from service.domain.text import Text
from service.intake.readable_part import read_readable
from service.intake.requests import MatchRequest
from service.rendering.json_parts import Json, text_json
from service.rendering.receipt_outcome import outcome_json
from service.storage.audit import Deed
from service.storage.catalogues import CatalogueVersions
from service.storage.receipt_packing import ReceiptPacking
from service.storage.receipts import Receipt, ReceiptRepository, digests_of
from service.usecases.advice.compare import compare_sides, side_of
from service.usecases.matching import answer_request, folded_answer, recorded_request, with_receipt

_APART = Text(
    "本版程序不能逐字节重现这份回执的回答，请用当时的程序 {program}；回执及其中的结论、金额仍在"
    "（huice receipts show）。",
    "This program does not make that receipt's answer again to the byte: ask the program of its"
    " day, {program}. The receipt, its statuses and amounts still stand (huice receipts show).",
)
# Long enough to come back to an answer in the next round of applications.
RETENTION_WITHOUT_TENANT = timedelta(days=365)


class ReceiptApart(NamedTuple):
    """A receipt whose answer is not made again to the byte, the program that gave it, and whose it
    is (None: nobody's)."""

    id: str
    program: str
    tenant: str | None


@dataclass(frozen=True)
class KeepReport:
    """`count` answers are kept now; those of the receipts `apart` could not be made again."""

    count: int
    apart: tuple[ReceiptApart, ...]


@dataclass(frozen=True)
class ReceiptService:
    """What can be done with receipts, by whom they belong to; one that is nobody's is shown to
    whoever knows its id. `retention`: how long they are kept; None: a tenant's for ever, nobody's
    for RETENTION_WITHOUT_TENANT."""

    receipts: ReceiptRepository
    library: CatalogueVersions
    versions: CompiledVersions
    clock: Clock
    retention: timedelta | None = None

    def show(self, receipt_id: str, principal: Principal, *, partly: bool = False) -> Json:
        """A receipt with its answer, as it was given. Raises NotFound, and Refused where this
        program makes another answer of it, unless the rest will do."""
        kept = self.receipts.get(receipt_id, principal.tenant)
        answer = self.answer_of(kept) if partly else self.given_answer(kept)
        return receipt_json(kept, answer)

    def given_answer(self, kept: Receipt) -> bytes:
        """The answer to the byte. Raises Refused where this program makes another of it."""
        answer = self.answer_of(kept)
        if answer is None:
            raise _no_answer(kept)
        return answer

    def answered(self, receipt_id: str, principal: Principal) -> bytes:
        """What was answered, to the byte and with the receipt's id. Raises as `show`."""
        kept = self.receipts.get(receipt_id, principal.tenant)
        return with_receipt(kept.id, self.given_answer(kept))

    def answer_of(self, kept: Receipt) -> bytes | None:
        """The answer to the byte: as it is kept, or made again and held against its digest; None
        where this program makes another of it."""
        if kept.result is not None:
            return kept.result
        try:
            compiled = self.versions.compiled(kept.catalogue_version)
            request = recorded_request(compiled, orjson.loads(kept.profile))
            again = answer_request(compiled, request, kept.as_of)
        except (Refused, InvalidInput):  # it can no longer read the rules or the words of that day
            return None
        return again if sha256(again).hexdigest() == kept.sha256 else None

    def keep_answers(self, packing: ReceiptPacking) -> KeepReport:
        """Keep whole the answer of every receipt that has none, for a later program that would not
        make it again."""
        self.receipts.use(packing)
        count, apart = 0, []
        for page in self.receipts.pages():
            made = {place: (kept, self.answer_of(kept)) for place, kept in page if not kept.result}
            answers = [(place, again) for place, (_, again) in made.items() if again is not None]
            if answers:
                self.receipts.keep_answers(answers, packing)
            count += len(answers)
            apart += [_apart(k) for k, again in made.values() if again is None]
        return KeepReport(count, tuple(apart))

    def answers_apart(self) -> Iterator[ReceiptApart]:
        """The receipts whose answers are not kept, and are not made again to the byte."""
        for page in self.receipts.pages():
            yield from (_apart(kept) for _, kept in page if self.answer_of(kept) is None)

    def replay(self, receipt_id: str, principal: Principal) -> Json:
        """A receipt evaluated again under the catalogue of its day, to the byte, and under the
        present one, with the difference. It is not `identical` where the answer was kept whole,
        and this program makes another.

        What the present vocabulary no longer knows is told as `unreadable`, and the difference is
        between both catalogues without it. Raises NotFound, and Refused where the rules of that day
        can no longer be read, or the answer was not kept and is not made again.
        """
        kept = self.receipts.get(receipt_id, principal.tenant)
        raw = orjson.loads(kept.profile)
        own, present = self.versions.compiled(kept.catalogue_version), self.versions.present
        request = recorded_request(own, raw)
        again = answer_request(own, request, kept.as_of)
        given = again if kept.result is None else kept.result
        if sha256(given).hexdigest() != kept.sha256:
            raise _no_answer(kept)
        difference, unreadable = _against_present(own, self.versions, request, raw, kept.as_of)
        return {
            "receipt_id": kept.id,
            "as_of": kept.as_of.isoformat(),
            "identical": again == given,
            "digests": digests_of(given)._asdict(),
            "engine_version": {"then": kept.engine_version, "now": __version__},
            "catalogue_version": {
                "then": kept.catalogue_version,
                "now": present.catalogue.version,
            },
            "answer": orjson.loads(again),
            "difference": difference,
            "unreadable": unreadable,
        }

    def whole_answer(self, kept: Receipt, given: bytes) -> Json:
        """All that could be told to a receipt's request, in full and of a large catalogue folded,
        whatever part of it was asked for and given. Raises Refused where the rules of its day can
        no longer be read."""
        raw, answer = orjson.loads(kept.profile), given
        if "detail" in raw:  # a receipt without it is of a program that told everything
            compiled = self.versions.compiled(kept.catalogue_version)
            whole = folded_answer(compiled.catalogue, AnswerOptions(statuses=frozenset(Status)))
            request = replace(compiled.requests.read(raw), options=whole, cursor=None)
            answer = answer_request(compiled, request, kept.as_of)
        replayed: Json = orjson.loads(answer)
        return replayed

    def delete(self, receipt_id: str, principal: Principal, trace: str = "") -> None:
        """Delete a receipt of the principal's tenant, or of nobody's for the operator who names
        none, for good. Raises NotFound."""
        tenant = principal.tenant
        deed = None if tenant is None else Deed(principal, self.clock.now(), trace)
        self.receipts.delete(receipt_id, tenant, deed)

    def purge(self, kept: timedelta | None = None) -> int:
        """Delete for good what is older than the retention, or than `kept`; how many those were.
        Where no retention is set, only what belongs to no tenant grows too old."""
        bound = self.retention if kept is None else kept
        return purge_receipts(self.receipts, bound, self.clock.now())

    def prune(self) -> tuple[str, ...]:
        """Forget catalogue versions that nothing points at and that were replaced a day ago or
        longer: a process that is about to end may still answer under a younger one."""
        replaced_before = self.clock.now() - timedelta(days=1)
        return self.library.prune(replaced_before, keep=self.versions.present.catalogue.version)


def purge_receipts(receipts: ReceiptRepository, kept: timedelta | None, now: datetime) -> int:
    """As `ReceiptService.purge`; it takes no catalogue."""
    if kept is None:
        return receipts.purge(now - RETENTION_WITHOUT_TENANT, only_nobodys=True)
    return receipts.purge(now - kept)


def receipt_json(kept: Receipt, answer: bytes | None) -> Json:
    """A receipt with its request, and with its answer as far as that is to be had: of another no
    digest is told than the one that was kept."""
    known: Json = {"sha256": kept.sha256, "sm3": None}
    digests = known if answer is None else digests_of(answer)._asdict()
    return {
        "id": kept.id,
        "created_at": kept.created_at.isoformat(),
        "as_of": kept.as_of.isoformat(),
        "catalogue_version": kept.catalogue_version,
        "engine_version": kept.engine_version,
        "digests": digests,
        "request": orjson.loads(kept.profile),
        "outcome": outcome_json(kept.outcome),
        "result": None if answer is None else orjson.loads(answer),
    }


def _apart(kept: Receipt) -> ReceiptApart:
    return ReceiptApart(kept.id, kept.engine_version, kept.tenant)


def _no_answer(kept: Receipt) -> Refused:
    return Refused(_APART.format(program=kept.engine_version), ErrorCode.BROKEN_CATALOGUE)


def _against_present(
    own: CompiledCatalogue,
    versions: CompiledVersions,
    request: MatchRequest,
    raw: object,
    as_of: date,
) -> tuple[Json | None, list[Json]]:
    """What a kept request gives today beside what it gave, both without what today's words do not
    fit; and what that is. None where hardly anything fits."""
    present = versions.present
    try:
        now, left, problems = read_readable(present.requests.read, raw)
        then = recorded_request(own, left) if problems else request
    except InvalidInput as error:
        return None, list(_problems_json(error.problems))
    sides = side_of(own, then, as_of), side_of(present, now, as_of)
    return compare_sides(*sides, versions), list(_problems_json(problems))


def _problems_json(problems: Iterable[Problem]) -> Iterable[Json]:
    for problem in problems:
        yield {
            "pointer": problem.pointer,
            "code": problem.code.value,
            "message": text_json(problem.message),
        }
