"""The plain routes of what a tenant owns: list, read, make, do something with it, delete.

Each asks for a live key that has the scope before it looks at anything else of the request and
answers JSON; only a list takes query parameters. A route with something of its own (files, ETags)
is written out in its blueprint instead.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema

from service.api.http import accept, body, empty_answer, json_answer, no_query, plain_request
from service.api.idempotency import PARAMETER as IDEMPOTENT
from service.api.idempotency import StoringCall, answer_once
from service.api.openapi import SECURED, Body, operation
from service.api.paging import page_parameters, read_cursor, read_number_cursor
from service.api.ports import ApiContext
from service.api.principals import request_trace, require_scope
from service.api.queries import QueryParameter, read_query
from service.domain.principal import Principal, Scope
from service.rendering.json_parts import Json


class Pages(NamedTuple):
    """How a list is paged: how many entries a page at the most and usually, whether its cursors are
    numbers or else of which form, and what else may be asked for."""

    most: int
    usual: int
    numbered: bool = False
    filters: tuple[QueryParameter, ...] = ()
    form: str = ".*"


@dataclass(frozen=True)
class TenantRoutes:
    """Adds routes to a blueprint. A rule has at most one id, which the use case is given after the
    principal; then comes the body, where there is one, and last what the deed is traced by."""

    blueprint: Blueprint
    service: ApiContext
    scope: Scope

    def read(
        self,
        rule: str,
        operation_id: str,
        answer: Schema,
        use_case: Callable[..., Json],
        scope: Scope | None = None,
    ) -> None:
        """GET, with another scope than the others where one is named."""

        def view(**ids: str) -> Response:
            who = require_scope(self.service, scope or self.scope)
            plain_request()
            return json_answer(use_case(who, *ids.values()))

        self._add("GET", rule, operation_id, view, answer)

    def page(
        self,
        rule: str,
        operation_id: str,
        answer: Schema,
        use_case: Callable[..., Json],
        pages: Pages,
    ) -> None:
        """GET, a page at a time. After the principal and the id, where there is one, the use case
        is given the cursor (at first "" or 0), how many entries, and by name what else was asked
        for."""
        parameters = (*page_parameters(pages.most, pages.usual), *pages.filters)

        def view(**ids: str) -> Response:
            who = require_scope(self.service, self.scope)
            accept("application/json")
            asked = read_query(parameters)
            limit = asked.pop("limit", pages.usual)
            cursor = asked.pop("cursor", "0" if pages.numbered else "")
            if pages.numbered:
                after: object = read_number_cursor(cursor)
            else:
                after = cursor and read_cursor(cursor, pages.form)
            return json_answer(use_case(who, *ids.values(), after, limit, **asked))

        documents = [p.document() for p in parameters]
        self._add("GET", rule, operation_id, view, answer, parameters=documents)

    def act(
        self,
        rule: str,
        operation_id: str,
        answer: Schema,
        use_case: Callable[..., Json],
        *,
        sent: Body | None = None,
        makes: bool = False,
        again: Callable[[Principal, str], Json] | None = None,
    ) -> None:
        """POST, done once for each Idempotency-Key; it takes no body where none is described, and
        answers 201 where it makes something. `again` gives the answer to a request that is sent
        again, by the id in the first answer, of which then no copy is kept."""

        def view(**ids: str) -> Response:
            who = require_scope(self.service, self.scope)
            plain_request()
            call = StoringCall(
                lambda: do(who, ids),
                again and (lambda about: orjson.dumps(again(who, about))),
                status=201 if makes else 200,
            )
            return answer_once(self.service, who, call)

        def do(who: Principal, ids: Mapping[str, str]) -> bytes:
            given = () if sent is None else (body(),)
            return orjson.dumps(use_case(who, *ids.values(), *given, request_trace()))

        documented = {
            "parameters": [IDEMPOTENT],
            "created": makes,
            "body": sent,
            "further_statuses": (404, 409) if again else (409,),
        }
        self._add("POST", rule, operation_id, view, answer, **documented)

    def delete(self, rule: str, operation_id: str, use_case: Callable[..., None]) -> None:
        """DELETE, which answers 204 with nothing."""

        def view(**ids: str) -> Response:
            who = require_scope(self.service, self.scope)
            no_query()
            use_case(who, *ids.values(), request_trace())
            return empty_answer()

        self._add("DELETE", rule, operation_id, view, None, empty=True)

    def _add(
        self,
        method: str,
        rule: str,
        operation_id: str,
        view: Callable[..., Response],
        answer: Schema | None,
        **documented: Any,
    ) -> None:
        view.__name__ = operation_id
        address = f"{method} {rule}"
        operation(self.blueprint, address, answer, security=SECURED, **documented)(view)
