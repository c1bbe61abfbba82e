"""`huice candidates`: the companies that a programme fits."""

import tempfile
from pathlib import Path
from typing import Any

import click

from service.cli.context import Context, command, heads
from service.cli.inputs import FILE, as_json, as_of, choices_asked, of_table
from service.domain.errors import Refused
from service.domain.principal import operator_of
from service.domain.text import SEMICOLON, Text, join
from service.domain.wording.labels import CANDIDATE_CLASS, PROVENANCE
from service.rendering.json_parts import Json
from service.usecases.portfolio.batch_source import open_source
from service.usecases.portfolio.choice_reader import choices_for
from service.usecases.reference.lookup import find_programme
from service.usecases.tenancy.batch_files import preview_file
from service.usecases.tenancy.candidate_files import write_candidates
from service.usecases.tenancy.candidate_sources import CellNames, companies_of_source
from service.usecases.tenancy.candidates import (
    EXPORTS,
    CandidateClass,
    CandidateOrder,
    CandidateQuery,
)

_NEW = click.Path(dir_okay=False, path_type=Path)
_ONE = Text("请用 --batch 指定企业表，或用 --companies 指定租户",
            "name a file with --batch, or a tenant with --companies")  # fmt: skip
_ENDINGS = Text("文件名应以 {all} 结尾", "the file's name must end in {all}")
_HEADS = heads(
    "企业 | 类别 | 金额上限 | 还缺的信息 | 核验",
    "Company | Class | Ceiling | What is missing | How verified",
)
_COUNTS = Text(
    "{name}，评估日 {day}。{counts}；不符合 {no} 家，无法读取 {bad} 家。能否获批由{by}按规定确定。",
    "{name}, as of {day}. {counts}; does not fit {no}; cannot be read {bad}. {by} decides.",
)


@click.command()
@click.argument("programme")
@click.option("--batch", "table", type=FILE, help="Companies of a file, as `huice batch` reads it.")
@click.option("--companies", "tenant", help="Companies that this tenant keeps.")
@click.option("-o", "--output", "target", type=_NEW, help="The whole list: .xlsx, .csv or .jsonl.")
@click.option("--class", "wanted", type=click.Choice([c.value for c in CandidateClass]),
              help="Only these.")  # fmt: skip
@click.option("--tag", help="Only kept companies with this tag.")
@click.option("--missing", "missing_fact", help="Only those that lack this one fact.")
@click.option("--verified", is_flag=True, help="Only those that rest on verified facts alone.")
@click.option("--sort", type=click.Choice([o.value for o in CandidateOrder]),
              default=CandidateOrder.CLASS.value, show_default=True, help="The order.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True,
              help="How many to print; a file has all.")  # fmt: skip
@of_table
@as_of
@as_json
@command
def candidates(context: Context, programme: str, **asked: Any) -> None:
    """Which companies PROGRAMME fits: automatic (all stated conditions are met by what is known),
    one fact short and which, or open; each with what the answer rests on."""
    if (asked["table"] is None) == (asked["tenant"] is None):
        raise click.UsageError(context.translate(_ONE))
    target: Path | None = asked["target"]
    form = "" if target is None else target.suffix.lower().removeprefix(".")
    if target is not None and form not in EXPORTS:
        raise Refused(_ENDINGS.format(all=", ".join(f".{e}" for e in EXPORTS)))
    found = _find_candidates(context, programme, asked, _candidate_query(asked))
    if target is not None:
        catalogue = context.huice.compiled.catalogue
        held = catalogue.programmes[found["programme"]]
        write_candidates(catalogue, held, found, form, context.language, target)
    if asked["as_json"]:
        context.out(found)
    else:
        _show_candidates(context, found, whole=target is None)


def _candidate_query(asked: dict[str, Any]) -> CandidateQuery:
    wanted = asked["wanted"]
    return CandidateQuery(
        as_of=asked["as_of"].date() if asked["as_of"] else None,
        wanted=CandidateClass(wanted) if wanted else None,
        tag=asked["tag"],
        missing_fact=asked["missing_fact"],
        verified=asked["verified"],
        sort=CandidateOrder(asked["sort"]),
        limit=asked["limit"] if asked["target"] is None else None,
    )


def _find_candidates(
    context: Context, name: str, asked: dict[str, Any], query: CandidateQuery
) -> Json:
    service = context.huice.candidates
    if asked["tenant"] is not None:
        return service.find(operator_of(asked["tenant"]), name, query, "cli")
    programme = find_programme(service.compiled.catalogue, name)
    with tempfile.TemporaryDirectory(prefix="huice-list-") as folder:
        choices = choices_for(service.compiled.reader, choices_asked(asked))
        as_of = query.as_of or context.huice.clock.today()
        understood = preview_file(service.compiled, asked["table"], as_of, choices)
        opened = open_source(service.compiled.catalogue, asked["table"], choices)
        cells = CellNames(asked["table"].name, understood)
        source = companies_of_source(service.compiled, opened, cells, Path(folder))
        return service.list(source, programme, query)


def _show_candidates(context: Context, answer: Json, *, whole: bool) -> None:
    """The counts; and the list, unless it went into a file."""
    catalogue = context.huice.compiled.catalogue
    programme, counts = catalogue.programmes[answer["programme"]], answer["summary"]
    each = (
        Text("{label} {n} 家", "{label}: {n}").format(label=label, n=str(counts[kind]))
        for kind, label in CANDIDATE_CLASS.items()
    )
    said = _COUNTS.format(
        name=programme.name,
        day=answer["as_of"],
        counts=join(each, Text("，", ", ")),
        no=str(counts["not_fitting"]),
        bad=str(counts["unreadable"]),
        by=programme.decided_by,
    )
    click.echo(context.translate(said))
    if whole and answer["items"]:
        context.table(_HEADS, (_candidate_row(context, item) for item in answer["items"]))


def _candidate_row(context: Context, item: Json) -> tuple[str, ...]:
    vocabulary = context.huice.compiled.catalogue.vocabulary
    missing = join((vocabulary.facts[f].label for f in item["missing_facts"][:3]), SEMICOLON)
    provenance = PROVENANCE.get(item["provenance"])
    ceiling = item["ceiling"] or {}
    most = ceiling.get("amount") or ceiling.get("high")
    return (
        item["name"] or item["uscc"] or str(item["row"]),
        context.translate(CANDIDATE_CLASS[item["class"]]),
        most or "–",
        context.translate(missing) if item["missing_facts"] else "–",
        context.translate(provenance) if provenance else "–",
    )
