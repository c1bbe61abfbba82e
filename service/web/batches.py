"""Tables of companies at the desk: sent, understood and looked over, run, fetched, deleted."""

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from flask import Response as PageResponse
from flask import abort, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from service.domain.errors import InvalidInput, Refused
from service.domain.principal import Scope
from service.intake.allowed_values import choices
from service.intake.batch_choices import ChoicesRequest
from service.storage.accounts import Session
from service.storage.batches import CHANGEABLE
from service.usecases.portfolio.sheet_room import explained_companies
from service.usecases.portfolio.table_endings import SUFFIXES, refused_ending
from service.usecases.tenancy.batches import FORMATS, BatchRequest, file_stem
from service.web.field_values import written
from service.web.formatting import language, translate
from service.web.ports import PageContext
from service.web.sessions import require, require_form, trace
from service.web.views import Views, get, post

MAX_SHOWN_FAULTS = 100
_SET, _COLUMN, _READ = "set.", "column.", "read."
# What the form says of a column that is not to be taken.
_LEFT_OUT = "-"
_ONE = "/desk/batches/<batch_id>"
_UNDER_WAY = ("queued", "running")


class BatchPages(Views):
    """The views, for the session's tenant."""

    in_frames = False

    @get("/desk/batches")
    def batches(self) -> Response:
        return self._overview(require(self.site, Scope.BATCHES_READ), [])

    @post("/desk/batches")
    def send_batch(self) -> Response:
        """Take a table in; it waits until somebody has looked at how it was understood."""
        request.max_content_length = self.site.max_upload
        session = require_form(self.site, self.tokens, Scope.BATCHES)
        try:
            batch = _create(self.site, session, request.files.get("file"))
        except InvalidInput as error:
            return self._overview(session, [translate(p.message) for p in error.problems], 422)
        except Refused as error:
            return self._overview(session, [translate(error.reason)], 409)
        return redirect(url_for(".batch", batch_id=batch["id"]), 303)

    @get(_ONE)
    def batch(self, batch_id: str) -> str:
        return self._batch(require(self.site, Scope.BATCHES_READ), batch_id, ())

    def _batch(self, session: Session, batch_id: str, refused: Sequence[str]) -> str:
        who = session.account.principal
        batch = self.site.batches.get(who, batch_id)
        done = batch["state"] == "done"
        return render_template(
            "batch.html",
            session=session,
            token=self.tokens.make(session.digest),
            batch=batch,
            faults=self.site.batches.list_faults(who, batch_id) if done else None,
            most=MAX_SHOWN_FAULTS,
            under_way=batch["state"] in _UNDER_WAY,
            statable=_statable(self.site, batch["understood"]),
            changeable=batch["state"] in {state.value for state in CHANGEABLE},
            taken=_chosen_columns(batch["understood"]),
            places=_has_places(self.site, batch["understood"]),
            facts=list(self.site.vocabulary.asked_facts),
            refused=refused,
            formats=FORMATS,
            explained=explained_companies(batch["rows"], len(self.site.catalogue.programmes)),
        )

    @post(_ONE)
    def change_batch(self, batch_id: str) -> Response:
        """Start, stop or delete it, or choose what holds for its whole table."""
        session = require_form(self.site, self.tokens, Scope.BATCHES)
        who, wanted = session.account.principal, request.form.get("do")
        if wanted == "choose":
            return self._choose(session, batch_id)
        if wanted == "delete":
            self.site.batches.delete(who, batch_id, trace())
            return redirect(url_for(".batches"), 303)
        deeds = {"start": self.site.batches.start, "verdicts": self.site.batches.ask_verdicts}
        deed = deeds.get(wanted or "", self.site.batches.cancel)
        with suppress(Refused):  # another window was faster: the page says how it stands
            deed(who, batch_id, trace())
        return redirect(url_for(".batch", batch_id=batch_id), 303)

    def _choose(self, session: Session, batch_id: str) -> Response:
        """Facts stated for the whole table, and words of it that are to count as unknown."""
        try:
            asked = _choices()
            self.site.batches.choose(session.account.principal, batch_id, asked, trace())
        except InvalidInput as error:
            faults = [translate(p.message) for p in error.problems]
            return make_response(self._batch(session, batch_id, faults), 422)
        except Refused as error:
            return make_response(self._batch(session, batch_id, [translate(error.reason)]), 409)
        return redirect(url_for(".batch", batch_id=batch_id), 303)

    @get(f"{_ONE}/result.<form>")
    def batch_answers(self, batch_id: str, form: str) -> PageResponse:
        session = require(self.site, Scope.BATCHES_READ)
        if form not in FORMATS:
            abort(404)
        found = self.site.batches.result(session.account.principal, batch_id, form)
        return self._file(session, batch_id, found, f"answers.{form}")

    @get(f"{_ONE}/faults.xlsx")
    def batch_faults_workbook(self, batch_id: str) -> PageResponse:
        session = require(self.site, Scope.BATCHES_READ)
        found = self.site.batches.faults_workbook(session.account.principal, batch_id)
        return self._file(session, batch_id, found, "faults.xlsx")

    @get(f"{_ONE}/verdicts.csv")
    def batch_verdicts(self, batch_id: str) -> PageResponse:
        """Every verdict of every company."""
        session = require(self.site, Scope.BATCHES_READ)
        with tempfile.TemporaryDirectory(prefix="huice-verdicts-") as folder:
            target = Path(folder) / "verdicts.csv"
            self.site.batches.verdicts(session.account.principal, batch_id, target)
            file = target.open("rb")  # read on when the folder is gone
        return self._file(session, batch_id, file, "verdicts.csv")

    def _file(
        self, session: Session, batch_id: str, found: Path | BinaryIO, ending: str
    ) -> PageResponse:
        """A file of a batch, called after its table."""
        stem = file_stem(self.site.batches.get(session.account.principal, batch_id))
        return send_file(found, as_attachment=True, download_name=f"{stem}-{ending}")

    def _overview(self, session: Session, faults: list[str], code: int = 200) -> Response:
        page = render_template(
            "batches.html",
            session=session,
            token=self.tokens.make(session.digest),
            batches=self.site.batches.list(session.account.principal)["items"],
            faults=faults,
            suffixes=SUFFIXES,
        )
        return make_response(page, code)


def _statable(site: PageContext, understood: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The facts that the table lacks, or that were stated for all of it, with what may be chosen
    and what was."""
    if understood is None:
        return []
    stated = {one["fact"]: one for one in understood["stated"]}
    names = dict.fromkeys((*stated, *(one["fact"] for one in understood["lacking"])))
    facts = [fact for name in names if (fact := site.vocabulary.facts.get(name))]
    return [
        {
            "fact": fact,
            "choices": choices(fact, site.vocabulary),
            "written": translate(stated[fact.id]["words"]) if fact.id in stated else "",
        }
        for fact in facts
    ]


def _chosen_columns(understood: dict[str, Any] | None) -> dict[str, str]:
    """By the letters of a column the fact that was chosen for it, or the mark that it is left
    out."""
    chosen = (understood or {}).get("choices", {}).get("column", [])
    parted = (one.rpartition("=") for one in chosen)
    return {name: fact or _LEFT_OUT for name, _, fact in parted}


def _has_places(site: PageContext, understood: dict[str, Any] | None) -> bool:
    """Whether cells of the table that cannot be read are places, or were chosen to lie in one."""
    if understood is None:
        return False
    facts = site.vocabulary.facts
    unread = (facts.get(one["fact"]) for one in understood["unreadable"])
    return bool(understood["choices"].get("within")) or any(
        fact is not None and fact.list == site.vocabulary.region_list for fact in unread
    )


def _choices() -> ChoicesRequest:
    """What the form says; a field that is left empty states nothing."""
    return ChoicesRequest(
        stated=_filled(_SET),
        unknown=request.form.getlist("unknown"),
        columns=[
            one.removesuffix(_LEFT_OUT) if one.endswith(f"={_LEFT_OUT}") else one
            for one in _filled(_COLUMN)
        ],
        read=[*_filled(_READ), *request.form.getlist("read")],
        within=written(request.form, "within")[:100] or None,
    )


def _filled(prefix: str) -> list[str]:
    """What was filled in the fields whose names begin so, behind the rest of the name."""
    return [
        f"{name.removeprefix(prefix)}={value.strip()}"
        for name, value in request.form.items()
        if name.startswith(prefix) and value.strip()
    ]


def _create(site: PageContext, session: Session, file: FileStorage | None) -> dict[str, Any]:
    """The batch of a table that was sent. Raises InvalidInput, Refused."""
    name = (file.filename or "")[-200:] if file is not None else ""
    suffix = Path(name).suffix.lower()
    if file is None or suffix not in SUFFIXES:
        raise Refused(refused_ending(name))
    asked = BatchRequest(name, suffix, None, language(), hold=True)
    with tempfile.TemporaryDirectory(prefix="huice-upload-") as folder:
        table = Path(folder) / f"table{suffix}"
        file.save(table)
        return site.batches.create(session.account.principal, table, asked, trace())
