"""At the desk: one fact of a client entered or corrected, with where it comes from."""

from typing import Any

import orjson
from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from service.domain.errors import InvalidInput, Refused
from service.domain.facts.profile import Provenance
from service.domain.facts.vocabulary import Fact, Owner
from service.domain.principal import Scope
from service.rendering.json_parts import Json
from service.storage.accounts import Session
from service.usecases.tenancy.clients import Client
from service.web.cases import Case
from service.web.clients import case_of
from service.web.field_values import written
from service.web.fields import fields_for
from service.web.formatting import translate
from service.web.forms import FormResult, apply_form
from service.web.questions import askable
from service.web.sessions import desk_page, require, require_form, trace
from service.web.views import Views, get, post

MAX_DOCUMENT = 200
_ONE = "/desk/clients/<uscc>/facts/<fact_id>"
_STATED_AS = (Provenance.DECLARED, Provenance.VERIFIED)


class ClientFacts(Views):
    """The question of one fact of a stored company, and its answer kept."""

    in_frames = False

    @get(_ONE)
    def client_fact(self, uscc: str, fact_id: str) -> str:
        session = require(self.site, Scope.COMPANIES)
        fact = self._fact(fact_id)
        return self._page(session, self._client(session, uscc), fact)

    @post(_ONE)
    def save_client_fact(self, uscc: str, fact_id: str) -> Response | tuple[str, int]:
        """Keep the fact as it is stated now, with its source and the document that shows it."""
        session = require_form(self.site, self.tokens, Scope.COMPANIES)
        fact = self._fact(fact_id)
        client = self._client(session, uscc)
        case = case_of(client)
        reading = apply_form(self.site, case, (fact,), request.form)
        if reading.faults:
            return self._page(session, client, fact, reading), 422
        try:
            self.site.companies.patch(
                session.account.principal,
                uscc,
                _patch(session, fact, case, self.site.today().isoformat()),
                client.company.version,
                trace(),
            )
        except InvalidInput as error:
            faults = [translate(p.message) for p in error.problems]
            return self._page(session, client, fact, reading, faults), 422
        except Refused as error:
            return self._page(session, client, fact, reading, [translate(error.reason)]), 409
        return redirect(url_for(".client", uscc=uscc), 303)

    def _client(self, session: Session, uscc: str) -> Client:
        """Raises NotFound, also for another tenant's."""
        return self.site.clients.client(session.account.principal, session.account.id, uscc)

    def _fact(self, fact_id: str) -> Fact:
        """A fact of the company that can be entered, but its code, under which it is kept."""
        vocabulary = self.site.vocabulary
        fact = vocabulary.facts.get(fact_id)
        if fact is None or fact.owner is not Owner.COMPANY or fact is vocabulary.identifier:
            abort(404)
        if fact not in askable(vocabulary):
            abort(404)
        return fact

    def _page(
        self,
        session: Session,
        client: Client,
        fact: Fact,
        reading: FormResult | None = None,
        refused: list[str] | None = None,
    ) -> str:
        case = case_of(client)
        evidence = orjson.loads(client.company.content).get("evidence") or {}
        return desk_page(
            "client_fact.html",
            session,
            self.tokens,
            client=client,
            fact=fact,
            field=fields_for(self.site, case, (fact,), reading=reading)[0],
            provenance=case.provenance.get(fact.id, Provenance.DECLARED.value),
            stated_as=_STATED_AS,
            evidence=evidence.get(fact.id) or {},
            refused=refused or [],
        )


def _patch(session: Session, fact: Fact, case: Case, today: str) -> Json:
    """What changes of the company: the fact, its mark, its document; None where it is unknown
    now."""
    value: Any = case.raw(fact)
    marked = request.form.get("provenance") == Provenance.VERIFIED.value
    document = written(request.form, "document")[:MAX_DOCUMENT]
    shown = {"document": document, "by": session.account.name, "on": today} if document else None
    known = value is not None
    return {
        "profile": {
            "company": {fact.name: value},
            "provenance": {fact.id: Provenance.VERIFIED.value if known and marked else None},
        },
        "evidence": {fact.id: shown if known else None},
    }
