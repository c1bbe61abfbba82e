"""Batches over HTTP: taken in, understood, run in the background, told, given back, ended."""

import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from service.api import schemas
from service.api.factory import create_app
from service.app import Services
from service.faces import api_context
from service.intake import csv_grid
from service.storage.batches import BatchState
from service.storage.cut_off_runs import MAX_CUT_OFF
from service.storage.faults import StorageFault
from service.usecases.portfolio import table_preview
from service.usecases.tenancy.batch_worker import BatchWorker
from service.usecases.tenancy.batches import file_stem
from tests.api.keys import authorization
from tests.api.sample import data

TABLE = "name,Kind,company.employees\n甲,enterprise,50\n乙,nonsense,80\n丙,enterprise,若干\n"


@pytest.fixture
def own_settings() -> dict[str, Any]:
    return {"max_batches": 3}


def send(api: FlaskClient, table: str = TABLE, **query: str) -> TestResponse:
    file = (io.BytesIO(table.encode("gb18030")), "客户.csv")
    return api.post("/api/v1/batches", data={"file": file}, query_string=query)


def test_a_table_is_understood_and_answered(
    api: FlaskClient, worker: BatchWorker, tmp_path: Path
) -> None:
    """What was understood comes at once, answers and faults once it has run, in every form."""
    made = send(api, lang="zh", as_of="2026-11-22")
    assert made.status_code == 201
    batch = data(made)
    address = made.headers["Location"]
    assert batch["state"] == "queued"
    assert schemas.BatchSchema().validate(batch) == {}
    assert [c["fact"] for c in batch["understood"]["columns"]] == [
        "company.name", "company.kind", "company.employees"
    ]  # fmt: skip
    waiting = api.get(f"{address}/result")
    assert (waiting.status_code, data(waiting)["code"]) == (409, "conflict")
    worker.run(batch["id"])
    done = data(api.get(address))
    assert (done["state"], done["rows"], done["errors"]) == ("done", 3, 2)
    faults = data(api.get(f"{address}/faults"))
    assert [f["cell"] for f in faults["items"]] == ["B3", "C4"]
    lines = api.get(f"{address}/result?format=jsonl", buffered=True).data.splitlines()
    assert [json.loads(line)["row"] for line in lines] == [2, 3, 4]
    assert json.loads(lines[0])["company.name"] == "甲"
    parquet = tmp_path / "answers.parquet"
    parquet.write_bytes(
        api.get(f"{address}/result", query_string={"format": "parquet"}, buffered=True).data
    )
    assert pyarrow.parquet.read_table(parquet).num_rows == 3
    for path in ("result", "faults"):
        book = api.get(f"{address}/{path}", query_string={"format": "xlsx"}, buffered=True)
        assert len(CalamineWorkbook.from_filelike(io.BytesIO(book.data)).sheet_names) >= 2
    assert len(data(api.get("/api/v1/batches"))["items"]) == 1


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_a_day_that_rules_cannot_reckon_around_is_refused(api: FlaskClient, day: str) -> None:
    """Before anything is kept: there is no day after the last to look at."""
    refused = send(api, as_of=day)
    assert refused.status_code == 422
    errors = data(refused)["errors"]
    assert [(e["pointer"], e["code"]) for e in errors] == [("/as_of", "out_of_range")]
    assert data(api.get("/api/v1/batches"))["items"] == []


@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
def test_the_first_and_the_last_day_of_requests_are_answered(
    api: FlaskClient, worker: BatchWorker, day: str
) -> None:
    made = send(api, as_of=day)
    worker.run(data(made)["id"])
    assert data(api.get(made.headers["Location"]))["state"] == "done"


def test_a_table_that_is_not_understood_is_refused_whole(
    api: FlaskClient, service: Services
) -> None:
    """No known column, no such form, no file: and nothing is kept."""
    strange = send(api, "编号,备注\n1,x\n")
    assert (strange.status_code, data(strange)["errors"][0]["pointer"]) == (422, "/file")
    other = api.post("/api/v1/batches", data={"file": (io.BytesIO(b"x"), "a.exe")})
    assert (other.status_code, data(other)["errors"][0]["pointer"]) == (422, "/file")
    wrong = api.post("/api/v1/batches", data={"other": (io.BytesIO(b"x"), "a.csv")})
    assert wrong.status_code == 422
    ragged = send(api, TABLE + "丁,enterprise,5,6\n")
    assert (ragged.status_code, data(ragged)["errors"][0]["pointer"]) == (422, "/file")
    assert "丁" not in ragged.text
    json_sent = api.post("/api/v1/batches", json={})
    assert json_sent.status_code == 415
    assert "text/csv" in data(json_sent)["detail"]
    raw = api.post("/api/v1/batches", data=TABLE.encode(), content_type="text/csv")
    assert raw.status_code == 201
    lines = b'{"company.kind": "enterprise"}\n'
    assert (
        api.post("/api/v1/batches", data=lines, content_type="application/jsonl").status_code == 201
    )
    assert len(data(api.get("/api/v1/batches"))["items"]) == 2
    assert len(list(service.batch_service.batches.files.folder_of("x").parent.iterdir())) == 2


def test_a_held_batch_waits_to_be_looked_at(api: FlaskClient, worker: BatchWorker) -> None:
    made = data(send(api, hold="yes"))
    worker.run(made["id"])
    assert data(api.get(f"/api/v1/batches/{made['id']}"))["state"] == "held"
    assert data(api.post(f"/api/v1/batches/{made['id']}/start"))["state"] == "queued"
    assert api.post(f"/api/v1/batches/{made['id']}/start").status_code == 409
    worker.run(made["id"])
    assert data(api.get(f"/api/v1/batches/{made['id']}"))["state"] == "done"


@pytest.mark.parametrize(
    ("name", "stem"),
    [("客户.csv", "客户"), ("a/b:c.xlsx", "b_c"), ("..", "id"), ("2026 Q3.v2.xlsx", "2026 Q3.v2")],
)
def test_files_of_a_batch_are_called_after_its_table(name: str, stem: str) -> None:
    assert file_stem({"name": name, "id": "id"}) == stem


def test_a_name_of_a_table_is_kept_without_what_is_no_letter(api: FlaskClient) -> None:
    """NUL, which a server of databases refuses, commands to a terminal, marks of direction."""
    file = (io.BytesIO(TABLE.encode()), "客\0户\x1b[1m\u202egpj.csv")
    made = data(api.post("/api/v1/batches", data={"file": file}))
    assert made["name"] == "客户[1mgpj.csv"


def test_the_choices_of_a_batch_that_is_done_may_be_changed(
    api: FlaskClient, worker: BatchWorker
) -> None:
    """It then waits anew, and its answers are gone; what cannot be is told by its place."""
    made = data(send(api))
    address = f"/api/v1/batches/{made['id']}"
    assert api.post(f"{address}/choices", json={}).status_code == 409  # queued
    worker.run(made["id"])
    assert data(api.get(address))["errors"] == 2
    chosen = {"column": ["C="], "read": ["kind=nonsense=enterprise"]}
    held = data(api.post(f"{address}/choices", json=chosen))
    assert (held["state"], held["understood"]["choices"]["column"]) == ("held", ["C="])
    assert api.get(f"{address}/result").status_code == 409
    api.post(f"{address}/start")
    worker.run(made["id"])
    assert data(api.get(address))["errors"] == 0
    for wrong, pointer in (
        ({"column": "C="}, "/column"), ({"read": [1]}, "/read"), ({"columns": []}, "/columns"),
        ({"column": ["X=kind"]}, "/column/0"), ({"within": "nowhere"}, "/within"),
    ):  # fmt: skip
        refused = api.post(f"{address}/choices", json=wrong)
        assert refused.status_code == 422
        assert data(refused)["errors"][0]["pointer"] == pointer
    several = {"columns": [], "column": "C=", "read": [1], "within": 5}
    told = data(api.post(f"{address}/choices", json=several))["errors"]
    assert {e["pointer"] for e in told} == {"/columns", "/column", "/read", "/within"}


def test_rows_that_are_no_company_are_told_once_all_are_read(
    api: FlaskClient, worker: BatchWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a table that is too long to be looked at whole before it runs."""
    monkeypatch.setattr(table_preview, "MAX_LOOKED_AT", 1)
    monkeypatch.setattr(csv_grid, "ROWS", 500)
    monkeypatch.setattr(csv_grid, "_BLOCK", 1 << 12)
    rows = "".join(f"公司{i},enterprise,50\n" for i in range(600))
    made = data(send(api, f"name,Kind,company.employees\n{rows}公司1,enterprise,50\n合计,,30050\n"))
    assert made["understood"]["passed_over"]["totals"] == []
    assert made["understood"]["looked_at"]["whole"] is False
    worker.run(made["id"])
    understood = data(api.get(f"/api/v1/batches/{made['id']}"))["understood"]
    assert (understood["passed_over"]["totals"], understood["passed_over"]["repeated"]) == (
        [603],
        [602],
    )
    totals, repeated = (w["en"] for w in understood["warnings"][-2:])
    assert totals.startswith("Lines of totals")
    assert "stood there before" in repeated


def test_what_is_stated_for_a_whole_table_holds_when_it_runs(
    api: FlaskClient, worker: BatchWorker
) -> None:
    """Several facts and words in one request; each that cannot be is refused by its place."""
    query = {"set": ["company.kind=enterprise", "company.employees=3"], "unknown": "kind=nonsense"}
    file = (io.BytesIO(TABLE.encode()), "a.csv")
    made = data(api.post("/api/v1/batches", data={"file": file}, query_string=query))
    assert made["understood"]["choices"]["unknown"] == ["company.kind=nonsense"]
    worker.run(made["id"])
    assert data(api.get(f"/api/v1/batches/{made['id']}"))["errors"] == 1
    wrong = send(api, set="company.kind=nonsense")
    assert (wrong.status_code, data(wrong)["errors"][0]["pointer"]) == (422, "/set/0")


def test_a_cancelled_batch_is_not_run_and_a_deleted_one_is_gone(
    api: FlaskClient, worker: BatchWorker, service: Services
) -> None:
    made = data(send(api))
    address = f"/api/v1/batches/{made['id']}"
    assert data(api.post(f"{address}/cancel"))["state"] == "cancelled"
    worker.run(made["id"])
    assert data(api.get(address))["state"] == "cancelled"
    gone = api.delete(address)
    assert (gone.status_code, gone.headers.get("Content-Type")) == (204, None)
    assert api.get(address).status_code == 404
    assert not service.batch_service.batches.files.folder_of(made["id"]).exists()


def test_a_batch_is_cancelled_while_it_runs(
    api: FlaskClient, worker: BatchWorker, service: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the next batch of rows it stops, and leaves no result."""
    monkeypatch.setattr("service.usecases.tenancy.batch_worker._TOLD_EVERY", 0.0)
    made = data(send(api))
    batches = service.batch_service.batches
    progress = batches.progress

    def cancelling(batch_id: str, *told: Any) -> bool:
        api.post(f"/api/v1/batches/{batch_id}/cancel")
        return progress(batch_id, *told)

    monkeypatch.setattr(batches, "progress", cancelling)
    worker.run(made["id"])
    assert data(api.get(f"/api/v1/batches/{made['id']}"))["state"] == "cancelled"
    names = {p.name for p in batches.files.folder_of(made["id"]).iterdir()}
    assert names - {"lock"} == {"source.csv"}


def test_a_cancelled_batch_runs_again_from_its_beginning(
    api: FlaskClient, worker: BatchWorker, service: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is started before the worker has noticed that it was cancelled: no other looks
    at it then."""
    monkeypatch.setattr("service.usecases.tenancy.batch_worker._TOLD_EVERY", 0.0)
    made = data(send(api))
    address, batches = f"/api/v1/batches/{made['id']}", service.batch_service.batches
    progress, told = batches.progress, list[int]()

    def restarting(batch_id: str, *more: Any) -> bool:
        told.append(1)
        if len(told) == 1:
            api.post(f"{address}/cancel")
            assert data(api.post(f"{address}/start"))["state"] == "queued"
        return progress(batch_id, *more)

    monkeypatch.setattr(batches, "progress", restarting)
    worker.run(made["id"])
    assert len(told) > 1
    found = data(api.get(address))
    assert (found["state"], found["rows"]) == ("done", 3)
    assert api.post(f"{address}/start").status_code == 409


def test_what_a_killed_worker_left_runs_again_from_its_beginning(
    api: FlaskClient, worker: BatchWorker, service: Services
) -> None:
    """It is still called running; nobody holds its lock; each row comes once. Where somebody does
    hold it, it is left alone."""
    made = data(send(api))
    batches, now = service.batch_service.batches, service.clock.now()
    batches.claim(made["id"], "sha256:x", now)
    batches.progress(made["id"], 2, 1, now)
    (batches.files.folder_of(made["id"]) / ".answers.parquet.part").write_bytes(b"half")
    with batches.files.claim(made["id"]) as mine:
        assert mine
        worker.run(made["id"])
        assert batches.in_state(BatchState.RUNNING) != []
    worker.run(made["id"])
    done = data(api.get(f"/api/v1/batches/{made['id']}"))
    assert (done["state"], done["rows"]) == ("done", 3)


def test_a_batch_that_ends_its_worker_again_and_again_fails_at_last(
    api: FlaskClient, worker: BatchWorker, service: Services
) -> None:
    """It stood first in the queue for ever, and nobody else's was run. Chosen anew it runs anew."""
    batch, files = data(send(api))["id"], service.batch_service.batches.files
    (files.folder_of(batch) / "cut-off").write_bytes(b"x" * MAX_CUT_OFF)
    worker.run(batch)
    failed = data(api.get(f"/api/v1/batches/{batch}"))
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "too_large")
    assert f"ended {MAX_CUT_OFF} times" in failed["problem"]["messages"][0]["en"]
    api.post(f"/api/v1/batches/{batch}/choices", json={})
    api.post(f"/api/v1/batches/{batch}/start")
    worker.run(batch)
    assert data(api.get(f"/api/v1/batches/{batch}"))["state"] == "done"


def test_a_table_of_more_rows_than_anybody_has_is_given_up(
    api: FlaskClient, worker: BatchWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some hundred bytes of Parquet may hold one row a thousand million times, and whoever sent
    his after it would wait for days."""
    monkeypatch.setattr("service.usecases.tenancy.batch_worker.MAX_ROWS", 2)
    batch = data(send(api))["id"]
    worker.run(batch)
    failed = data(api.get(f"/api/v1/batches/{batch}"))
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "too_large")
    assert "at most 2 rows" in failed["problem"]["messages"][0]["en"]


def test_a_table_that_fails_on_the_way_says_why(
    api: FlaskClient, worker: BatchWorker, service: Services
) -> None:
    """A line of another length may be found only while reading; the cells are not told."""
    made = data(send(api))
    source = service.batch_service.batches.files.folder_of(made["id"]) / "source.csv"
    source.write_text(TABLE + "丁,enterprise,5,6\n")
    worker.run(made["id"])
    failed = data(api.get(f"/api/v1/batches/{made['id']}"))
    assert failed["state"] == "failed"
    assert "丁" not in json.dumps(failed["problem"], ensure_ascii=False)
    assert "3" in failed["problem"]["messages"][0]["en"]


def test_progress_is_pushed_until_the_end(api: FlaskClient, worker: BatchWorker) -> None:
    made = data(send(api))
    worker.run(made["id"])
    pushed = api.get(f"/api/v1/batches/{made['id']}/events", buffered=True)
    assert pushed.content_type == "text/event-stream; charset=utf-8"
    assert '"state":"done"' in pushed.text
    assert pushed.text.startswith("retry: ")


def test_a_batch_deleted_while_its_progress_is_pushed_ends_the_stream(api: FlaskClient) -> None:
    made = data(send(api))
    pushed = api.get(f"/api/v1/batches/{made['id']}/events", buffered=False)
    parts = iter(pushed.response)
    assert next(parts) == b"retry: 1000\n\n"
    assert b"event: progress" in next(parts)
    assert next(parts) == b":\n\n", "so that a client that has gone is noticed"
    assert api.delete(f"/api/v1/batches/{made['id']}").status_code == 204
    assert list(parts) == []
    pushed.close()


def test_a_quota_bounds_what_is_kept_and_time_what_stays(
    api: FlaskClient, service: Services
) -> None:
    for _ in range(3):
        assert send(api).status_code == 201
    refused = send(api)
    assert (refused.status_code, data(refused)["code"]) == (409, "quota_exceeded")
    batches = service.batch_service.batches
    latest = max(b.expires_at for b in batches.of_tenant("bank"))
    assert batches.purge(latest) == 3
    assert list(batches.files.folder_of("x").parent.iterdir()) == []


def test_the_same_table_sent_twice_is_one_batch(api: FlaskClient) -> None:
    """Though a form's boundary differs each time."""
    for _ in range(2):
        file = (io.BytesIO(TABLE.encode()), "t.csv")
        header = {"Idempotency-Key": "a"}
        made = api.post("/api/v1/batches", data={"file": file}, headers=header)
        assert made.status_code == 201
    assert len(data(api.get("/api/v1/batches"))["items"]) == 1


def test_another_tenants_batch_is_not_found(
    api: FlaskClient, service: Services, worker: BatchWorker
) -> None:
    made = data(send(api))
    worker.run(made["id"])
    rival = authorization(service, "rival")
    for method, path in (
        ("GET", ""), ("GET", "/events"), ("GET", "/faults"), ("GET", "/result"), ("POST", "/start"),
        ("POST", "/cancel"), ("DELETE", ""),
    ):  # fmt: skip
        answer = api.open(f"/api/v1/batches/{made['id']}{path}", method=method, headers=rival)
        assert answer.status_code == 404, path
    assert data(api.get("/api/v1/batches", headers=rival))["items"] == []


def test_a_template_needs_no_key(service: Services) -> None:
    client = create_app(api_context(service)).test_client()
    for form, first in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        query = {"format": form, "lang": "en"}
        assert client.get("/api/v1/batches/template", query_string=query).data.startswith(first)


def test_the_queue_brings_a_batch_to_its_worker(service: Services, tmp_path: Path) -> None:
    """From another process' end of the queue, through the file."""
    from service.storage.jobs import JobQueue  # noqa: PLC0415

    path = tmp_path / "jobs"
    JobQueue(path).put("abc")
    taken = JobQueue(path)
    done: list[str] = []
    taken._work = done.append
    task = taken.huey.dequeue()
    assert task is not None
    taken.huey.execute(task)
    assert done == ["abc"]
    assert taken.huey.dequeue() is None


def test_a_queue_that_cannot_be_opened_is_a_fault_of_the_storage(tmp_path: Path) -> None:
    """Told in words by `huice work`, as every other."""
    from service.storage.jobs import JobQueue  # noqa: PLC0415

    (tmp_path / "jobs").mkdir()
    with pytest.raises(StorageFault, match="jobs"):
        JobQueue(tmp_path / "jobs").put("abc")
    with pytest.raises(StorageFault, match="jobs"):
        JobQueue(tmp_path / "jobs").consume(lambda _: None, lambda: None)


def test_a_start_sent_twice_is_done_once(api: FlaskClient) -> None:
    """With the same key the first answer comes again; without one the second is refused."""
    address = send(api, hold="yes").headers["Location"]
    header = {"Idempotency-Key": "start-1"}
    first = api.post(f"{address}/start", headers=header)
    again = api.post(f"{address}/start", headers=header)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.data == again.data
    assert api.post(f"{address}/start").status_code == 409
