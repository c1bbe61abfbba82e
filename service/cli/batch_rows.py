"""`huice batch row` and `huice batch compare`: one company of a table with why, and what came out
otherwise than in an earlier run."""

import tempfile
from pathlib import Path
from typing import Any

import click

from service.cli.context import Context, command, heads
from service.cli.inputs import FILE, as_json, as_of, choices_asked, of_table, request_of
from service.cli.printing import Printer
from service.domain.errors import NotFound
from service.domain.evaluation.evaluator import Status
from service.domain.text import SEMICOLON, Text, join
from service.domain.wording.labels import STATUS
from service.rendering.json_parts import Json
from service.rendering.texts import read_texts
from service.usecases.portfolio.batch_source import open_source
from service.usecases.portfolio.choice_reader import choices_for
from service.usecases.tenancy.batch_comparison import (
    BatchComparison,
    ChangedCompany,
    ProgrammeChange,
    compare_answers,
    comparison_json,
)
from service.usecases.tenancy.candidate_sources import CellNames, companies_of_source

_WORDS = read_texts(__file__)

_HEADS = heads("企业 | 行 | 结论的变化", "Company | Row | What came out otherwise")


@click.command("row")
@click.argument("table", type=FILE)
@click.argument("row", type=click.IntRange(min=1))
@click.option("--programme", help="This programme alone, with every condition.")
@of_table
@as_of
@as_json
@command
def row_of_table(context: Context, table: Path, row: int, **asked: Any) -> None:
    """Match the company in ROW of TABLE, read as `huice batch` reads it; with --programme, why that
    one comes out as it does."""
    profile = _profile_of_row(context, table, row, asked)
    sent = request_of({"profile": profile}, asked["as_of"])
    request, matching = context.huice.compiled.requests.read(sent), context.huice.matching
    printer = Printer(context.console, context.language, context.huice.compiled.catalogue)
    if asked["programme"] is not None:
        answer = matching.check_request(asked["programme"], request)
        if asked["as_json"]:
            context.out(answer)
            return
        for found in (answer, *answer["other_subjects"]):
            facts = request.profile.facts_of(found["subject"])
            printer.match(found, facts, answer["as_of"])
        return
    answer = matching.match_json(sent, whole=False)
    if asked["as_json"]:
        context.out(answer)
    else:
        printer.matches(answer, request.profile)


def _profile_of_row(context: Context, table: Path, row: int, asked: dict[str, Any]) -> Json:
    """What a row states. Raises NotFound also for a row without answers."""
    compiled = context.huice.compiled
    choices = choices_for(compiled.reader, choices_asked(asked))
    opened = open_source(compiled.catalogue, table, choices)
    with tempfile.TemporaryDirectory(prefix="huice-row-") as folder:
        cells = CellNames(table.name, None)
        companies = companies_of_source(compiled, opened, cells, Path(folder))
        for _, profile in companies.profiles({row}):
            return profile
    raise NotFound(_WORDS["row"], str(row))


@click.command("compare")
@click.argument("earlier", type=FILE)
@click.argument("later", type=FILE)
@click.option("--limit", type=click.IntRange(min=1), default=200, show_default=True,
              help="How many companies to list.")  # fmt: skip
@as_json
@command
def compare_runs(
    context: Context, earlier: Path, later: Path, limit: int, *, as_json: bool
) -> None:
    """What came out otherwise in LATER than in EARLIER, two files of answers of `huice batch`
    (.parquet or .jsonl): of companies with the same credit code, or the same name."""
    found = compare_answers(earlier, later, limit=limit)
    if as_json:
        context.out(comparison_json(found))
        return
    counts = comparison_json(found)
    said = _WORDS["counts"].format(**{k: str(v) for k, v in counts.items() if isinstance(v, int)})
    click.echo(context.translate(said))
    if found.listed:
        context.table(_HEADS, _changes(context, found))


def _changes(context: Context, found: BatchComparison) -> list[tuple[str, ...]]:
    return [
        (
            one.name or one.uscc or "–",
            str(one.after),
            context.translate(_changes_of(context, one)),
        )
        for one in found.listed
    ]


def _changes_of(context: Context, company: ChangedCompany) -> Text:
    """What came out otherwise, programme by programme; of a row with an error nothing came out."""
    if company.is_faulty:
        return _WORDS["now_faulty"]
    if company.was_faulty:
        return _WORDS["was_faulty"].format(row=str(company.before))
    return join((_change(context, c) for c in company.changes), SEMICOLON)


def _change(context: Context, change: ProgrammeChange) -> Text:
    known = context.huice.compiled.catalogue.programmes.get(change.programme)
    name = known.name if known else Text(change.programme, change.programme)
    before, after = (_status(s) for s in (change.before, change.after))
    return Text("{name}：{a} → {b}", "{name}: {a} → {b}").format(name=name, a=before, b=after)


def _status(status: Status | None) -> Text:
    return _WORDS["error"] if status is None else STATUS[status]
