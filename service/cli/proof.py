"""`huice policies prove`: the rules proven by a solver, an optional part of the installation."""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import FAULT, Context, command
from service.cli.inputs import DAY
from service.cli.policies import catalogue_of
from service.domain.text import Text
from service.policy_files import folders_of

if TYPE_CHECKING:
    from service.usecases.authoring.proof import Proof

_MISSING = Text(
    "证明需要 z3 求解器，当前环境没有安装："
    "请运行 pip install 'huice[proof]' 或 pip install z3-solver",
    "Proving needs the solver z3, which is not installed here: "
    "run pip install 'huice[proof]' or pip install z3-solver",
)
_TOTALS = Text(
    "{programmes} 个支持事项、{conditions} 个条件（按 {day} 的规则）：{faults} 处错误",
    "{programmes} programmes, {conditions} conditions, as of {day}: {faults} faults",
)
_ELSEWHERE = Text("条件再齐全也由主管方决定的：{ids}", "always left to whoever decides: {ids}")
_OVERLAPS = Text(
    "同一主体可以同时满足的事项：{certain} 对（另有 {agreed} 对取决于主管方的认定）",
    "pairs that one company can meet together: {certain} ({agreed} more if whoever decides agrees)",
)
_TIE = Text("{shared} {code}：{n} 对", "{shared} {code}: {n} pairs")
_TIES = {"purpose": Text("同一事项", "purpose"), "instrument": Text("同一方式", "instrument")}


@click.command("prove")
@click.option(
    "--as-of", type=DAY,
    help="The day to prove for (default: the day the measures were last reviewed).",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For a machine, with examples and pairs.")
@command
def prove_command(context: Context, as_of: Any, as_json: bool) -> None:
    """Prove that every programme can be met and that each of its conditions matters.

    Lists the programmes of one purpose or instrument that one company can meet together.
    """
    if find_spec("z3") is None:
        click.echo(context.translate(_MISSING), err=True)
        sys.exit(FAULT)
    # Only here, so that every other command works without the solver.
    from service.usecases.authoring.proof import diagnostics, proof_json, prove_catalogue  # noqa: PLC0415

    proof = prove_catalogue(catalogue_of(context), as_of.date() if as_of else None)
    if as_json:
        context.out(proof_json(proof))
    else:
        for line in _lines(proof):
            click.echo(context.translate(line))
    folders = folders_of(context.settings)
    for fault in diagnostics(proof):
        click.echo(str(replace(fault, file=folders.on_disk(fault.file))), err=True)
    if proof.faults:
        sys.exit(FAULT)


def _lines(proof: "Proof") -> Iterator[Text]:
    yield _TOTALS.format(
        programmes=str(len(proof.programmes)), conditions=str(proof.conditions),
        day=proof.as_of.isoformat(), faults=str(len(proof.faults)),
    )  # fmt: skip
    if proof.decided_elsewhere:
        yield _ELSEWHERE.format(ids=" ".join(proof.decided_elsewhere))
    certain = [o for o in proof.overlaps if o.certain]
    yield _OVERLAPS.format(
        certain=str(len(certain)), agreed=str(len(proof.overlaps) - len(certain))
    )
    for (shared, code), n in Counter((o.shared, o.code) for o in certain).items():
        yield Text("  {tie}", "  {tie}").format(
            tie=_TIE.format(shared=_TIES[shared], code=code, n=str(n))
        )
