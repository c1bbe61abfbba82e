"""At the desk: the companies of a batch that is done, one of them with what its answer rests on,
and those that become clients."""

import re
from functools import partial
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from service.domain.evaluation.evaluator import Status
from service.domain.principal import Scope
from service.intake.tenancy import stated_code
from service.rendering.json_parts import Json
from service.storage.accounts import Session
from service.usecases.tenancy.batch_comparison import compare_batches
from service.usecases.tenancy.batch_rows import BatchRowService, KeptRows
from service.web.case_evaluation import evaluate_case
from service.web.cases import Case, case_facts
from service.web.formatting import fact_value, language, translate
from service.web.ports import PageContext
from service.web.sessions import desk_page, require, require_form, trace
from service.web.views import Views, get, post

MAX_SHOWN, MAX_CHANGES = 100, 20
SHOWN = (Status.ELIGIBLE, Status.POTENTIAL, Status.UNDETERMINED, Status.INELIGIBLE)
_DONE = "done"
_FACT = re.compile(r"(?:company|project)\.[a-z_]+")
_ROWS = "/desk/batches/<batch_id>/rows"
_ONE = f"{_ROWS}/<int:row>"


class BatchRowPages(Views):
    """The views, for the session's tenant."""

    in_frames = False

    @property
    def _rows(self) -> BatchRowService:
        return BatchRowService(self.site.batches, self.site.companies)

    @get(_ROWS)
    def batch_rows(self, batch_id: str) -> Response | str:
        """How many companies have what in reach, and each of them; of a batch that is not done its
        own page."""
        session = require(self.site, Scope.BATCHES_READ)
        after = request.args.get("after", "")
        start = int(after) if after.isdecimal() and len(after) < 10 else 0
        if self._batch(session, batch_id)["state"] != _DONE:
            return redirect(url_for(".batch", batch_id=batch_id))
        return self._list(session, batch_id, start)

    def _batch(self, session: Session, batch_id: str) -> Json:
        return self.site.batches.get(session.account.principal, batch_id)

    def _others(self, session: Session, batch_id: str) -> list[Json]:
        """The other batches that are done."""
        found = self.site.batches.list(session.account.principal)["items"]
        return [b for b in found if b["state"] == _DONE and b["id"] != batch_id]

    def _list(
        self, session: Session, batch_id: str, start: int = 0, kept: KeptRows | None = None
    ) -> str:
        return desk_page(
            "batch_rows.html",
            session,
            self.tokens,
            batch=self._batch(session, batch_id),
            found=self._rows.page(session.account.principal, batch_id, start, language=language()),
            statuses=SHOWN,
            error_words=partial(_error_words, self.site),
            others=self._others(session, batch_id),
            kept=kept,
        )

    @post(_ROWS)
    def keep_batch_rows(self, batch_id: str) -> str:
        """Keep the companies that are no clients yet; the page says what became of them."""
        session = require_form(self.site, self.tokens, Scope.COMPANIES)
        kept = self._rows.keep_all(session.account.principal, batch_id, trace())
        return self._list(session, batch_id, kept=kept)

    @get("/desk/batches/<batch_id>/changes")
    def batch_changes(self, batch_id: str) -> Response | str:
        """What came out otherwise than in an earlier batch; without one its own page."""
        session = require(self.site, Scope.BATCHES_READ)
        who, earlier = session.account.principal, request.args.get("from", "")
        batch = self._batch(session, batch_id)
        if not earlier or batch["state"] != _DONE:
            return redirect(url_for(".batch", batch_id=batch_id))
        return desk_page(
            "batch_changes.html",
            session,
            self.tokens,
            batch=batch,
            earlier=self._batch(session, earlier),
            found=compare_batches(self.site.batches, who, earlier, batch_id),
            most=MAX_CHANGES,
        )

    @get(_ONE)
    def batch_row(self, batch_id: str, row: int) -> Response | str:
        """One company: what its row states, and why each programme came out as it did."""
        session = require(self.site, Scope.BATCHES_READ)
        batch = self._batch(session, batch_id)
        if batch["state"] != _DONE:
            return redirect(url_for(".batch", batch_id=batch_id))
        profile = self._rows.profile(session.account.principal, batch_id, row)
        company = profile["company"]
        code = stated_code(company, self.site.vocabulary)
        case = Case(batch_id, company=company, projects=profile.get("projects", []))
        return desk_page(
            "batch_row.html",
            session,
            self.tokens,
            batch=batch,
            row=row,
            company=company,
            code=code,
            result=evaluate_case(self.site, case, brief=True),
            facts=_facts(self.site, case),
            most=MAX_SHOWN,
        )

    @post(_ONE)
    def keep_batch_row(self, batch_id: str, row: int) -> Response:
        """Keep it as a client."""
        session = require_form(self.site, self.tokens, Scope.COMPANIES)
        uscc = self._rows.keep(session.account.principal, batch_id, row, trace())
        return redirect(url_for(".client", uscc=uscc), 303)


def _error_words(site: PageContext, error: str) -> str:
    """What is wrong with a row, its facts by the names that a reader knows."""
    facts = site.vocabulary.facts
    return _FACT.sub(lambda m: translate(facts[m[0]].label) if m[0] in facts else m[0], error)


def _facts(site: PageContext, case: Case) -> list[dict[str, Any]]:
    """Every fact that a row states, with its value in words."""
    return [
        {"fact": stated.fact, "value": fact_value(stated.value, stated.fact, site.vocabulary)}
        for stated in case_facts(site, case)
    ]
