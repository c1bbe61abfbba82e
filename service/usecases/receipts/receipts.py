"""Receipts: shown, replayed under the rules of their day and of today, deleted, kept so long."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import orjson

from service import __version__
from service.compiled.compiled_catalogue import Clock, CompiledCatalogue
from service.compiled.compiled_versions import CompiledVersions
from service.domain.errors import InvalidInput
from service.domain.evaluation.evaluator import AnswerForm, Status
from service.domain.principal import Principal
from service.intake.requests import MatchRequest
from service.rendering.json_parts import Json, text_json
from service.storage.audit import Deed
from service.storage.catalogues import CatalogueVersions
from service.storage.receipts import Receipt, ReceiptRepository
from service.usecases.advice.compare import comparison_json
from service.usecases.matching import answer_request, evaluate_request, recorded_request

# Long enough to come back to an answer in the next round of applications.
NOBODYS_RETENTION = timedelta(days=365)


@dataclass(frozen=True)
class ReceiptService:
    """What can be done with receipts, by whom they belong to; one that is nobody's is shown to
    whoever knows its id. `retention`: how long they are kept; None: a tenant's for ever, nobody's
    for NOBODYS_RETENTION."""

    receipts: ReceiptRepository
    library: CatalogueVersions
    versions: CompiledVersions
    clock: Clock
    retention: timedelta | None = None

    def show(self, receipt_id: str, principal: Principal) -> Json:
        """A receipt as kept. Raises NotFound."""
        return receipt_json(self.receipts.get(receipt_id, principal.tenant))

    def replay(self, receipt_id: str, principal: Principal) -> Json:
        """A receipt evaluated again under the catalogue of its day, to the byte, and under the
        present one, with the difference.

        `difference` is None where the present vocabulary no longer knows what was stated then;
        `unreadable` says what. Raises NotFound, and Refused where the rules of that day can no
        longer be read.
        """
        kept = self.receipts.get(receipt_id, principal.tenant)
        raw = orjson.loads(kept.profile)
        own, present = self.versions.compiled(kept.catalogue_version), self.versions.present
        request = recorded_request(own, raw)
        again = answer_request(own, request, kept.as_of)
        difference, unreadable = _against_present(own, present, request, raw, kept.as_of)
        return {
            "receipt_id": kept.id,
            "as_of": kept.as_of.isoformat(),
            "identical": again == kept.result,
            "digests": _digests_json(kept),
            "engine_version": {"then": kept.engine_version, "now": __version__},
            "catalogue_version": {
                "then": kept.catalogue_version,
                "now": present.catalogue.version,
            },
            "answer": orjson.loads(again),
            "difference": difference,
            "unreadable": unreadable,
        }

    def whole_answer(self, kept: Receipt) -> Json:
        """All that could be told to a receipt's request, in full, whatever part of it was asked
        for. Raises Refused where the rules of its day can no longer be read."""
        raw = orjson.loads(kept.profile)
        answer = kept.result
        if "detail" in raw:  # before there was such a choice, everything was told
            compiled = self.versions.compiled(kept.catalogue_version)
            whole = AnswerForm(statuses=frozenset(Status))
            request = replace(compiled.requests.read(raw), form=whole, cursor=None)
            answer = answer_request(compiled, request, kept.as_of)
        told: Json = orjson.loads(answer)
        return told

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
        return receipts.purge(now - NOBODYS_RETENTION, only_nobodys=True)
    return receipts.purge(now - kept)


def receipt_json(kept: Receipt) -> Json:
    """A receipt with its request and answer."""
    return {
        "id": kept.id,
        "created_at": kept.created_at.isoformat(),
        "as_of": kept.as_of.isoformat(),
        "catalogue_version": kept.catalogue_version,
        "engine_version": kept.engine_version,
        "digests": _digests_json(kept),
        "request": orjson.loads(kept.profile),
        "result": orjson.loads(kept.result),
    }


def _digests_json(kept: Receipt) -> Json:
    return {"sha256": kept.digests.sha256, "sm3": kept.digests.sm3}


def _against_present(
    own: CompiledCatalogue,
    present: CompiledCatalogue,
    request: MatchRequest,
    raw: object,
    as_of: date,
) -> tuple[Json | None, list[Json]]:
    """What a kept request gives today beside what it gave, or why today's words do not fit it."""
    try:
        now = present.requests.read(raw)
    except InvalidInput as error:
        return None, list(_problems_json(error))
    then = evaluate_request(own, request, as_of)
    return comparison_json(then, evaluate_request(present, now, as_of)), []


def _problems_json(error: InvalidInput) -> Iterable[Json]:
    for problem in error.problems:
        yield {
            "pointer": problem.pointer,
            "code": problem.code.value,
            "message": text_json(problem.message),
        }
