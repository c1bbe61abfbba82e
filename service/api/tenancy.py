"""With a key: the tenant's keys, companies, and the record of what was done."""

import re
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import body, json_answer, plain_request
from service.api.idempotency import PARAMETER as IDEMPOTENT
from service.api.idempotency import answer_once, match_call
from service.api.openapi import SECURED, Body, new_blueprint, operation
from service.api.ports import ApiContext
from service.api.principals import request_trace, require_scope
from service.api.queries import QueryParameter, plain_text
from service.api.tenant_routes import Pages, TenantRoutes
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.facts.profile import Provenance
from service.domain.principal import Scope
from service.domain.text import Text
from service.rendering.json_parts import Json
from service.usecases.reference.example_request import example_request
from service.usecases.tenancy import audit, companies

NEW_KEY, COMPANY, COMPANY_PATCH = "NewKey", "CompanyDocument", "CompanyPatch"
_TAG = re.compile(r'(?:W/)?"(?P<version>[0-9]{1,9})(?:[-;][a-z]+)?"')
_BAD_TAG = Text('应为 ETag，如 "3"', 'must be an ETag such as "3"')
_NO_STAR = Text("只能是 *：仅在尚未保存时写入", "must be *: only where nothing is kept yet")
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string", "pattern": r'^(?:W/)?"[0-9]{1,9}"$'},
    "description": "The ETag of the version that is to be changed: 412 where it is no longer that"
    " one.",
    "x-description-zh": "要修改的版本的 ETag：已不是这个版本时回答 412。",
}


_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string", "pattern": r"^\*$"},
    "description": "`*`: only where nothing is kept yet; 412 where something is.",
    "x-description-zh": "`*`：只在尚未保存时写入；已有时回答 412。",
}


def _example_company(service: ApiContext) -> Json:
    """A document that may be put, in the catalogue's own words."""
    profile = example_request(service.compiled)["profile"]
    facts = [f"company.{name}" for name in profile["company"]]
    return {
        "profile": {**profile, "provenance": dict.fromkeys(facts[:1], Provenance.VERIFIED.value)},
        "tags": ["example"],
        "evidence": {fact: {"document": "No. 12", "on": "2026-03-01"} for fact in facts[:1]},
    }


_KEY = Body(
    NEW_KEY, {"name": "portal", "scopes": ["match", "companies"], "expires_on": "2027-11-30"}
)
_WITH_TAG = QueryParameter(
    "tag",
    plain_text(40),
    {"type": "string", "minLength": 1, "maxLength": 40},
    Text("只列出带这个标签的", "Only those with this tag"),
)


def keys_blueprint(service: ApiContext) -> Blueprint:
    """The keys of the tenant that asks."""
    blueprint = new_blueprint("keys", "密钥 · Keys of one tenant")
    keys = service.keys

    routes = TenantRoutes(blueprint, service, Scope.KEYS)
    issued = schemas.IssuedKeySchema()
    routes.read("/keys", "list_keys", schemas.KeyListSchema(), keys.list)
    again = keys.refuse_secret
    routes.act("/keys", "create_key", issued, keys.create, sent=_KEY, makes=True, again=again)
    routes.act("/keys/<key_id>/rotate", "rotate_key", issued, keys.rotate, makes=True, again=again)
    routes.delete("/keys/<key_id>", "revoke_key", keys.revoke)

    entries = Pages(audit.MAX_PAGE, audit.USUAL_PAGE, numbered=True)
    routes.page("/audit", "list_audit", schemas.AuditPageSchema(), service.audit.page, entries)
    return blueprint


def companies_blueprint(service: ApiContext) -> Blueprint:
    """The companies of the tenant that asks."""
    blueprint = new_blueprint("companies", "企业 · Companies of one tenant")
    kept = service.companies
    routes = TenantRoutes(blueprint, service, Scope.COMPANIES_READ)
    pages = Pages(
        companies.MAX_PAGE, companies.USUAL_PAGE, filters=(_WITH_TAG,), form="[0-9A-Z]{18}"
    )
    routes.page("/companies", "list_companies", schemas.CompanyPageSchema(), kept.page, pages)
    history = schemas.CompanyHistorySchema()
    versions = Pages(companies.MAX_VERSIONS, companies.MAX_VERSIONS, numbered=True)
    routes.page("/companies/<uscc>/history", "company_history", history, kept.history, versions)

    _add_changes(blueprint, service)
    _add_reading_and_end(blueprint, service)

    @operation(
        blueprint,
        "POST /companies/<uscc>/match",
        schemas.MatchAnswerSchema(),
        further_statuses=(409, 503),
        body=Body("CompanyMatch", {"as_of": "2026-11-22"}),
        parameters=[IDEMPOTENT],
        security=SECURED,
    )
    def match_company(uscc: str) -> Response:
        who = require_scope(service, Scope.COMPANIES_READ)
        plain_request()

        def do() -> bytes:
            return kept.match_stored(who, uscc, body(), request_trace())

        return answer_once(service, who, match_call(service, who, do))

    return blueprint


def _add_changes(blueprint: Blueprint, service: ApiContext) -> None:
    """The document of one company: put, or changed in part; its version is the ETag."""
    kept = service.companies

    @operation(
        blueprint,
        "PUT /companies/<uscc>",
        schemas.StoredCompanySchema(),
        further_statuses=(409, 412),
        body=Body(COMPANY, _example_company(service)),
        parameters=[_IF_MATCH, _IF_NONE_MATCH],
        security=SECURED,
        created=None,
        headers=["ETag"],
    )
    def put_company(uscc: str) -> Response:
        who = require_scope(service, Scope.COMPANIES)
        plain_request()
        found, made = kept.put(who, uscc, body(), _expected_version(), request_trace())
        response = _tagged_answer(found)
        response.status_code = 201 if made else 200
        return response

    @operation(
        blueprint,
        "PATCH /companies/<uscc>",
        schemas.StoredCompanySchema(),
        further_statuses=(409, 412),
        body=Body(COMPANY_PATCH, {"profile": {"company": {"employees": 120, "stage": None}}}),
        parameters=[_IF_MATCH],
        security=SECURED,
        headers=["ETag"],
    )
    def patch_company(uscc: str) -> Response:
        who = require_scope(service, Scope.COMPANIES)
        plain_request()
        return _tagged_answer(kept.patch(who, uscc, body(), _expected_version(), request_trace()))


def _add_reading_and_end(blueprint: Blueprint, service: ApiContext) -> None:
    """The same document, read and deleted."""
    kept = service.companies

    @operation(
        blueprint,
        "GET /companies/<uscc>",
        schemas.StoredCompanySchema(),
        further_statuses=(304,),
        security=SECURED,
    )
    def get_company(uscc: str) -> Response:
        who = require_scope(service, Scope.COMPANIES_READ)
        plain_request()
        response = _tagged_answer(kept.get(who, uscc))
        response.make_conditional(request)
        return response

    @operation(
        blueprint,
        "DELETE /companies/<uscc>",
        schemas.CompanyDeletionSchema(),
        further_statuses=(412,),
        parameters=[_IF_MATCH],
        security=SECURED,
    )
    def delete_company(uscc: str) -> Response:
        who = require_scope(service, Scope.COMPANIES)
        plain_request()
        return json_answer(kept.delete(who, uscc, _expected_version(), request_trace()))


def _tagged_answer(found: Json) -> Response:
    response = json_answer(found)
    response.set_etag(str(found["version"]))
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _expected_version() -> int | None:
    """The version that If-Match names; 0 for `If-None-Match: *`. Raises InvalidInput."""
    absent = request.headers.get("If-None-Match")
    if absent is not None:
        if absent.strip() != "*":
            problem = Problem("/If-None-Match", ErrorCode.INVALID_VALUE, _NO_STAR)
            raise InvalidInput((problem,), ErrorCode.INVALID_VALUE)
        return 0
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    found = _TAG.fullmatch(header.strip())
    if found is None:
        problem = Problem("/If-Match", ErrorCode.INVALID_VALUE, _BAD_TAG)
        raise InvalidInput((problem,), ErrorCode.INVALID_VALUE)
    return int(found["version"])


def patch_schema(document: dict[str, Any]) -> dict[str, Any]:
    """What a part of a document may be: any of its keys, and null where it is to go."""
    parts = document["properties"]
    one = parts["evidence"]["additionalProperties"]
    evidence = {k: v for k, v in one.items() if k != "required"} | {"type": ["object", "null"]}
    return {
        "type": "object",
        "properties": {
            **parts,
            "profile": {"anyOf": [parts["profile"], {"type": "null"}]},
            "evidence": parts["evidence"] | {"additionalProperties": evidence},
        },
    }
