"""`huice policies coverage`, `verify`, `huice sources`: rules held against the official texts."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from service.catalogue.official_text import decode
from service.cli.context import FAULT, Context, command
from service.cli.inputs import FILE, for_a_machine
from service.cli.policies import catalogue_of
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Measure, NumberKind
from service.domain.text import Text
from service.domain.wording.labels import NUMBER_KIND
from service.usecases.authoring.coverage import coverage, coverage_json
from service.usecases.authoring.coverage_report import coverage_page
from service.usecases.authoring.import_official_text import import_source
from service.usecases.authoring.verification import (
    Drift,
    Verification,
    verification_json,
    verify_measures,
)
from service.usecases.reference.lookup import find_measure

_DRIFTS = {
    Drift.CHANGED: Text("有改动", "changed"),
    Drift.MISSING: Text("缺失", "missing"),
    Drift.NEW: Text("新增", "new"),
}
_UNMATCHED = Text("不能匹配的部分：{why}", "not matched: {why}")
_TOTALS = Text(
    "{articles} 条（部分），{programmes} 个支持事项，{numbers} 个数字，{gaps} 处没有归类",
    "{articles} articles and parts, {programmes} programmes, {numbers} numbers, {gaps} gaps",
)
_AGREES = Text(
    "{measure}：{same} 条（部分）与政策库一致", "{measure}: {same} articles and parts agree"
)
_REVIEW = Text("需复核：{programmes}", "to review: {programmes}")
_NOTHING = Text("没有支持事项需要复核", "no programme to review")
_IMPORTED = Text("{measure}：存入 {n} 条（部分）", "{measure}: {n} articles and parts stored")
_KEPT = Text(
    "{measure}：{n} 条（部分）已有，未改动", "{measure}: {n} articles and parts already there"
)
_DIFFERS = Text(
    "{measure} 第 {articles} 条（部分）与政策库所依据的原文不同，请运行 policies verify",
    "{measure}: not the wording the catalogue was written from: {articles}; run policies verify",
)


_MEASURE = click.argument("measure", required=False)


def _named(catalogue: Catalogue, measure: str | None) -> Measure | None:
    """The measure of an id that was given. Raises NotFound."""
    return None if measure is None else find_measure(catalogue, measure)


@click.command("coverage")
@_MEASURE
@click.option("--text", "file", type=FILE, help="Hold the official text in FILE against it too.")
@click.option("--markdown", is_flag=True, help="Print the page docs/coverage.md.")
@for_a_machine
@command
def coverage_command(
    context: Context, measure: str | None, file: Path | None, markdown: bool, as_json: bool
) -> None:
    """List every article with its programmes, and every number with its place; of the MEASURE with
    an id, or of all official ones.

    Exit code 1 where an article or a number has none.
    """
    catalogue = catalogue_of(context)
    text = decode(file.read_bytes()) if file else None
    covered = coverage(catalogue, text, _named(catalogue, measure))
    answer = coverage_json(catalogue, covered)
    if as_json:
        context.out(answer)
    elif markdown:
        click.echo(coverage_page(answer), nl=False)
    else:
        for line in _coverage_lines(context, answer):
            click.echo(line)
    for gap in covered.gaps:
        click.echo(f"{gap.measure} § {gap.article}: {context.translate(gap.message)}", err=True)
    if covered.gaps:
        sys.exit(FAULT)


def _coverage_lines(context: Context, answer: dict[str, Any]) -> Iterator[str]:
    for measure in answer["measures"]:
        yield f"{measure['id']}  {measure['number']}  {measure['title'][context.language]}"
        for article in measure["articles"]:
            yield f"  § {article['article']}  {article['title'][context.language]}"
            yield from (f"      → {programme}" for programme in article["programmes"])
            if article["unmatched"]:
                why = article["unmatched"][context.language]
                yield f"      {context.translate(_UNMATCHED.format(why=why))}"
            for number in article["numbers"]:
                place = context.translate(NUMBER_KIND[NumberKind(number["kind"])])
                yield f"      {number['text']}  {place}  {number['programme'] or ''}".rstrip()
    totals = answer["totals"]
    yield context.translate(
        _TOTALS.format(
            articles=str(totals["articles"]),
            programmes=str(totals["programmes"]),
            numbers=str(sum(totals["numbers"].values())),
            gaps=str(len(answer["gaps"])),
        )
    )


@click.command("verify")
@_MEASURE
@click.option("--text", "file", type=FILE, required=True, help="The official text, or several.")
@for_a_machine
@command
def verify_command(context: Context, measure: str | None, file: Path, as_json: bool) -> None:
    """Hold the official text in FILE against the digests of the articles of every measure in it, or
    of the MEASURE with an id.

    Names each changed, missing or new article and the programmes to review; then exit code 1.
    """
    catalogue = catalogue_of(context)
    only = _named(catalogue, measure)
    found = verify_measures(catalogue, decode(file.read_bytes()), only)
    if as_json:
        context.out(verification_json(found))
    else:
        for verification in found:
            for line in _verification_lines(context, verification):
                click.echo(line)
    if any(v.differences for v in found):
        sys.exit(FAULT)


def _verification_lines(context: Context, verification: Verification) -> Iterator[str]:
    measure = verification.measure.id
    yield context.translate(_AGREES.format(measure=measure, same=str(verification.same)))
    for difference in verification.differences:
        programmes = context.translate(Text("、", ", ")).join(difference.programmes)
        review = _REVIEW.format(programmes=programmes) if programmes else _NOTHING
        drift = context.translate(_DRIFTS[difference.drift])
        yield f"{measure} § {difference.article}  {drift}  {context.translate(review)}"


@click.group()
def sources() -> None:
    """The official texts that stand beside our gists."""


@sources.command("import")
@click.argument("file", type=FILE)
@command
def import_command(context: Context, file: Path) -> None:
    """Store the official wording in FILE, article by article, in this installation's database."""
    huice = context.huice
    done = import_source(
        huice.compiled.catalogue, huice.store, file.read_bytes(), huice.clock.now()
    )
    for imported in done:
        words = _IMPORTED if imported.stored else _KEPT
        said = words.format(measure=imported.measure.id, n=str(imported.articles))
        click.echo(context.translate(said))
        if imported.differing:
            articles = context.translate(Text("、", ", ")).join(map(str, imported.differing))
            differs = _DIFFERS.format(measure=imported.measure.id, articles=articles)
            click.echo(context.translate(differs), err=True)
