"""The companies of a batch that is done, one by one: how each stands, what its row states, and
those among them that are kept as clients."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from service.domain.errors import InvalidInput, NotFound
from service.domain.evaluation.evaluator import Status
from service.domain.facts.vocabulary import Vocabulary
from service.domain.principal import Principal, Scope
from service.domain.text import Text
from service.intake.tenancy import stated_code
from service.rendering.json_parts import Json
from service.storage.companies import CompanySearch
from service.usecases.portfolio.own_columns import joining_columns
from service.usecases.portfolio.row_words import RowWords, read_row_words
from service.usecases.tenancy.batches import MACHINES, BatchService, file_stem
from service.usecases.tenancy.companies import CompanyService

PAGE = 50
# So many companies are kept at a time: each is checked and written for itself.
MAX_KEPT = 200
_NOT_IN_TAG = re.compile(r"[^\w.-]+")
_MAX_TAG = 40
_NO_ROW = Text("可判断的行", "row with answers")


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A company of a batch; `own` is what its sender's own columns say by which lists are joined,
    `counts` how many programmes have each status, `error` why it has no answers, `warnings` what
    should be looked at again."""

    row: int
    name: str | None
    uscc: str | None
    own: Mapping[str, str | None]
    counts: Mapping[Status, int]
    error: str | None
    warnings: str | None


class RowPage(NamedTuple):
    """Some companies, the row to go on behind where there are more, how many there are, and of how
    many at least one programme has each status."""

    rows: list[BatchRow]
    following: int | None
    total: int
    companies: Mapping[Status, int]


class KeptRows(NamedTuple):
    """How many companies became clients, were clients before and cannot be one for want of a valid
    code or profile, and whether more wait."""

    added: int
    already_kept: int
    refused: int
    more: bool


@dataclass(frozen=True)
class BatchRowService:
    """For the tenant that asks; all raise NotFound, Refused where the batch is not done."""

    batches: BatchService
    companies: CompanyService

    @property
    def _vocabulary(self) -> Vocabulary:
        return self.batches.compiled.catalogue.vocabulary

    def page(
        self,
        principal: Principal,
        batch_id: str,
        after: int = 0,
        limit: int = PAGE,
        *,
        language: str,
    ) -> RowPage:
        """The companies behind a row, so many as a page takes, with the numbers of all. What is
        told of them is in the reader's `language`, whatever the batch's is."""
        told_in = self.batches.row_words(principal, batch_id)
        words = read_row_words(told_in, language) if told_in else {}
        shown: list[BatchRow] = []
        total, companies, more = 0, Counter[Status](), False
        code = self._vocabulary.identifier
        for line in self._lines(principal, batch_id):
            total += 1
            counts = {s: line.get(f"count.{s.value}") or 0 for s in Status}
            companies.update(s for s, count in counts.items() if count)
            if line["row"] <= after:
                continue
            if len(shown) == limit:
                more = True
                continue
            own = {name: line[name] for name in joining_columns(line)}
            who = line["row"], line.get("company.name"), line.get(code.id if code else ""), own
            row_words = words.get(line["row"]) or RowWords(line.get("error"), line.get("warnings"))
            shown.append(BatchRow(*who, counts, row_words.error, row_words.warnings))
        return RowPage(shown, shown[-1].row if more else None, total, companies)

    def profile(self, principal: Principal, batch_id: str, row: int) -> Json:
        """What a row states. Raises NotFound also for a row without answers."""
        lines = self._lines(principal, batch_id)
        if any(line["row"] == row and line.get("error") is None for line in lines):
            for _, profile in self._profiles(principal, batch_id, {row}):
                return profile
        raise NotFound(_NO_ROW, str(row))

    def match(
        self, principal: Principal, batch_id: str, row: int, asked: object, trace: str
    ) -> bytes:
        """The answer to a match of what a row states, of the batch's day unless another is asked
        for: why each programme comes out as it does. `asked` may hold what a match request has
        beside its profile. Raises InvalidInput."""
        profile = self.profile(principal, batch_id, row)
        as_of = self.batches.get(principal, batch_id)["as_of"]
        return self.companies.match_profile(principal, profile, asked, trace, as_of=as_of)

    def page_json(
        self, principal: Principal, batch_id: str, after: int, limit: int, language: str
    ) -> Json:
        """`page` as plain data."""
        found = self.page(principal, batch_id, after, limit, language=language)
        return {
            "items": [_row_json(row) for row in found.rows],
            "next_cursor": None if found.following is None else str(found.following),
            "total": found.total,
            "companies": {s.value: found.companies[s] for s in Status},
        }

    def keep(self, principal: Principal, batch_id: str, row: int, trace: str) -> str:
        """Keep a company as a client, under its code; the code. One that is a client stays as it
        is. Raises InvalidInput."""
        profile = self.profile(principal, batch_id, row)
        uscc = stated_code(profile["company"], self._vocabulary)
        if uscc not in self._client_codes(principal):
            self._put(principal, uscc, profile, self._tag(principal, batch_id), trace)
        return uscc

    def keep_all(self, principal: Principal, batch_id: str, trace: str) -> KeptRows:
        """Keep those that are no clients yet, the first so many of them. Raises Refused where no
        more can be kept."""
        known, tag = self._client_codes(principal), self._tag(principal, batch_id)
        kept = were = refused = 0
        for _, profile in self._profiles(principal, batch_id):
            uscc = stated_code(profile["company"], self._vocabulary)
            if uscc in known:
                were += 1
                continue
            if kept == MAX_KEPT:
                return KeptRows(kept, were, refused, more=True)
            try:
                self._put(principal, uscc, profile, tag, trace)
            except InvalidInput:
                refused += 1
                continue
            known.add(uscc)
            kept += 1
        return KeptRows(kept, were, refused, more=False)

    def _tag(self, principal: Principal, batch_id: str) -> str:
        """The tag of clients that come of a batch: its name."""
        stem = file_stem(self.batches.get(principal, batch_id))
        return _NOT_IN_TAG.sub("-", stem)[:_MAX_TAG]

    def _put(self, principal: Principal, uscc: str, profile: Json, tag: str, trace: str) -> None:
        """A new client."""
        self.companies.put(principal, uscc, {"profile": profile, "tags": [tag]}, 0, trace)

    def _client_codes(self, principal: Principal) -> set[str]:
        tenant = principal.of_tenant(Scope.COMPANIES_READ)
        return set(self.companies.companies.codes(tenant, CompanySearch()))

    def _lines(self, principal: Principal, batch_id: str) -> Iterator[Json]:
        """The answers of all companies, without those of single programmes."""
        # Loaded when a batch is looked into: until then no library of columns is needed.
        from service.bulk.inputs import read_batches  # noqa: PLC0415

        schema, batches = read_batches(self.batches.result(principal, batch_id, MACHINES))
        own = joining_columns(schema.names)
        wanted = ("row", *self._vocabulary.identity, "error", "warnings", *own)
        names = [n for n in schema.names if n in wanted or n.startswith("count.")]
        for batch in batches:
            yield from batch.select(names).to_pylist()

    def _profiles(
        self, principal: Principal, batch_id: str, wanted: Container[int] | None = None
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        from service.usecases.tenancy.candidate_sources import companies_of_batch  # noqa: PLC0415

        self.batches.result(principal, batch_id, MACHINES)
        batch = self.batches.batches.get(principal.of_tenant(Scope.BATCHES_READ), batch_id)
        table = companies_of_batch(self.batches.compiled, self.batches.batches, batch)
        yield from table.profiles(wanted)


def _row_json(row: BatchRow) -> Json:
    return {
        "row": row.row,
        "name": row.name,
        "uscc": row.uscc,
        "own": dict(row.own),
        "counts": None if row.error else {s.value: n for s, n in row.counts.items()},
        "error": row.error,
        "warnings": row.warnings,
    }
