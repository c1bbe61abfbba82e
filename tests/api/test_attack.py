"""Two tenants attack each other through every path of the document, with keys of every scope.

Nothing of the victim's is told, nothing of it is changed. Paths come from the OpenAPI document and
tables from the database: a new one is attacked without a word here, or fails for want of an id.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api.factory import create_app
from service.app import Services, open_services
from service.background import change_detector
from service.domain.principal import Scope
from service.faces import api_context
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Store
from tests.api.keys import authorization
from tests.api.sample import data, settings_for
from tests.batches import answer_batch

USCC = "91310000MA1FL2AB6U"
NAME, FIGURE = "甲方机密有限公司", "98765432"
COMPANY = {"name": NAME, "kind": "enterprise", "employees": 50, "revenue": FIGURE}
ORDER = {"Idempotency-Key": "order-1"}
# What is named in a query, by the victim's word for it.
QUERIED = {"from": "batch_id"}
# Whom a table's rows belong to stands in one of these columns.
OWNERS = ("tenant", "owner")
# What belongs to no tenant: the catalogue, the program's own, and cases, opened by their secret.
NOBODYS = {
    "migrations", "catalogue_versions", "catalogue_blobs", "catalogue_files", "search_documents",
    "search_index", "search_versions", "official_texts", "server_keys", "tenants", "dictionaries",
    "receipt_chain", "receipt_origins", "receipt_answers", "cases", "case_links", "case_receipts",
    "batch_files", "served_catalogue", "outlook_orders",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A service, its paths, and what the victim keeps there by the names of path parameters."""

    service: Services
    api: FlaskClient
    operations: tuple[tuple[str, str, dict[str, Any]], ...]
    public: dict[str, str]
    victims: dict[str, str]
    rivals: dict[str, dict[str, str]]


def rivals(service: Services) -> dict[str, dict[str, str]]:
    """Nobody, a key of each scope, and one of all."""
    keys = {scope.value: authorization(service, "rival", scope) for scope in Scope}
    return {"nobody": {}, **keys, "all": authorization(service, "rival", *Scope)}


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    path = tmp_path_factory.mktemp("attack") / "huice.sqlite3"
    service = open_services(settings_for(path))
    api = create_app(api_context(service)).test_client()
    paths = data(api.get("/api/v1/openapi.json"))["paths"]
    operations = [
        (method.upper(), path, operation)
        for path, item in paths.items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "responses" in operation
    ]
    # A rival's own company of the same code would answer in the victim's place.
    operations.sort(key=lambda found: found[0] == "PUT")
    yield Field(
        service, api, tuple(operations), public(service), victims(service, api), rivals(service)
    )
    service.close()


def public(service: Services) -> dict[str, str]:
    """Parts of the catalogue, which are anybody's."""
    catalogue = service.compiled.catalogue
    programme = next(iter(catalogue.programmes.values()))
    return {
        "programme_id": programme.id,
        "measure_id": programme.clause.measure,
        "article": str(programme.clause.article),
        "list_id": next(iter(catalogue.vocabulary.lists)),
        "row": "2",
    }


def victims(service: Services, api: FlaskClient) -> dict[str, str]:
    """A bank that has used everything; the ids of what it keeps."""
    mine = authorization(service, "bank", *Scope)
    profile = {"company": COMPANY}
    kept = api.put(f"/api/v1/companies/{USCC}", json={"profile": profile}, headers=mine)
    assert kept.status_code == 201
    asked = {"json": {"profile": profile}, "headers": {**mine, **ORDER}}
    receipt = data(api.post("/api/v1/match", **asked))["receipt_id"]
    table = {"file": (io.BytesIO(f"name,Kind\n{NAME},enterprise\n".encode()), "客户.csv")}
    batch = data(api.post("/api/v1/batches?verdicts=yes", data=table, headers=mine))["id"]
    answer_batch(service, batch)
    (key,) = data(api.get("/api/v1/keys", headers=mine))["items"]
    return {
        "uscc": USCC,
        "receipt_id": receipt,
        "batch_id": batch,
        "key_id": key["id"],
        **followed(service, api, mine),
    }


def followed(service: Services, api: FlaskClient, mine: dict[str, str]) -> dict[str, str]:
    """What the bank follows, an event of it, and where it is delivered."""
    service.serve()
    asked = {"json": {"kind": "company", "target": USCC}, "headers": mine}
    subscription = data(api.post("/api/v1/subscriptions", **asked))["id"]
    url = {"url": "https://hooks.bank.example/in"}
    webhook = data(api.post("/api/v1/webhooks", json=url, headers=mine))["id"]
    event = data(api.post(f"/api/v1/webhooks/{webhook}/test", headers=mine))["event"]
    change_detector(service.settings, service.store, service.local).run()
    return {"subscription_id": subscription, "webhook_id": webhook, "event_id": event}


def columns_of(store: Store) -> dict[str, list[str]]:
    """The tables of the state with their columns, whichever engine keeps it."""
    if isinstance(store, SqliteStore):
        return {t.name: [c.name for c in t.columns] for t in store.connection().tables}
    listed = store.connection().execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() ORDER BY ordinal_position"
    )
    found: dict[str, list[str]] = {}
    for table, column in listed:
        found.setdefault(table, []).append(column)
    return found


def rows(service: Services, tenant: str) -> dict[str, str]:
    """A digest of all that a tenant keeps, by table, and of its files."""
    db = service.store.connection()
    found = {}
    for table, columns in columns_of(service.store).items():
        owner = next((name for name in columns if name in OWNERS), None)
        if owner is None:
            assert re.sub(r"(?<=search_index)_.*", "", table) in NOBODYS, table
            continue
        owned = db.execute(f'SELECT * FROM "{table}" WHERE {owner} = ?', (tenant,)).fetchall()
        found[table] = hashlib.sha256(repr(sorted(map(repr, owned))).encode()).hexdigest()
    for batch in service.batch_service.batches.of_tenant(tenant):
        folder = service.batch_service.batches.files.folder_of(batch.id)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def attack(
    field: Field, method: str, path: str, operation: dict[str, Any], **more: Any
) -> TestResponse:
    """The call with the victim's ids in path and query, and a body that is as it should be."""
    needed = [p["name"] for p in operation.get("parameters", ()) if p.get("required")]
    query = {name: field.victims[QUERIED[name]] for name in needed if name in QUERIED}
    ids = {**field.public, **field.victims}
    address = re.sub(r"{(\w+)}", lambda named: ids[named[1]], path)
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        more["data"] = {"file": (io.BytesIO(b"name,Kind\nx,enterprise\n"), "a.csv")}
    elif content:
        more["json"] = content["application/json"].get("example", {})
    return field.api.open(address, method=method, query_string=query, buffered=True, **more)


def is_victims(path: str, victims: dict[str, str]) -> bool:
    return any(f"{{{name}}}" in path for name in victims)


def test_nothing_leaks_and_nothing_is_changed(field: Field) -> None:
    """Whatever path, whatever scope: another's is not found, or not even looked for."""
    before = rows(field.service, "bank")
    assert len(before) > 6
    secrets = (NAME, FIGURE)
    for method, path, operation in field.operations:
        for name, headers in field.rivals.items():
            answer = attack(field, method, path, operation, headers=headers)
            where = (name, method, path, answer.status_code)
            assert answer.status_code < 500, where
            # The code of a company is public, and the ids of an address may stand in its answer.
            ids = [i for p, i in field.victims.items() if f"{{{p}}}" not in path and p != "uscc"]
            told = [word for word in (*secrets, *ids) if word.encode() in answer.data]
            assert not told, (where, told)
            if is_victims(path, field.victims) and method != "PUT":
                assert answer.status_code in (401, 403, 404), where
    assert rows(field.service, "bank") == before


def test_the_owner_still_has_it_all(field: Field) -> None:
    """What a rival is refused, the owner is given: the attack was on what is there."""
    owner = authorization(field.service, "bank", *Scope)
    for method, path, operation in field.operations:
        if method == "GET" and is_victims(path, field.victims):
            answer = attack(field, method, path, operation, headers=owner)
            assert answer.status_code == 200, (path, answer.text)


def test_a_name_of_another_clients_request_gives_nothing(field: Field) -> None:
    """The same Idempotency-Key and body, by another tenant and by nobody."""
    body = {"profile": {"company": COMPANY}}
    for headers in (field.rivals["match"], {}):
        answer = field.api.post("/api/v1/match", json=body, headers={**headers, **ORDER})
        assert answer.status_code == 200
        assert data(answer)["receipt_id"] != field.victims["receipt_id"]


def test_a_receipt_of_nobodys_is_read_by_whoever_knows_it_and_deleted_by_no_tenant(
    field: Field,
) -> None:
    """And one of a tenant's is deleted by that tenant alone."""
    made = data(field.api.post("/api/v1/match", json={"profile": {}}))["receipt_id"]
    address, rival = f"/api/v1/receipts/{made}", field.rivals["all"]
    assert field.api.get(address, headers=rival).status_code == 200
    assert field.api.delete(address, headers=rival).status_code == 404
    assert field.api.get(address).status_code == 200
    own = data(field.api.post("/api/v1/match", json={"profile": {}}, headers=rival))["receipt_id"]
    assert field.api.get(f"/api/v1/receipts/{own}").status_code == 404
    assert field.api.delete(f"/api/v1/receipts/{own}", headers=rival).status_code == 204
    assert field.api.get(f"/api/v1/receipts/{own}", headers=rival).status_code == 404
