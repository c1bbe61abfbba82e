"""Runs batches in the background: a table of companies in, answers and faults out."""

import time
from dataclasses import dataclass
from typing import Any

import orjson

from service.bulk.batch_engine import Detail
from service.bulk.memory import TOO_MUCH, bounded_memory, release_memory
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.clock import Clock
from service.domain.errors import ErrorCode, HuiceError, InvalidInput, Refused
from service.domain.text import Text, grouped
from service.rendering.json_parts import text_json
from service.storage.batches import BatchRepository, StoredBatch
from service.storage.cut_off_runs import MAX_CUT_OFF, noted_run
from service.usecases.portfolio.batch_source import BatchSource
from service.usecases.portfolio.company_table import CompanyTable
from service.usecases.portfolio.faults import FaultLog, write_faults
from service.usecases.portfolio.portfolio import BatchReport, origin_note, run_batch
from service.usecases.portfolio.table_preview import read_whole
from service.usecases.tenancy.batch_files import source_of
from service.usecases.tenancy.batches import MACHINES, PEOPLE, ROW_WORDS, TABLE_ROWS, VERDICTS

_TOLD_EVERY = 0.5
# A Parquet file of 300 bytes may hold a row a thousand million times.
MAX_ROWS = 5_000_000
_FAULTS = ("faults.json", "faults.xlsx")
_RESULTS = (f"answers.{PEOPLE}", f"answers.{MACHINES}", *_FAULTS, ROW_WORDS, TABLE_ROWS)
_INTERNAL = Text(
    "服务内部错误，请凭批次编号联系运维人员", "internal error: tell the operator the id"
)
_CUT_OFF = Text(
    f"处理这个批次的进程 {MAX_CUT_OFF} 次中途被终止，可能因为内存不足：请分成几份，或联系运维人员",
    f"the process that works on it was ended {MAX_CUT_OFF} times on the way, perhaps for want of"
    " memory: send it in parts, or tell the operator",
)
_TOO_MANY = Text(
    "一个批次最多 {count} 行：请分成几份", "a batch has at most {count} rows: send it in parts"
)


class _Stopped(Exception):
    """Not an error: the batch was cancelled or deleted while it ran."""


@dataclass(frozen=True)
class BatchWorker:
    """Runs batches, whoever's they are."""

    batches: BatchRepository
    compiled: CompiledCatalogue
    clock: Clock

    def run(self, batch_id: str) -> None:
        """Run a batch from its beginning, unless it is gone, has ended or somebody else runs it."""
        with self.batches.files.claim(batch_id) as mine:
            version = self.compiled.catalogue.version
            # More than once where it was cancelled and started again meanwhile.
            while mine and (batch := self.batches.claim(batch_id, version, self.clock.now())):
                with noted_run(self.batches.files.folder_of(batch_id)) as cut_off:
                    if cut_off < MAX_CUT_OFF:
                        self._run(batch)
                    else:
                        self._fail(batch, _problem_text(ErrorCode.TOO_LARGE, [_CUT_OFF]))
                release_memory()

    def _run(self, batch: StoredBatch) -> None:
        try:
            with bounded_memory():
                answered = self._answer(batch)
        except _Stopped:
            return
        except MemoryError:
            self._fail(batch, _problem_text(ErrorCode.TOO_LARGE, [TOO_MUCH]))
            return
        except HuiceError as error:
            self._fail(batch, _problem(error))
            return
        except Exception:
            self._fail(batch, _problem_text(ErrorCode.INTERNAL, [_INTERNAL]))
            raise
        now = self.clock.now()
        self.batches.finish(batch.id, answered.rows, answered.errors, answered.understood, now)

    def _fail(self, batch: StoredBatch, problem: str) -> None:
        self.batches.fail(batch.id, problem, self.clock.now())

    def _answer(self, batch: StoredBatch) -> "_Answered":
        source = source_of(self.compiled, self.batches, batch)
        folder = self.batches.files.folder_of(batch.id)
        table = self.batches.files.path(batch.id, f"source{batch.suffix}")
        log = FaultLog(self.compiled.catalogue.vocabulary)
        told_at = time.monotonic()

        def tell(report: BatchReport) -> None:
            nonlocal told_at
            if report.rows > MAX_ROWS:
                said = _TOO_MANY.format(count=grouped(MAX_ROWS))
                raise Refused(said, ErrorCode.TOO_LARGE)
            if time.monotonic() - told_at >= _TOLD_EVERY:
                told_at = time.monotonic()
                now = self.clock.now()
                if not self.batches.progress(batch.id, report.rows, report.errors, now):
                    raise _Stopped

        report = run_batch(
            self.compiled,
            source,
            [folder / f"answers.{PEOPLE}", folder / f"answers.{MACHINES}"],
            batch.as_of,
            Detail.MISSING,
            tell,
            log=log,
            language=batch.language,
            identified=True,
            origin=origin_note(table, batch.name, batch.id),
            verdicts=folder / VERDICTS if batch.verdicts else None,
            row_words=folder / ROW_WORDS,
            table_rows=folder / TABLE_ROWS,
        )
        listed = [fault.as_json() for fault in log.faults]
        faults = {"rows": log.count, "complete": log.complete, "items": listed}
        (folder / "faults.json").write_bytes(orjson.dumps(faults))
        write_faults(log, folder / "faults.xlsx", batch.language)
        results = (*_RESULTS, *([VERDICTS] if batch.verdicts else []))
        self.batches.files.publish(batch.id, results, self.clock.now())
        return _Answered(report.rows, report.errors, self._understood(batch, source))

    def _understood(self, batch: StoredBatch, source: BatchSource) -> str:
        """What was understood of a table, now that all of it was read."""
        found = orjson.loads(batch.understood)
        if found is not None and isinstance(source, CompanyTable):
            found |= read_whole(self.compiled.catalogue, source)
        return orjson.dumps(found).decode()


@dataclass(frozen=True)
class _Answered:
    """How a run ended: companies, those with an error, what was understood of the table."""

    rows: int
    errors: int
    understood: str


def _problem(error: HuiceError) -> str:
    if isinstance(error, InvalidInput):
        return _problem_text(error.code, [p.message for p in error.problems])
    if isinstance(error, Refused):
        return _problem_text(error.code, [error.reason])
    return _problem_text(error.code, [_INTERNAL])


def _problem_text(code: ErrorCode, messages: list[Text]) -> str:
    problem: dict[str, Any] = {"code": code.value, "messages": [text_json(m) for m in messages]}
    return orjson.dumps(problem).decode()
