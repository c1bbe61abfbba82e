"""`huice receipts …`: what was answered, for those who answer for it."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from shlex import quote

import click

from service import __version__
from service.cli.context import Context, command
from service.cli.inputs import as_json
from service.domain.principal import ANONYMOUS, Principal, operator_of
from service.rendering.texts import read_texts
from service.resources import state_of
from service.storage.receipt_chain import verify_chain
from service.storage.receipt_packing import ReceiptPacking
from service.usecases.receipts.receipts import ReceiptApart

_WORDS = read_texts(__file__)


tenant = click.option("--tenant", help="Whose it is (nobody's: it was asked for without a key).")


def shown_by(receipt_id: str, of: str | None) -> str:
    """What `receipts show` takes to find a receipt: one of a tenant is found as that tenant's."""
    return receipt_id if of is None else f"{receipt_id} --tenant {quote(of)}"


@click.group()
def receipts() -> None:
    """Show, replay and delete what was answered."""


@click.command("verify-receipts")
@click.option(
    "--answers", is_flag=True,
    help="Make every answer again, too, and hold it against its digest. Takes a few milliseconds"
    " each.",
)  # fmt: skip
@click.option(
    "--noted", multiple=True, metavar="LINK",
    help="The last link, as an earlier look told it and you kept it elsewhere: it must be in the"
    " chain still. May be repeated.",
)  # fmt: skip
@as_json
@command
def verify_receipts_command(
    context: Context, answers: bool, noted: tuple[str, ...], as_json: bool
) -> None:
    """Hold every receipt against the chain that they were written into, and tell its last link.
    Ends with 1 where one was changed, a link is missing, or an answer is not made again to the
    byte. That the newest were cut off shows only by a link that was noted before."""
    with state_of(context.settings, create=False) as store:
        report = verify_chain(store, noted)
    apart = list(context.huice.receipt_service.answers_apart()) if answers else []
    if as_json:
        ids = [receipt.id for receipt in apart]
        context.out({**asdict(report), **({"apart": ids} if answers else {})})
    else:
        counts = {"receipts": report.receipts, "deleted": report.deleted, "older": report.older}
        click.echo(
            context.translate(_WORDS["chain"].format(**{k: str(n) for k, n in counts.items()}))
        )
        if report.last is not None:
            click.echo(context.translate(_WORDS["last"].format(link=report.last)))
        for fault in report.faults:
            click.echo(context.translate(_WORDS["broken"].format(place=fault)), err=True)
        _name_apart(context, apart)
    if report.faults or apart:
        raise SystemExit(1)


def _name_apart(context: Context, apart: Iterable[ReceiptApart]) -> None:
    for receipt in apart:
        name = shown_by(receipt.id, receipt.tenant)
        words = _WORDS["apart"].format(receipt=name, then=receipt.program, now=__version__)
        click.echo(context.translate(words), err=True)


@receipts.command()
@as_json
@command
def keep(context: Context, as_json: bool) -> None:
    """Keep every answer whole, before a program takes over that does not make them again to the
    byte (its release notes say so). Ends with 1 where this one does not either."""
    with state_of(context.settings, create=False):
        service = context.huice.receipt_service
    report = service.keep_answers(ReceiptPacking(context.huice.matching.answer_words()))
    if as_json:
        context.out({"kept": report.count, "apart": [receipt.id for receipt in report.apart]})
    else:
        click.echo(context.translate(_WORDS["kept"].format(kept=str(report.count))))
        _name_apart(context, report.apart)
    if report.apart:
        raise SystemExit(1)


@receipts.command()
@click.argument("receipt_id")
@tenant
@command
def show(context: Context, receipt_id: str, tenant: str | None) -> None:
    """Print the receipt with its digests and its answer, null where this program makes another
    of it (JSON)."""
    context.out(context.huice.receipt_service.show(receipt_id, _owner(tenant), partly=True))


@receipts.command()
@click.argument("receipt_id")
@tenant
@as_json
@command
def replay(context: Context, receipt_id: str, tenant: str | None, as_json: bool) -> None:
    """Evaluate a receipt again: under the rules of its day, to the byte, and under today's."""
    answer = context.huice.receipt_service.replay(receipt_id, _owner(tenant))
    if as_json:
        context.out(answer)
        return
    words = _WORDS["identical"] if answer["identical"] else _WORDS["different"]
    version = answer["catalogue_version"]["then"]
    click.echo(context.translate(words.format(version=version, **answer["engine_version"])))
    if answer["difference"] is None:
        pointers = ", ".join(p["pointer"] for p in answer["unreadable"])
        click.echo(context.translate(_WORDS["unreadable"].format(pointers=pointers)))
    else:
        click.echo(
            context.translate(_WORDS["today"].format(n=str(len(answer["difference"]["changes"]))))
        )


@receipts.command()
@click.argument("receipt_id")
@tenant
@command
def delete(context: Context, receipt_id: str, tenant: str | None) -> None:
    """Delete a receipt for good."""
    context.huice.receipt_service.delete(receipt_id, _owner(tenant), "cli")
    click.echo(context.translate(_WORDS["deleted"]))


@receipts.command()
@click.option(
    "--older-than", type=click.IntRange(0, 36_500),
    help="Days (default: HUICE_RETENTION_DAYS; without it, a year for those of no tenant).",
)  # fmt: skip
@command
def purge(context: Context, older_than: int | None) -> None:
    """Delete receipts past their day, and catalogue versions that nothing points at any more."""
    receipt_service = context.huice.receipt_service
    kept = None if older_than is None else timedelta(days=older_than)
    count, gone = receipt_service.purge(kept), receipt_service.prune()
    words = _WORDS["purged"].format(receipts=str(count), versions=str(len(gone)))
    click.echo(context.translate(words))


def _owner(tenant: str | None) -> Principal:
    return ANONYMOUS if tenant is None else operator_of(tenant)
