"""What another process writes of each programme is used as if the worker had written it."""

from dataclasses import replace

import pytest

from service.compiled import match_writer
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.evaluated_subject import ConditionNumbers
from service.compiled.match_template import OpenJson
from service.domain.evaluation.evaluator import AnswerDetail
from service.intake.requests import MatchRequest
from service.rendering.match_json import MatchRenderer
from service.storage.compiled_bytes import packed, unpacked
from service.usecases.matching import answer_request
from tests.compiled.test_match_answers import BENCH, requests


def test_answers_of_what_was_written_ahead_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte, in every degree of detail and language; and of what was written in all
    languages together nothing is written again."""
    monkeypatch.setattr(match_writer, "MAX_WARM", 0)
    written = unpacked(packed(tuple(BENCH.match_answers.writer.write_ahead())))
    assert isinstance(written, tuple)
    worker = CompiledCatalogue(BENCH.catalogue)
    assert worker.match_answers.writer.is_made_when_shown
    worker.match_answers.writer.ahead = written
    for profile, as_of, options in requests(12, seed=11):
        request = MatchRequest(profile, profile, (), as_of, None, replace(options, offset=0))
        told = answer_request(worker, request, as_of)
        assert told == answer_request(BENCH, request, as_of)
    monkeypatch.setattr(MatchRenderer, "match_object", None)
    writer = match_writer.MatchWriter(
        BENCH.catalogue, BENCH.index.programmes, BENCH.answers, ConditionNumbers()
    )
    writer.ahead = written
    assert isinstance(writer._template(0).open_json((AnswerDetail.FULL, None)), OpenJson)
