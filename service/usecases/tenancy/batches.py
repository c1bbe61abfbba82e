"""Batches of a tenant: taken in and understood, run in the background, read, ended.

A batch runs from its beginning to its end or not at all: its results are put in place whole, so
that a worker that was killed and starts again neither loses nor repeats a row.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import orjson

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.clock import Clock
from service.domain.errors import ErrorCode, InvalidInput, NotFound, Problem, Refused
from service.domain.principal import Principal, Scope
from service.domain.text import Text, without_direction
from service.intake.batch_choices import NO_REQUEST, ChoicesRequest, read_choices_request
from service.rendering.json_parts import Json, whole_list
from service.storage.audit import Deed
from service.storage.batches import CHANGEABLE, BatchRepository, BatchState, StoredBatch

if TYPE_CHECKING:
    from service.usecases.portfolio.table_choices import TableChoices

PEOPLE, MACHINES = "xlsx", "parquet"
FORMATS = (PEOPLE, "csv", "jsonl", MACHINES)
VERDICTS = f"verdicts.{MACHINES}"
ROW_WORDS = "row_words.jsonl"
# The companies as they were read (write_table_rows).
TABLE_ROWS = f"rows.{MACHINES}"
# What a name of a file is shown and kept without; a server of databases keeps no NUL at all.
_NO_LETTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNDER_WAY = Text("批次正在处理，现为 {state}", "the batch is under way: it is {state}")
_NO_VERDICTS = Text(
    "这个批次没有要求写出全部逐项判断", "the batch was not asked for every verdict: POST …/verdicts"
)
_NOT_DONE = Text("批次还没有结果，现为 {state}", "the batch has no result yet: it is {state}")


@dataclass(frozen=True)
class BatchRequest:
    """What was sent with a table, and what was chosen of it."""

    name: str
    suffix: str
    as_of: date | None
    language: str
    hold: bool
    choices: ChoicesRequest = NO_REQUEST
    verdicts: bool = False


@dataclass(frozen=True)
class BatchService:
    """Batches as a client asks for them."""

    batches: BatchRepository
    compiled: CompiledCatalogue
    clock: Clock
    enqueue: Callable[[str], None]
    retention: timedelta
    quota: int

    def create(self, principal: Principal, table: Path, asked: BatchRequest, trace: str) -> Json:
        """Take a table in and say what was understood. `table` is moved away.

        Raises InvalidInput where it is not understood, Refused.
        """
        tenant = principal.of_tenant(Scope.BATCHES)
        as_of = asked.as_of or self.clock.today()
        understood, choices = self._understood(table, as_of, asked.choices)
        batch_id, now = token_hex(12), self.clock.now()
        folder = self.batches.files.folder_of(batch_id)
        folder.mkdir(parents=True)
        shutil.move(table, folder / f"source{asked.suffix}")
        batch = StoredBatch(
            id=batch_id,
            tenant=tenant,
            name=_NO_LETTERS.sub("", without_direction(asked.name)),
            state=BatchState.HELD if asked.hold else BatchState.QUEUED,
            created_at=now,
            updated_at=now,
            expires_at=now + self.retention,
            as_of=as_of,
            language=asked.language,
            suffix=asked.suffix,
            rows=0,
            errors=0,
            catalogue_version=None,
            problem=None,
            understood=orjson.dumps(understood).decode(),
            verdicts=asked.verdicts,
            sent_by=principal.actor,
        )
        try:
            names = [f"source{asked.suffix}", *self._kept_choices(folder, choices)]
            self.batches.files.publish(batch_id, names, now)
            self.batches.create(batch, Deed(principal, now, trace), self.quota)
        except BaseException:
            self.batches.files.remove(batch_id)
            raise
        if not asked.hold:
            self.enqueue(batch_id)
        return batch_json(batch)

    def _understood(
        self, table: Path, as_of: date, asked: ChoicesRequest
    ) -> tuple[Json | None, "TableChoices"]:
        # Loaded when the first table comes in: until then no library of columns is needed.
        from service.usecases.portfolio.choice_reader import choices_for  # noqa: PLC0415
        from service.usecases.tenancy.batch_files import preview_file  # noqa: PLC0415

        choices = choices_for(self.compiled.reader, asked)
        try:
            return preview_file(self.compiled, table, as_of, choices), choices
        except Refused as error:
            problem = Problem("/file", error.code, error.reason)
            raise InvalidInput((problem,), ErrorCode.INVALID_VALUE) from None
        except InvalidInput as error:
            found = (replace(p, pointer=p.pointer or "/file") for p in error.problems)
            raise InvalidInput(tuple(found), error.code) from None

    def _kept_choices(self, folder: Path, choices: "TableChoices") -> list[str]:
        """The file with what was chosen, where anything was."""
        if not choices:
            return []
        from service.usecases.tenancy.batch_files import write_choices  # noqa: PLC0415

        return [write_choices(folder, choices)]

    def choose(
        self, principal: Principal, batch_id: str, asked: ChoicesRequest, trace: str
    ) -> Json:
        """Choose how a batch's table is to be read, instead of what was chosen before; what is then
        understood. One that has ended waits anew, without its answers. Raises NotFound, Refused
        while it runs, InvalidInput."""
        tenant = principal.of_tenant(Scope.BATCHES)
        batch = self.batches.get(tenant, batch_id)
        if batch.state not in CHANGEABLE:
            raise Refused(_UNDER_WAY.format(state=batch.state.value))
        table = self.batches.files.path(batch.id, f"source{batch.suffix}")
        understood, choices = self._understood(table, batch.as_of, asked)
        folder, now = self.batches.files.folder_of(batch_id), self.clock.now()
        from service.usecases.tenancy.batch_files import write_choices  # noqa: PLC0415

        self.batches.files.publish(batch_id, [write_choices(folder, choices)], now)
        deed = Deed(principal, now, trace)
        self.batches.choose(tenant, batch_id, orjson.dumps(understood).decode(), deed)
        return batch_json(self.batches.get(tenant, batch_id))

    def choose_as_sent(
        self, principal: Principal, batch_id: str, asked: object, trace: str
    ) -> Json:
        """`choose` of what a body says. Raises as it does."""
        return self.choose(principal, batch_id, read_choices_request(asked), trace)

    def start(self, principal: Principal, batch_id: str, trace: str) -> Json:
        """Let a held or cancelled batch run. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.BATCHES)
        self.batches.start(tenant, batch_id, Deed(principal, self.clock.now(), trace))
        self.enqueue(batch_id)
        return batch_json(self.batches.get(tenant, batch_id))

    def ask_verdicts(self, principal: Principal, batch_id: str, trace: str) -> Json:
        """Let it run, again where it is done, so that every verdict of every company is written;
        nothing where they are. Raises NotFound, Refused while it is under way."""
        tenant = principal.of_tenant(Scope.BATCHES)
        batch = self.batches.get(tenant, batch_id)
        if not (batch.verdicts and batch.state is BatchState.DONE):
            deed = Deed(principal, self.clock.now(), trace)
            self.batches.ask_verdicts(tenant, batch_id, deed)
            self.enqueue(batch_id)
        return batch_json(self.batches.get(tenant, batch_id))

    def get(self, principal: Principal, batch_id: str) -> Json:
        """How far it is. Raises NotFound, Refused."""
        return batch_json(self.batches.get(principal.of_tenant(Scope.BATCHES_READ), batch_id))

    def list(self, principal: Principal) -> Json:
        """The tenant's batches, the newest first, without what was understood. Raises Refused."""
        found = self.batches.of_tenant(principal.of_tenant(Scope.BATCHES_READ))
        return whole_list(batch_card(b) for b in found)

    def cancel(self, principal: Principal, batch_id: str, trace: str) -> Json:
        """Stop it; what has ended stays as it is. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.BATCHES)
        deed = Deed(principal, self.clock.now(), trace)
        return batch_json(self.batches.cancel(tenant, batch_id, deed))

    def delete(self, principal: Principal, batch_id: str, trace: str) -> None:
        """Delete it with table and results. Raises NotFound, Refused."""
        tenant = principal.of_tenant(Scope.BATCHES)
        self.batches.delete(tenant, batch_id, Deed(principal, self.clock.now(), trace))

    def list_faults(self, principal: Principal, batch_id: str) -> Json:
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
        made = self.batches.get(principal.of_tenant(Scope.BATCHES_READ), batch_id).edition
        target = source.with_name(f"answers-{made}.{form}")
        if not target.exists():
            from service.usecases.tenancy.batch_files import convert_file  # noqa: PLC0415

            convert_file(source, target)
        return target

    def row_words(self, principal: Principal, batch_id: str) -> Path | None:
        """What is told of the rows of a batch in every language; None where an earlier version ran
        it. Raises NotFound, Refused where it is not done."""
        try:
            return self._file(principal, batch_id, ROW_WORDS)
        except NotFound:
            self.get(principal, batch_id)
            return None

    def verdicts(
        self,
        principal: Principal,
        batch_id: str,
        target: Path,
        programme: str | None = None,
        status: str | None = None,
    ) -> None:
        """Every verdict of every company as a file, in the format that its name ends in; of one
        programme or with one status where that is named. Raises NotFound, Refused where they were
        not asked for, or are too many for a workbook."""
        batch = self.batches.get(principal.of_tenant(Scope.BATCHES_READ), batch_id)
        if batch.state is BatchState.DONE and not batch.verdicts:
            raise Refused(_NO_VERDICTS)
        source = self._file(principal, batch_id, VERDICTS)
        from service.usecases.portfolio.verdict_file import select_verdicts  # noqa: PLC0415

        vocabulary = self.compiled.catalogue.vocabulary
        select_verdicts(source, target, programme, status, batch.language, vocabulary)

    def _file(self, principal: Principal, batch_id: str, name: str) -> Path:
        batch = self.batches.get(principal.of_tenant(Scope.BATCHES_READ), batch_id)
        path = self.batches.files.path(batch.id, name)
        if batch.state is not BatchState.DONE:
            raise Refused(_NOT_DONE.format(state=batch.state.value))
        if not path.exists():
            raise NotFound(Text("文件", "file"), name)
        return path


def file_stem(batch: Json) -> str:
    """What files of a batch are called after: its table, and where its name says nothing its id."""
    stem = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", Path(str(batch["name"])).stem).strip(" ._")
    return stem[:100] or str(batch["id"])


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
        "verdicts": batch.verdicts,
        "sent_by": batch.sent_by,
    }


def batch_json(batch: StoredBatch) -> Json:
    """A batch whole: what was understood of its table, why it failed."""
    return {
        **batch_card(batch),
        "problem": orjson.loads(batch.problem) if batch.problem else None,
        "understood": orjson.loads(batch.understood),
    }
