"""The service over its own catalogue, asked over its public interface."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.domain.evaluation.evaluator import Status
from tests.cases.answers import AS_OF, Answer, Ask, Facts


@pytest.fixture
def ask(own_client: FlaskClient) -> Ask:
    """Ask about a company and its projects. No answer may ever call anybody eligible."""

    def ask_company(
        company: Facts, *projects: Facts, as_of: str = AS_OF, detail: str = "full"
    ) -> Answer:
        profile: dict[str, Any] = {
            "company": dict(company),
            "projects": [dict(p) for p in projects],
        }
        request = {"as_of": as_of, "statuses": list(Status), "limit": 500, "detail": detail}
        request["profile"] = profile
        response = own_client.post("/api/v1/match", json=request)
        assert response.status_code == 200, response.get_data(as_text=True)
        body: dict[str, Any] = response.get_json()
        assert body["summary"]["eligible"] == 0
        return Answer(body)

    return ask_company
