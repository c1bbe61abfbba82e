"""`huice points`: what a profile scores, or what keeps a model from scoring."""

from pathlib import Path
from typing import Any

import click
from rich.text import Text as Styled

from service.cli.context import Context
from service.cli.inputs import about_profile, request_of
from service.domain.errors import HuiceError
from service.domain.text import Text
from service.domain.wording.labels import REACHED
from service.intake.documents import read_document
from service.usecases.advice.score import ScoringService

_SCORE = Text("得分", "Score")
_MARK = Text("合格线", "pass mark")
_NONE = Text("不能计分", "cannot be scored")
_UNVERIFIED = Text("未经核实", "not verified")
_UNPUBLISHED = Text("没有公布", "Not published")
_MISSING = Text("还需了解", "Missing")


class PointsCommand(click.Command):
    """A command whose help ends with the models there are."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        context = ctx.find_object(Context) or Context()
        try:
            models = context.huice.compiled.catalogue.points.values()
        except HuiceError as error:
            context.tell(error)  # help is for those as well whose files are not right yet
        else:
            with formatter.section("Models"):
                formatter.write_dl([(m.id, context.translate(m.name)) for m in models])


@click.command(cls=PointsCommand)
@click.argument("model")
@about_profile
def points(context: Context, model: str, file: Path, as_of: Any, as_json: bool) -> None:
    """Score the profile in FILE with points MODEL, or say what is not published."""
    huice = context.huice
    scoring = ScoringService(huice.compiled, huice.matching.clock)
    answer = scoring.score(model, request_of(read_document(file), as_of))
    if as_json:
        context.out(answer)
    else:
        _print_score(context, answer)


def _print_score(context: Context, answer: dict[str, Any]) -> None:
    language, say, line = context.language, context.translate, context.console.print
    line(Styled.assemble((answer["name"][language], "bold"), f"  {answer['standard']}"))
    mark = "" if answer["threshold"] is None else f"  {say(_MARK)} {answer['threshold']}"
    reached = f"{mark}: {say(REACHED[answer['passes']])}" if mark else ""
    line(f"{say(_SCORE)}: {_interval_text(answer) or say(_NONE)}{reached}")
    for indicator in answer["indicators"]:
        doubt = "" if indicator["verified"] else f" ({say(_UNVERIFIED)})"
        points = f"  {indicator['label'][language]}: {_interval_text(indicator) or '–'}"
        line(Styled.assemble(points, (doubt, "dim")))
    for title, texts in (
        (_UNPUBLISHED, [t[language] for t in answer["unpublished"]]),
        (_MISSING, [_fact_label(context, f) for f in answer["missing_facts"]]),
    ):
        if texts:
            line(f"{say(title)}:")
        for text in texts:
            line(f"  {text}")


def _interval_text(found: dict[str, Any]) -> str | None:
    """One number, or both ends of what is possible."""
    if found["low"] is None:
        return None
    return str(found["low"]) if found["low"] == found["high"] else f"{found['low']}–{found['high']}"


def _fact_label(context: Context, fact: str) -> str:
    return context.translate(context.huice.compiled.catalogue.vocabulary.facts[fact].label)
