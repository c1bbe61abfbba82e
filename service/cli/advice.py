"""`huice memo`, `calendar`, `compare`: a memo to file, the days ahead, two evaluations compared."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.text import Text as Styled

from service import __version__
from service.cli.context import Context, command, heads
from service.cli.inputs import DAY, FILE, as_json, as_of, request_of
from service.cli.printing import name_and_id
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.text import Text
from service.domain.wording.change_labels import ANSWER_CAUSE
from service.domain.wording.labels import STATUS
from service.intake.documents import read_document
from service.memo.page import memo_page
from service.memo.pdf import memo_pdf
from service.rendering.amount_words import amount_text
from service.rendering.json_parts import COMPANY, Json
from service.usecases.advice.calendar import MAX_DAYS, USUAL_DAYS
from service.usecases.receipts.memo import MemoSource, memo

_DAY_HEADS = heads("日期 | 事项 | 结果 | 原因", "Day | What | Result | Because of")
_HEADS = heads("支持事项 | 之前 | 之后 | 原因", "Programme | Before | After | Because of")

_SUFFIXES = (".html", ".pdf", ".json")
_SUFFIX = Text("文件名应以 {all} 结尾", "the file's name must end in {all}")
_WRITTEN = Text("已写入 {file}", "written: {file}")
_NOTHING = Text("没有变化", "nothing changes")
_LABELS = {status.value: label for status, label in STATUS.items()}


@click.command("memo")
@click.argument("file", type=FILE)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True,
    help="Where to write: .html, .pdf or .json.",
)  # fmt: skip
@as_of
@click.option("--all", "whole", is_flag=True, help="Undetermined programmes in full, too.")
@command
def memo_command(context: Context, file: Path, output: Path, as_of: Any, whole: bool) -> None:
    """Match the profile in FILE and write the memo of the answer, with a receipt behind it."""
    if output.suffix not in _SUFFIXES:
        words = _SUFFIX.format(all=", ".join(_SUFFIXES))
        raise InvalidInput((Problem("--output", ErrorCode.INVALID_VALUE, words),))
    sheet = _make_memo(context, request_of(read_document(file), as_of), whole)
    output.write_bytes(_memo_bytes(context, sheet, output.suffix))
    click.echo(context.translate(_WRITTEN.format(file=str(output))))


def _make_memo(context: Context, request: dict[str, Any], whole: bool) -> Json:
    huice = context.huice
    answer = huice.matching.match_json(request)
    if answer["receipt_id"] is None:
        return memo(huice.compiled, request, answer, MemoSource(None, __version__), whole=whole)
    return huice.memos.of_receipt(answer["receipt_id"], whole=whole)


def _memo_bytes(context: Context, sheet: Json, suffix: str) -> bytes:
    if suffix == ".json":
        return context.written(sheet).encode()
    page = memo_page(sheet, context.language)
    return memo_pdf(page) if suffix == ".pdf" else page.encode()


@click.command("calendar")
@click.argument("file", type=FILE)
@click.option(
    "--days", type=click.IntRange(1, MAX_DAYS), default=USUAL_DAYS, help="How many days ahead."
)
@click.option("--ics", is_flag=True, help="Print iCalendar, for a calendar program.")
@as_of
@as_json
@command
def calendar_command(
    context: Context, file: Path, days: int, ics: bool, as_of: Any, as_json: bool
) -> None:
    """What opens, closes or changes for the company in FILE in the days ahead."""
    scheduling = context.huice.scheduling
    answer = scheduling.calendar(request_of(read_document(file), as_of), days)
    if ics:
        click.echo(scheduling.icalendar(answer, context.language), nl=False)
    elif as_json:
        context.out(answer)
    else:
        _print_calendar(context, answer)


def _print_calendar(context: Context, answer: Json) -> None:
    click.echo(f"{answer['from']} – {answer['to']}")
    if not answer["events"]:
        click.echo(context.translate(_NOTHING))
        return
    context.table(_DAY_HEADS, (_event_row(event, context.language) for event in answer["events"]))


def _event_row(event: Json, language: str) -> list[str | Styled]:
    """What happens to what: two programmes may have one name, and one may stand for several
    projects."""
    project = None if event["subject"] == COMPANY else event["subject"]
    about = " ".join(filter(None, (event["programme"], project)))
    cause = event["cause"][language] if event["cause"] else ""
    named = name_and_id(event["text"][language], about)
    return [event["day"], named, event["detail"][language], cause]


@click.command("compare")
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@click.option("--before-as-of", type=DAY, help="The day to judge BEFORE by (default: today).")
@click.option("--after-as-of", type=DAY, help="The day to judge AFTER by (default: today).")
@click.option("--before-version", help="Judge BEFORE under this kept catalogue version.")
@click.option("--after-version", help="Judge AFTER under this kept catalogue version.")
@as_json
@command
def compare_command(
    context: Context,
    before: Path,
    after: Path,
    as_json: bool,
    **asked: Any,
) -> None:
    """What differs between the profiles in BEFORE and AFTER, which may be one file at two dates."""
    answer = context.huice.comparing.compare(
        {
            "before": _side_request(before, asked["before_as_of"], asked["before_version"]),
            "after": _side_request(after, asked["after_as_of"], asked["after_version"]),
        }
    )
    if as_json:
        context.out(answer)
    else:
        _print_comparison(context, answer)


def _side_request(file: Path, as_of: Any, version: str | None) -> dict[str, Any]:
    side = request_of(read_document(file), as_of)
    return {**side, "catalogue_version": version} if version else side


def _print_comparison(context: Context, answer: Json) -> None:
    if not answer["changes"]:
        click.echo(context.translate(_NOTHING))
        return
    context.table(_HEADS, (_change_row(context, change) for change in answer["changes"]))


def _change_row(context: Context, change: Json) -> list[str | Styled]:
    return [
        name_and_id(change["name"][context.language], change["programme"]),
        _outcome_words(context, change, "before"),
        _outcome_words(context, change, "after"),
        "\n".join(_reason_lines(context, change["because"])),
    ]


def _outcome_words(context: Context, change: Json, side: str) -> str:
    """A status and its amount, in the programme's currency."""
    outcome = change[side]
    if outcome is None:
        return "–"
    label = context.translate(_LABELS[outcome["status"]])
    if not outcome["ceiling"]:
        return label
    catalogue = context.huice.compiled.catalogue
    programme = catalogue.programmes.get(change["programme"])
    currency = programme.benefit.currency if programme and programme.benefit else None
    amount = amount_text(outcome["ceiling"], catalogue.vocabulary, currency)
    return f"{label}\n{context.translate(amount)}"


def _reason_lines(context: Context, because: list[Json]) -> Iterator[str]:
    facts = context.huice.compiled.catalogue.vocabulary.facts
    for reason in because:
        if reason["text"]:
            turn = f"{reason['before'] or '?'} → {reason['after'] or '?'}"
            yield f"{reason['text'][context.language]}\n{turn}"
            continue
        cause = context.translate(ANSWER_CAUSE[reason["cause"]])
        known = (facts[f].label.in_language(context.language) for f in reason["facts"])
        names = ", ".join(known)
        yield f"{cause}: {names}" if names else cause
        for part in reason["rewritten"]:
            yield f"{part['before'][context.language]} → {part['after'][context.language]}"
