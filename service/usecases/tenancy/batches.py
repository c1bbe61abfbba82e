"""Batches of a tenant: taken in and understood, run in the background, read, ended.

A batch runs from its beginning to its end or not at all: its results are put in place whole, so
that a worker that was killed and starts again neither loses nor repeats a row.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import orjson

from service.bulk.engine import Detail
from service.bulk.inputs import read_batches
from service.bulk.outputs import writer_for
from service.compiled.compiled_catalogue import Clock, CompiledCatalogue
from service.domain.errors import (
    ErrorCode,
    HuiceError,
    InvalidInput,
    NotFound,
    Problem,
    Refused,
)
from service.domain.principal import Principal, Scope
from service.domain.text import Text
from service.rendering.json_parts import Json, text_json
from service.storage.audit import Deed
from service.storage.batches import BatchRepository, BatchState, StoredBatch
from service.storage.jobs import locked
from service.usecases.portfolio.company_table import CompanyTable
from service.usecases.portfolio.faults import FaultLog, write_faults
from service.usecases.portfolio.portfolio import BatchReport, open_source, run_batch
from service.usecases.portfolio.table_preview import preview

PEOPLE, MACHINES = "xlsx", "parquet"
FORMATS = (PEOPLE, "csv", "jsonl", MACHINES)
ENDINGS = (".xlsx", ".csv", ".jsonl", ".parquet")
_TOLD_EVERY = 0.5
_INTERNAL = Text(
    "服务内部错误，请凭批次编号联系运维人员", "internal error: tell the operator the id"
)
_NOT_DONE = Text("批次还没有结果，现为 {state}", "the batch has no result yet: it is {state}")


class _Stopped(Exception):
    """Not an error: the batch was cancelled or deleted while it ran."""


@dataclass(frozen=True)
class Asked:
    """What was sent with a table."""

    name: str
    ending: str
    as_of: date | None
    language: str
    held: bool


@dataclass(frozen=True)
class BatchService:
    """Batches as a client asks for them."""

    batches: BatchRepository
    compiled: CompiledCatalogue
    clock: Clock
    enqueue: Callable[[str], None]
    kept: timedelta
    quota: int

    def create(self, principal: Principal, table: Path, asked: Asked, trace: str) -> Json:
        """Take a table in and say what was understood. `table` is moved away.

        Raises InvalidInput where it is not understood, Refused.
        """
        tenant = principal.of_tenant(Scope.BATCHES)
        understood = self._understood(table)
        batch_id, now = token_hex(12), self.clock.now()
        folder = self.batches.folder_of(batch_id)
        folder.mkdir(parents=True)
        shutil.move(table, folder / f"source{asked.ending}")
        batch = StoredBatch(
            id=batch_id,
            tenant=tenant,
            name=asked.name,
            state=BatchState.HELD if asked.held else BatchState.QUEUED,
            created_at=now,
            updated_at=now,
            expires_at=now + self.kept,
            as_of=asked.as_of or self.clock.today(),
            language=asked.language,
            ending=asked.ending,
            rows=0,
            errors=0,
            catalogue_version=None,
            problem=None,
            understood=orjson.dumps(understood).decode(),
        )
        try:
            self.batches.create(batch, Deed(principal, now, trace), self.quota)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if not asked.held:
            self.enqueue(batch_id)
        return batch_json(batch)

    def _understood(self, table: Path) -> Json | None:
        try:
            opened = open_source(self.compiled.catalogue, table)
            return preview(opened) if isinstance(opened, CompanyTable) else None
        except Refused as error:
            problem = Problem("/file", error.code, error.reason)
            raise InvalidInput((problem,), ErrorCode.INVALID_VALUE) from None

    def start(self, principal: Principal, batch_id: str, trace: str) -> Json:
        """Let a held batch run. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.BATCHES)
        self.batches.start(tenant, batch_id, Deed(principal, self.clock.now(), trace))
        self.enqueue(batch_id)
        return batch_json(self.batches.get(tenant, batch_id))

    def get(self, principal: Principal, batch_id: str) -> Json:
        """How far it is. Raises NotFound, Refused."""
        return batch_json(self.batches.get(principal.of_tenant(Scope.BATCHES), batch_id))

    def list(self, principal: Principal) -> Json:
        """The tenant's batches, the newest first, without what was understood. Raises Refused."""
        found = self.batches.of_tenant(principal.of_tenant(Scope.BATCHES))
        return {"items": [batch_card(b) for b in found]}

    def cancel(self, principal: Principal, batch_id: str, trace: str) -> Json:
        """Stop it; what has ended stays as it is. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.BATCHES)
        deed = Deed(principal, self.clock.now(), trace)
        return batch_json(self.batches.cancel(tenant, batch_id, deed))

    def delete(self, principal: Principal, batch_id: str, trace: str) -> None:
        """Delete it with table and results. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.BATCHES)
        self.batches.delete(tenant, batch_id, Deed(principal, self.clock.now(), trace))

    def faults(self, principal: Principal, batch_id: str) -> Json:
        """Every fault of every row, as far as they are kept. Raises NotFound, Refused."""
        found: Json = orjson.loads(self._file(principal, batch_id, "faults.json").read_bytes())
        return found

    def faults_workbook(self, principal: Principal, batch_id: str) -> Path:
        """The faulty rows with the cells marked. Raises NotFound, Refused."""
        return self._file(principal, batch_id, "faults.xlsx")

    def result(self, principal: Principal, batch_id: str, form: str) -> Path:
        """The answers in a format of FORMATS. Raises NotFound, Refused."""
        if form in (PEOPLE, MACHINES):
            return self._file(principal, batch_id, f"answers.{form}")
        source = self._file(principal, batch_id, f"answers.{MACHINES}")
        target = source.with_suffix(f".{form}")
        if not target.exists():
            schema, answers = read_batches(source)
            with writer_for(target, schema) as writer:
                for batch in answers:
                    writer.write(batch)
        return target

    def _file(self, principal: Principal, batch_id: str, name: str) -> Path:
        batch = self.batches.get(principal.of_tenant(Scope.BATCHES), batch_id)
        path = self.batches.folder_of(batch.id) / name
        if batch.state is not BatchState.DONE:
            raise Refused(_NOT_DONE.format(state=batch.state.value))
        if not path.exists():
            raise NotFound(Text("文件", "file"), name)
        return path


@dataclass(frozen=True)
class BatchWorker:
    """Runs batches, whoever's they are."""

    batches: BatchRepository
    compiled: CompiledCatalogue
    clock: Clock

    def run(self, batch_id: str) -> None:
        """Run a batch from its beginning, unless it is gone, has ended or somebody else runs it."""
        folder = self.batches.folder_of(batch_id)
        if not folder.is_dir():
            return
        with locked(folder / "lock") as mine:
            version = self.compiled.catalogue.version
            batch = self.batches.claim(batch_id, version, self.clock.now()) if mine else None
            if batch is not None:
                self._run(batch, folder)

    def _run(self, batch: StoredBatch, folder: Path) -> None:
        try:
            told = self._answer(batch, folder)
        except _Stopped:
            return
        except HuiceError as error:
            self.batches.fail(batch.id, _problem(error), self.clock.now())
            return
        except Exception:
            self.batches.fail(batch.id, _told(ErrorCode.INTERNAL, [_INTERNAL]), self.clock.now())
            raise
        self.batches.finish(batch.id, told.rows, told.errors, self.clock.now())

    def _answer(self, batch: StoredBatch, folder: Path) -> BatchReport:
        log = FaultLog(self.compiled.catalogue.vocabulary)
        told_at = time.monotonic()

        def tell(told: BatchReport) -> None:
            nonlocal told_at
            if time.monotonic() - told_at >= _TOLD_EVERY:
                told_at = time.monotonic()
                now = self.clock.now()
                if not self.batches.progress(batch.id, told.rows, told.errors, now):
                    raise _Stopped

        told = run_batch(
            self.compiled,
            folder / f"source{batch.ending}",
            [folder / f"answers.{PEOPLE}", folder / f"answers.{MACHINES}"],
            batch.as_of,
            Detail.MISSING,
            tell,
            log=log,
            language=batch.language,
            identified=True,
        )
        listed = [fault.as_json() for fault in log.faults]
        faults = {"rows": log.count, "complete": log.complete, "items": listed}
        (folder / "faults.json").write_bytes(orjson.dumps(faults))
        write_faults(log, folder / "faults.xlsx", batch.language)
        return told


def batch_card(batch: StoredBatch) -> Json:
    """A batch in short."""
    return {
        "id": batch.id,
        "name": batch.name,
        "state": batch.state.value,
        "rows": batch.rows,
        "errors": batch.errors,
        "as_of": batch.as_of.isoformat(),
        "created_at": batch.created_at.isoformat(),
        "updated_at": batch.updated_at.isoformat(),
        "expires_at": batch.expires_at.isoformat(),
        "catalogue_version": batch.catalogue_version,
    }


def batch_json(batch: StoredBatch) -> Json:
    """A batch whole: what was understood of its table, why it failed."""
    return {
        **batch_card(batch),
        "problem": orjson.loads(batch.problem) if batch.problem else None,
        "understood": orjson.loads(batch.understood),
    }


def _problem(error: HuiceError) -> str:
    if isinstance(error, InvalidInput):
        return _told(error.code, [p.message for p in error.problems])
    if isinstance(error, Refused):
        return _told(error.code, [error.reason])
    return _told(error.code, [_INTERNAL])


def _told(code: ErrorCode, messages: list[Text]) -> str:
    told: dict[str, Any] = {"code": code.value, "messages": [text_json(m) for m in messages]}
    return orjson.dumps(told).decode()
