"""Receipts: replayed to the byte under the rules of their day, kept as long as is asked."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import __version__
from service.api.factory import create_app
from service.api.schemas.matching import KeptAnswerSchema
from service.app import Services
from service.compiled.compiled_versions import CompiledVersions
from service.domain.clock import Clock
from service.domain.errors import NotFound, Refused
from service.domain.principal import ANONYMOUS, operator_of
from service.faces import api_context
from service.rendering.canonical_json import canonical_json
from service.storage.receipt_chain import verify_chain
from service.storage.receipt_packing import ReceiptPacking
from service.usecases.receipts.receipts import KeepReport, ReceiptApart
from tests.api.sample import data
from tests.usecases.meridian import LIGHTHOUSE, VOCABULARY, YOUNG_FIRM, Opener, request

BEIJING = timezone(timedelta(hours=8))
LOWER_CAP = (LIGHTHOUSE, "cap: 20_000_000", "cap: 15_000_000")
FEWER_STAFF = (YOUNG_FIRM, "at_most: 50}", "at_most: 40}")


def answered(opener: Opener, *changes: tuple[str, str, str], **company: Any) -> str:
    """The id of a receipt given under the rules as they are then."""
    given = opener(*changes).matching.match_json(request(**company))["receipt_id"]
    assert isinstance(given, str)
    return given


def test_a_receipt_replays_to_the_byte_after_the_rules_have_changed(opener: Opener) -> None:
    """One figure was lowered since: the old answer still comes out, today's is put beside it."""
    receipt = answered(opener)
    today = opener(LOWER_CAP)
    replay = today.receipt_service.replay(receipt, ANONYMOUS)
    assert replay["identical"] is True
    assert replay["answer"] == today.receipt_service.show(receipt, ANONYMOUS)["result"]
    assert replay["catalogue_version"]["then"] != replay["catalogue_version"]["now"]
    assert replay["engine_version"] == {"then": __version__, "now": __version__}
    (change,) = replay["difference"]["changes"]
    assert change["programme"] == "me-lighthouse"
    assert change["before"] == {
        "status": "potential",
        "ceiling": "18000000.00",
        "at_most": "18000000.00",
    }
    assert change["after"]["ceiling"] == "15000000.00"
    (reason,) = change["because"]
    assert reason["cause"] == "rule"
    assert reason["clause"] == {"measure": "me-2026-1", "article": 1}
    (part,) = reason["rewritten"]
    assert part["part"] == "ceiling"
    assert "20,000,000" in part["before"]["en"]
    assert "1,500 万元" in part["after"]["zh"]


def test_a_rewritten_condition_is_told_in_both_wordings(opener: Opener) -> None:
    """The threshold fell below the company: only the condition that changed is named."""
    receipt = answered(opener)
    (change,) = opener(FEWER_STAFF).receipt_service.replay(receipt, ANONYMOUS)["difference"][
        "changes"
    ]
    assert (change["before"]["status"], change["after"]["status"]) == ("potential", "ineligible")
    (part,) = change["because"][0]["rewritten"]
    assert part["part"] == "conditions"
    assert part["before"]["en"] == "Employees: at most 50 person"
    assert part["after"]["en"] == "Employees: at most 40 person"


def test_unchanged_rules_give_no_difference(opener: Opener) -> None:
    """The same catalogue then and now."""
    replay = opener().receipt_service.replay(answered(opener), ANONYMOUS)
    assert replay["identical"] is True
    assert replay["difference"]["changes"] == []


@pytest.mark.parametrize(
    "company",
    [
        pytest.param({}, id="a fact stands in for another, and a warning says so"),
        pytest.param({"presence_regions": ["900101"]}, id="nothing stands in"),
        pytest.param({"registered_region": None, "employees": None}, id="little is known"),
        pytest.param({"uscc": "91310000MA1FL0000N", "name": "某公司"}, id="its code is told"),
    ],
)
def test_what_was_stated_is_kept_apart_from_what_stood_in(
    opener: Opener, company: dict[str, Any]
) -> None:
    """A stand-in kept as if stated would lose its warning, and the replay would differ."""
    receipt = answered(opener, **company)
    city = opener(LOWER_CAP)
    assert city.receipt_service.replay(receipt, ANONYMOUS)["identical"] is True
    kept = city.receipt_service.show(receipt, ANONYMOUS)["request"]["profile"]
    assert ("presence_regions" in kept["company"]) == ("presence_regions" in company)


def test_another_engine_is_noted(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads "not identical" must see whether the program changed as well."""
    monkeypatch.setattr("service.usecases.matching.__version__", "0.0.1")
    receipt = answered(opener)
    assert opener().receipt_service.replay(receipt, ANONYMOUS)["engine_version"]["then"] == "0.0.1"


def test_a_receipt_keeps_what_came_out_and_the_answer_is_made_again(opener: Opener) -> None:
    """Statuses and amounts are at hand without any rules; the whole answer is not stored, and is
    the one that was given, to the digest."""
    city = opener()
    told = city.matching.match_json(request())
    receipt = told.pop("receipt_id")
    shown = opener(LOWER_CAP).receipt_service.show(receipt, ANONYMOUS)
    assert shown["result"] == told
    assert shown["digests"]["sha256"] == sha256(canonical_json(told)).hexdigest()
    assert shown["outcome"]["summary"] == told["summary"]
    assert [(m["programme"], m["subject"], m["status"], m["amount"], m["high"])
            for m in shown["outcome"]["matches"]] == [
        (m["programme"]["id"], m["subject"], m["status"],
         *((m["ceiling"]["amount"], m["ceiling"]["high"]) if m["ceiling"] else (None, None)))
        for m in told["matches"]
    ]  # fmt: skip
    assert city.store.row("SELECT count(*) FROM receipt_answers") == (0,)


def _receipt_shown(opener: Opener) -> tuple[Services, str, dict[str, Any]]:
    """A service, a receipt that it gave, and how it shows it."""
    city = opener()
    receipt = answered(opener)
    return city, receipt, city.receipt_service.show(receipt, ANONYMOUS)


def _another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that words its answers otherwise."""
    monkeypatch.setattr(
        "service.usecases.receipts.receipts.answer_request", lambda *_: b'{"otherwise":true}'
    )


def test_an_answer_that_is_not_made_again_is_never_replaced_by_another(
    opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program of its day is named; statuses, amounts and digest still stand."""
    city, receipt, before = _receipt_shown(opener)
    service = city.receipt_service
    assert list(service.answers_apart()) == []
    _another_program(monkeypatch)
    for ask in (service.show, service.replay, city.memos.of_receipt):
        with pytest.raises(Refused, match=re.escape(__version__)):
            ask(receipt, ANONYMOUS)
    client = create_app(api_context(city)).test_client()
    assert client.get(f"/api/v1/receipts/{receipt}").status_code == 409
    digests = {"sha256": before["digests"]["sha256"], "sm3": None}
    left = {**before, "result": None, "digests": digests}
    assert service.show(receipt, ANONYMOUS, partly=True) == left
    apart = ReceiptApart(receipt, __version__, None)
    assert list(service.answers_apart()) == [apart]
    assert service.keep_answers(ReceiptPacking()) == KeepReport(0, (apart,))


def test_an_answer_kept_whole_outlives_its_program(
    opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept by the program that gave it, shown as it was by one that would answer otherwise."""
    city, receipt, before = _receipt_shown(opener)
    service = city.receipt_service
    packing = ReceiptPacking(city.matching.answer_words())
    assert service.keep_answers(packing) == KeepReport(1, ())
    assert service.keep_answers(packing) == KeepReport(0, ())
    _another_program(monkeypatch)
    assert service.show(receipt, ANONYMOUS) == before
    assert service.replay(receipt, ANONYMOUS)["identical"] is False
    assert verify_chain(city.store).faults == ()


def test_a_fact_that_today_has_no_name_is_told_and_the_rest_compared(opener: Opener) -> None:
    """The vocabulary lost a fact, and a figure was lowered: under its own rules the receipt still
    replays; what both still know of is compared, and what was left out is said."""
    receipt = answered(opener, share_of_research="0.5")
    changed = opener((VOCABULARY, "share_of_research", "share_of_science"), LOWER_CAP)
    replay = changed.receipt_service.replay(receipt, ANONYMOUS)
    assert replay["identical"] is True
    (problem,) = replay["unreadable"]
    assert problem["pointer"] == "/profile/company/share_of_research"
    whole = opener(LOWER_CAP).receipt_service.replay(answered(opener), ANONYMOUS)
    assert whole["difference"]["changes"]
    assert [c["programme"] for c in replay["difference"]["changes"]] == [
        c["programme"] for c in whole["difference"]["changes"]
    ]


def test_rules_that_this_program_cannot_read_any_more_are_refused(opener: Opener) -> None:
    """Not answered as if nothing had been: the version is named."""
    city = opener()
    versions = CompiledVersions(
        city.compiled, lambda _: {"policies/vocabulary.yaml": b"facts: 1\n"}
    )
    with pytest.raises(Refused, match="sha256:old"):
        versions.compiled("sha256:old")


def test_an_old_catalogue_is_loaded_once_and_few_are_held(opener: Opener) -> None:
    """The least recently used makes room."""
    city = opener()
    files = city.versions.load(city.compiled.catalogue.version)
    loaded: list[str] = []

    def load(version: str) -> Any:
        loaded.append(version)
        return files

    versions = CompiledVersions(city.compiled, load, max_versions=2)
    for version in "ababcab":
        versions.compiled(version)
    assert "".join(loaded) == "abcab"
    assert versions.compiled(city.compiled.catalogue.version) is city.compiled


def test_a_receipt_is_deleted_for_good(opener: Opener, database: Path) -> None:
    """Neither the table nor the bytes of the files know what was asked; a second time it is 404. To
    know its id is not enough: it takes a key that may. The audit says who deleted which."""
    city = opener()
    client = create_app(api_context(city)).test_client()
    operator = operator_of("bank")
    asked = {"name": "x", "scopes": ["receipts:delete"]}
    key = city.key_service.create(operator, asked, "test")["secret"]
    receipt = city.matching.match_json(request(), principal=operator)["receipt_id"]
    select = "SELECT content FROM receipts WHERE id = ?"
    (stored,) = city.store.connection().execute(select, (receipt,)).fetchone()
    assert stored in _bytes(database)
    assert client.delete(f"/api/v1/receipts/{receipt}").status_code == 401
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    deleted = client.delete(f"/api/v1/receipts/{receipt}")
    assert (deleted.status_code, deleted.data) == (204, b"")
    assert stored not in _bytes(database)
    for call in (client.delete, client.get):
        assert call(f"/api/v1/receipts/{receipt}").status_code == 404
    assert client.post(f"/api/v1/receipts/{receipt}/replay").status_code == 404
    last = city.audit_service.audit.page("bank", 0, 100)[-1]
    assert (last.action, last.subject) == ("receipt.delete", receipt)


def test_of_a_receipt_of_nobodys_no_byte_is_left(opener: Opener, database: Path) -> None:
    """There is no audit of nobody's, so that not even its id stays."""
    city = opener()
    receipt = city.matching.match_json(request())["receipt_id"]
    assert receipt.encode() in _bytes(database)
    city.receipt_service.delete(receipt, ANONYMOUS)
    assert receipt.encode() not in _bytes(database)


def _bytes(database: Path) -> bytes:
    return b"".join(p.read_bytes() for p in database.parent.glob(f"{database.name}*"))


def test_replay_over_http(client: FlaskClient) -> None:
    """The digests stand with the replay, as they stand with the receipt; both give the answer in
    the form that the document says, which has no id of a receipt."""
    receipt = data(client.post("/api/v1/match", json=request()))["receipt_id"]
    shown = data(client.get(f"/api/v1/receipts/{receipt}"))
    replay = data(client.post(f"/api/v1/receipts/{receipt}/replay"))
    assert replay["identical"] is True
    assert replay["digests"] == shown["digests"]
    assert replay["answer"] == shown["result"]
    assert KeptAnswerSchema().validate(shown["result"]) == {}
    assert "receipt_id" not in shown["result"]
    strange = client.post(f"/api/v1/receipts/{receipt}/replay?under=today")
    assert (strange.status_code, data(strange)["code"]) == (422, "invalid_query")


def test_retention_removes_what_is_too_old_at_the_start(opener: Opener, database: Path) -> None:
    """A receipt of this moment stays; once its days are over, the next start wipes it."""
    receipt = answered(opener)
    assert opener(retention_days=1).receipt_service.show(receipt, ANONYMOUS)["id"] == receipt
    later = opener(retention_days=1).receipt_service
    tomorrow = Clock(lambda: datetime.now(UTC) + timedelta(days=1, seconds=1), BEIJING)
    aged = type(later)(later.receipts, later.library, later.versions, tomorrow, later.retention)
    assert aged.purge() == 1
    with pytest.raises(NotFound):
        later.show(receipt, ANONYMOUS)
    assert receipt.encode() not in _bytes(database)


def test_without_a_retention_only_what_is_nobodys_grows_old(opener: Opener) -> None:
    """After a year; a tenant's is kept for ever. An age given by hand still purges all."""
    receipt = answered(opener)
    city = opener()
    own = city.matching.match_json(request(), principal=operator_of("bank"))["receipt_id"]
    assert city.receipt_service.purge() == 0
    assert city.receipt_service.show(receipt, ANONYMOUS)["id"] == receipt
    later = Clock(lambda: datetime.now(UTC) + timedelta(days=365, seconds=1), BEIJING)
    aged = replace(city.receipt_service, clock=later)
    assert aged.purge() == 1
    with pytest.raises(NotFound):
        aged.show(receipt, ANONYMOUS)
    assert aged.show(own, operator_of("bank"))["id"] == own
    assert aged.purge(timedelta(0)) == 1


def test_retention_of_no_days_keeps_no_receipt(opener: Opener) -> None:
    """The answer comes without an id, what was kept before is wiped, and nothing is written."""
    before = answered(opener)
    city = opener(retention_days=0)
    answer = city.matching.match_json(request())
    assert answer["receipt_id"] is None
    assert answer["summary"]["potential"] == 2
    assert city.receipts.count() == 0
    with pytest.raises(NotFound):
        city.receipt_service.show(before, ANONYMOUS)


def test_rules_that_a_receipt_points_at_are_never_pruned(opener: Opener) -> None:
    """Three versions: one with a receipt, one without, the present one. Only the second goes, and
    only once the third has been in force for a day."""
    receipt = answered(opener)
    unused = opener(FEWER_STAFF).compiled.catalogue.version
    receipt_service = opener(LOWER_CAP).receipt_service
    assert receipt_service.prune() == ()
    tomorrow = Clock(lambda: datetime.now(UTC) + timedelta(days=1, seconds=1), BEIJING)
    later = type(receipt_service)(
        receipt_service.receipts, receipt_service.library, receipt_service.versions, tomorrow
    )
    assert later.prune() == (unused,)
    assert later.replay(receipt, ANONYMOUS)["identical"] is True
    later.delete(receipt, ANONYMOUS)
    assert len(later.prune()) == 1
    assert later.prune() == ()
