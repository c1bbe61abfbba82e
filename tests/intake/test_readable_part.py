"""What can still be read of a kept request."""

from typing import Any

import pytest

from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.text import Text
from service.intake.readable_part import read_readable, removal_order


def problem(pointer: str) -> Problem:
    return Problem(pointer, ErrorCode.UNKNOWN_CODE, Text("没有", "none"))


def reader(raw: Any) -> str:
    """Reads a profile that says nothing withdrawn, and points to all that does."""
    profile = raw["profile"]
    found = [f"/profile/company/{k}/0" for k, v in profile["company"].items() if v == ["gone"]]
    for i, project in enumerate(profile["projects"]):
        found += [f"/profile/projects/{i}/{k}" for k, v in project.items() if v == "gone"]
    found += [f"/profile/provenance/{k}" for k, v in profile["provenance"].items() if v == "gone"]
    if found:
        raise InvalidInput(tuple(map(problem, found)))
    return "read"


def test_what_cannot_be_read_is_taken_out_and_told() -> None:
    """A fact, one of a project, a project of a withdrawn kind, how something is known; the request
    that was kept stays as it was."""
    raw: dict[str, Any] = {
        "profile": {
            "company": {"fields": ["gone"], "kind": ["enterprise"]},
            "projects": [{"ref": "a", "kind": "gone"}, {"ref": "b", "use": "gone", "kind": "loan"}],
            "provenance": {"company.kind": "gone"},
        }
    }
    value, left, problems = read_readable(reader, raw)
    assert value == "read"
    assert left["profile"] == {
        "company": {"kind": ["enterprise"]},
        "projects": [{"ref": "b", "kind": "loan"}],
        "provenance": {},
    }
    assert len(problems) == 4
    assert raw["profile"]["company"]["fields"] == ["gone"]


def test_of_a_dozen_projects_those_that_are_gone_go() -> None:
    """The ninth and the tenth: the last first, by number and not by letter."""
    raw: Any = {
        "profile": {
            "company": {},
            "projects": [{"ref": f"p{i}", "kind": "loan"} for i in range(12)],
            "provenance": {},
        }
    }
    for i in (8, 9, 10):
        raw["profile"]["projects"][i]["kind"] = "gone"
    _, left, _ = read_readable(reader, raw)
    kept = [0, 1, 2, 3, 4, 5, 6, 7, 11]
    assert [p["ref"] for p in left["profile"]["projects"]] == [f"p{i}" for i in kept]
    pointers = ["/projects/9/kind", "/projects/10/a", "/company/x"]
    assert removal_order(map(problem, pointers)) == [pointers[1], pointers[0], pointers[2]]


@pytest.mark.parametrize("pointer", ["", "/as_of", "/profile", "/profile/elsewhere/x"])
def test_what_is_no_answer_of_a_profile_is_refused_as_before(pointer: str) -> None:
    def refuse(raw: Any) -> None:
        raise InvalidInput((problem(pointer),))

    with pytest.raises(InvalidInput):
        read_readable(refuse, {"profile": {"company": {}, "projects": []}})
