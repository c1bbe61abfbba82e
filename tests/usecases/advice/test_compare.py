"""Two evaluations side by side: what differs, and because of what."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.faces import api_context
from tests.api.sample import data
from tests.usecases.meridian import LIGHTHOUSE, Opener, request

PATH = "/api/v1/match/compare"


def compared(client: FlaskClient, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Programme → what differs."""
    response = client.post(PATH, json={"before": before, "after": after})
    assert response.status_code == 200, response.text
    return {c["programme"]: c for c in data(response)["changes"]}


def test_equal_sides_differ_in_nothing(client: FlaskClient) -> None:
    """And nothing is recorded."""
    assert compared(client, request(), request()) == {}


def test_the_fact_that_turned_a_result_is_named_with_both_values(client: FlaskClient) -> None:
    """One employee too many; what else may differ without effect is not blamed."""
    changes = compared(client, request(), request(employees=51, revenue="1.00"))
    assert changes.keys() == {"me-young-firm"}
    change = changes["me-young-firm"]
    assert change["before"]["status"] == "potential"
    assert change["after"]["status"] == "ineligible"
    (reason,) = change["because"]
    assert (reason["cause"], reason["facts"]) == ("fact", ["company.employees"])
    assert (reason["before"], reason["after"]) == ("50", "51")
    assert reason["clause"] == {"measure": "me-2026-1", "article": 2}
    assert "50" in reason["text"]["zh"]


def test_a_fact_left_out_turns_a_result_open(client: FlaskClient) -> None:
    """Unknown is not zero: the result is undetermined, what was seen is null."""
    (change,) = compared(client, request(), request(employees=None)).values()
    assert change["after"]["status"] == "undetermined"
    assert (change["because"][0]["before"], change["because"][0]["after"]) == ("50", None)


def test_a_ceiling_names_the_fact_it_is_reckoned_from(client: FlaskClient) -> None:
    """The status stays, the amount moves."""
    bigger = request()
    bigger["profile"]["projects"][0]["contract_amount"] = "50000000.00"
    (change,) = compared(client, request(), bigger).values()
    assert (change["before"]["ceiling"], change["after"]["ceiling"]) == (
        "18000000.00",
        "15000000.00",
    )
    assert change["because"][0]["facts"] == ["project.contract_amount"]


def test_a_project_on_one_side_only_is_said_to_be(client: FlaskClient) -> None:
    """The other side has a project that nobody has submitted instead."""
    without = request()
    without["profile"]["projects"] = []
    response = data(client.post(PATH, json={"before": request(), "after": without}))
    causes = {(c["programme"], c["subject"]): c["because"][0]["cause"] for c in response["changes"]}
    assert causes == {("me-lighthouse", "p1"): "subject", ("me-lighthouse", None): "subject"}


def test_two_dates_name_the_window(client: FlaskClient) -> None:
    """The last day, and the day after."""
    last, over = {"as_of": "2026-12-31"}, {"as_of": "2027-01-01"}
    changes = compared(client, {**request(), **last}, {**request(), **over})
    assert {c["after"]["status"] for c in changes.values()} == {"not_in_force"}
    assert {c["because"][0]["cause"] for c in changes.values()} == {"window"}


def test_two_catalogue_versions_name_what_was_rewritten(opener: Opener) -> None:
    """The old version is asked for by its digest, as receipts and answers name it."""
    old = opener().compiled.catalogue.version
    client = create_app(api_context(opener((LIGHTHOUSE, "rate: 0.30", "rate: 0.20")))).test_client()
    changes = compared(client, {**request(), "catalogue_version": old}, request())
    assert changes.keys() == {"me-lighthouse"}
    change = changes["me-lighthouse"]
    assert (change["before"]["ceiling"], change["after"]["ceiling"]) == (
        "18000000.00",
        "12000000.00",
    )
    (part,) = change["because"][0]["rewritten"]
    assert ("30%" in part["before"]["zh"], "20%" in part["after"]["zh"]) == (True, True)


def test_a_side_is_read_in_the_words_of_its_own_catalogue(opener: Opener) -> None:
    """A fact that has been renamed since may be stated by its old name on the old side alone."""
    old = opener().compiled.catalogue.version
    renamed = opener(("policies/vocabulary.yaml", "share_of_research", "share_of_science"))
    client = create_app(api_context(renamed)).test_client()
    stated = request(share_of_research="0.5")
    assert compared(client, {**stated, "catalogue_version": old}, request()) == {}
    refused = client.post(PATH, json={"before": request(), "after": stated})
    assert data(refused)["errors"][0]["pointer"] == "/after/profile/company/share_of_research"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ([], {""}),
        ({}, {"/before", "/after"}),
        ({"before": {"profile": {}}, "after": 1}, {"/after"}),
        ({"before": {}, "after": {"profile": []}}, {"/before/profile", "/after/profile"}),
        (
            {"before": {"profile": {}, "catalogue_version": "sha256:no"}, "after": {"profile": {}}},
            {"/before/catalogue_version"},
        ),
        (
            {"before": {"profile": {}, "catalogue_version": 1}, "after": {"profile": {}}},
            {"/before/catalogue_version"},
        ),
        (
            {"before": {"profile": {}, "statuses": ["potential"]}, "after": {"profile": {}}},
            {"/before/statuses"},
        ),
        (
            {"before": {"profile": {}}, "after": {"profile": {}}, "a/b": 1},
            {"/a~1b"},
        ),
        (
            {
                "before": {"profile": {"company": {"kind": "firm"}}, "as_of": "2026-02-30"},
                "after": {"profile": {"company": {"employees": -1}}},
            },
            {"/before/as_of", "/before/profile/company/kind", "/after/profile/company/employees"},
        ),
    ],
)
def test_every_fault_of_both_sides_is_told_with_its_place(
    client: FlaskClient, body: Any, pointers: set[str]
) -> None:
    """All at once, as everywhere."""
    response = client.post(PATH, json=body)
    assert response.status_code == 422
    assert {e["pointer"] for e in data(response)["errors"]} == pointers
