"""Over HTTP: the companies of a batch, why each came out so, every verdict, and what changed."""

import csv
import io
import json
from typing import Any

from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from service.app import Services
from service.domain.principal import Scope
from service.usecases.tenancy.batch_worker import BatchWorker
from tests.api.keys import authorization
from tests.api.sample import data

CODE = "91310000MA1FL2AB6U"
HEAD = (
    "name,USCC,Kind,company.employees,company.registered_region,company.founded_on,"
    "客户号,客户经理\n"
)
TABLE = (
    f"{HEAD}甲,{CODE},enterprise,50,900101,2020-01-01,C1,林\n乙,,nonsense,5,,,C2,林\n"
    "丙,,enterprise,51,900101,2020-01-01,C3,=1+1\n"
)
OUT_OF_BOUNDS = "丁,,enterprise,-5,900101,2020-01-01,C4,林\n"
OWN = {"客户号": "C1", "客户经理": "林"}


def answered(api: FlaskClient, worker: BatchWorker, table: str = TABLE, **query: str) -> str:
    """The address of a batch that is done."""
    sent = {"file": (io.BytesIO(table.encode()), "t.csv")}
    asked = {"as_of": "2026-06-01", **query}
    batch = data(api.post("/api/v1/batches", data=sent, query_string=asked))
    worker.run(batch["id"])
    return f"/api/v1/batches/{batch['id']}"


def verdicts(api: FlaskClient, address: str, **query: str) -> list[dict[str, str]]:
    found = api.get(f"{address}/verdicts", query_string=query, buffered=True)
    assert found.status_code == 200, found.text
    return list(csv.DictReader(io.StringIO(found.data.decode("utf-8-sig"))))


def test_companies_of_a_batch_come_in_pages_each_with_its_counts(
    api: FlaskClient, worker: BatchWorker
) -> None:
    """In the table's order, with the sender's own number and officer; one with an error says so,
    by the fact's label in the reader's language."""
    address = answered(api, worker)
    first = data(api.get(f"{address}/rows?limit=2"))
    good, bad = first["items"]
    assert (good["row"], good["name"], good["uscc"], good["own"]) == (2, "甲", CODE, OWN)
    assert good["counts"]["potential"] == 1
    assert (bad["counts"], "company.kind" in bad["error"]) == (None, False)
    assert (good["warnings"] is not None, bad["warnings"]) == (True, None)
    assert (first["total"], first["companies"]["potential"]) == (3, 1)
    english = data(api.get(f"{address}/rows?limit=2", headers={"Accept-Language": "en"}))
    assert english["items"][1]["error"] == "Kind: “nonsense” is not in the list Kinds"
    assert "“nonsense”" in bad["error"]
    assert "is not in" not in bad["error"]
    assert english["items"][0]["warnings"] != good["warnings"]
    rest = data(api.get(f"{address}/rows", query_string={"cursor": first["next_cursor"]}))
    assert ([i["row"] for i in rest["items"]], rest["next_cursor"]) == ([4], None)
    assert api.get(f"{address}/rows?cursor=x").status_code == 422


def test_a_row_is_matched_as_its_profile_would_be(api: FlaskClient, worker: BatchWorker) -> None:
    """Of the batch's day, with every condition; a row with an error has no answer."""
    address = answered(api, worker, TABLE + OUT_OF_BOUNDS)
    found = data(api.post(f"{address}/rows/2/match", json={}))
    row = data(api.get(f"{address}/rows?limit=1"))["items"][0]
    assert (found["as_of"], found["summary"]) == ("2026-06-01", row["counts"])
    assert found["matches"][0]["conditions"]
    assert data(api.post(f"{address}/rows/2/match", json={"as_of": "2026-01-01"}))["as_of"] == (
        "2026-01-01"
    )
    for faulty in (3, 5):
        assert api.post(f"{address}/rows/{faulty}/match", json={}).status_code == 404
    own = api.post(f"{address}/rows/2/match", json={"profile": {}})
    assert data(own)["errors"][0]["pointer"] == "/profile"


def test_a_batch_is_compared_with_an_earlier_one(
    api: FlaskClient, worker: BatchWorker, service: Services
) -> None:
    """Whose programmes came out otherwise, a page at a time; another tenant's batch is unknown."""
    earlier = answered(api, worker)
    later = answered(api, worker, TABLE.replace("nonsense", "enterprise").replace(",51,", ",50,"))
    before = {"from": earlier.rpartition("/")[2]}
    found = data(api.get(f"{later}/changes", query_string=before))
    assert (found["both"], found["changed"], found["errors_gone"]) == (3, 2, 1)
    mended, grown = found["items"]
    assert (mended["name"], {c["before"] for c in mended["changes"]}) == ("乙", {None})
    assert "potential" in {c["after"] for c in grown["changes"]}
    page = data(api.get(f"{later}/changes", query_string={**before, "limit": 1}))
    assert (len(page["items"]), page["next_cursor"]) == (1, "1")
    next_page = {**before, "cursor": page["next_cursor"]}
    assert data(api.get(f"{later}/changes", query_string=next_page))["items"] == [grown]
    unnamed = api.get(f"{later}/changes")
    assert (unnamed.status_code, data(unnamed)["errors"][0]["pointer"]) == (422, "/from")
    rival = {"headers": authorization(service, "rival", *Scope)}
    sent = {"file": (io.BytesIO(TABLE.encode()), "t.csv")}
    theirs = data(api.post("/api/v1/batches", data=sent, **rival))["id"]
    worker.run(theirs)
    stolen = api.get(f"/api/v1/batches/{theirs}/changes", query_string=before, **rival)
    assert (stolen.status_code, data(stolen)["errors"][0]["pointer"]) == (404, "/from")


def test_every_verdict_of_every_company_is_written_where_it_is_asked_for(
    api: FlaskClient, worker: BatchWorker, service: Services
) -> None:
    """At the upload or afterwards: as many lines as programmes in force that have a status, each
    with whose it is and why; in every form, all of them or of one programme or status."""
    address = answered(api, worker)
    unasked = api.get(f"{address}/verdicts")
    assert (unasked.status_code, data(api.get(address))["verdicts"]) == (409, False)
    asked = data(api.post(f"{address}/verdicts"))
    assert (asked["state"], asked["verdicts"]) == ("queued", True)
    worker.run(asked["id"])
    assert data(api.post(f"{address}/verdicts"))["state"] == "done"  # nothing to do again
    lines = verdicts(api, address)
    rows = {i["row"]: i["counts"] for i in data(api.get(f"{address}/rows"))["items"]}
    for row in (2, 4):
        here = [line for line in lines if line["row"] == str(row)]
        told = {s: sum(line["status"] == s for line in here) for s in rows[row]}
        assert told == {**rows[row], "not_in_force": 0}
    assert {(line["客户号"], line["客户经理"]) for line in lines} == {("C1", "林"), ("C3", "'=1+1")}
    assert all(line["why"] and line["clause"] for line in lines)
    refused = verdicts(api, address, status="ineligible")
    assert {line["status"] for line in refused} == {"ineligible"}
    one = lines[0]["programme"]
    query = {"format": "xlsx", "programme": one}
    book = api.get(f"{address}/verdicts", query_string=query, buffered=True).data
    heads, *shown = (
        CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    )
    assert ([line[0] for line in shown], heads[3:5]) == ([2, 4], ["客户号", "客户经理"])
    as_json = api.get(f"{address}/verdicts?format=jsonl", buffered=True).data.splitlines()
    assert json.loads(as_json[0])["why"] == lines[0]["why"]
    assert api.get(f"{address}/verdicts?programme=nosuch").status_code == 404
    at_upload = answered(api, worker, verdicts="yes")
    assert verdicts(api, at_upload) == lines


def test_another_run_of_a_batch_leaves_nothing_of_the_one_before(
    api: FlaskClient, worker: BatchWorker
) -> None:
    """Neither a file in another format nor the companies that were read for a programme."""
    address = answered(api, worker)
    ask: dict[str, Any] = {"batch": address.rpartition("/")[2], "as_of": "2026-06-01"}
    programme = verdicts(api, answered(api, worker, verdicts="yes"))[0]["programme"]
    candidates = f"/api/v1/programmes/{programme}/candidates"
    listed = data(api.post(candidates, json=ask))
    (first,) = (i for i in listed["items"] if i["row"] == 2)
    assert (listed["summary"]["unreadable"], first["own"]) == (1, OWN)
    as_csv = api.post(candidates, json={**ask, "format": "csv"}, buffered=True).data
    as_lines = csv.DictReader(io.StringIO(as_csv.decode("utf-8-sig")))
    assert ("C1", "林", CODE) in [(w["客户号"], w["客户经理"], w["uscc"]) for w in as_lines]
    as_xlsx = api.post(candidates, json={**ask, "format": "xlsx"}, buffered=True).data
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx))
    for sheet in book.sheet_names[:2]:
        heads, *lines = book.get_sheet_by_name(sheet).to_python()
        assert heads[3:5] == ["客户号", "客户经理"]
        assert [CODE, 2.0, "C1", "林"] in [line[1:5] for line in lines]
    assert api.get(f"{address}/result?format=csv", buffered=True).status_code == 200
    chosen = {"read": ["kind=nonsense=enterprise"]}
    api.post(f"{address}/choices", json=chosen)
    api.post(f"{address}/start")
    worker.run(ask["batch"])
    text = api.get(f"{address}/result?format=csv", buffered=True).data.decode("utf-8-sig")
    assert not any(line["error"] for line in csv.DictReader(io.StringIO(text)))
    assert data(api.post(candidates, json=ask))["summary"]["unreadable"] == 0
