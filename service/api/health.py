"""The probes of an operator: alive, ready, measured."""

from flask import Response
from flask_smorest import Blueprint
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from service import __version__
from service.api import schemas
from service.api.http import json_answer
from service.api.observe import metrics_text
from service.api.openapi import new_blueprint, operation
from service.api.ports import ApiContext
from service.api.problems import ProblemAnswer, problem_response, retry_headers
from service.domain.errors import HuiceError
from service.domain.text import Text

_NOT_READY = Text("数据库暂时不可用。", "The database cannot be used at the moment.")


def health_blueprint(service: ApiContext) -> Blueprint:
    """Liveness, readiness, metrics."""
    blueprint = new_blueprint("health", "运行状况 · For whoever operates it")

    @operation(blueprint, "GET /healthz", schemas.HealthSchema(), probe=True)
    def healthz() -> Response:
        return json_answer({"status": "alive"})

    @operation(
        blueprint, "GET /readyz", schemas.ReadinessSchema(), further_statuses=(503,), probe=True
    )
    def readyz() -> Response:
        try:
            service.check_ready()
        except HuiceError as error:
            return problem_response(
                ProblemAnswer(503, error.code, _NOT_READY, headers=retry_headers(error.code))
            )
        return json_answer(
            {
                "status": "degraded" if service.degraded_by else "ready",
                "degraded_by": list(service.degraded_by),
                "catalogue_version": service.compiled.catalogue.version,
                "engine_version": __version__,
            }
        )

    @operation(blueprint, "GET /metrics", None, probe=True)
    def metrics() -> Response:
        return Response(metrics_text(), content_type=CONTENT_TYPE_LATEST)

    return blueprint
