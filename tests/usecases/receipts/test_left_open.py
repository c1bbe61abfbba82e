"""What a memo says of open programmes."""

from typing import Any

from service.domain.text import Text
from service.rendering.json_parts import Json
from service.usecases.receipts.left_open import by_what_is_missing, left_open
from tests.own import own_catalogue

CATALOGUE = own_catalogue()


def finding(truth: str, observed: object = None, *children: Json) -> Json:
    return {"truth": truth, "observed": observed, "children": list(children)}


def test_what_is_met_or_not_stated_is_left_to_nobody() -> None:
    """Of the kind that the text leaves open the memo says whether it qualifies, of a term its name;
    no word of a fact that nobody has stated."""
    rule = CATALOGUE.programmes["bj-15-invest-reward"].condition.children
    facts: dict[str, Any] = {"company.kind": frozenset(["enterprise"])}
    findings = [finding("unknown", "enterprise"), finding("true"), finding("true"),
                finding("unknown")]  # fmt: skip
    assert len(findings) == len(rule)
    told = [Text(**text).zh for text in left_open(findings, rule, facts, CATALOGUE.vocabulary)]
    assert told == ["主体类型：企业，原文所指是否包括", "符合本市现有投资奖励政策的规定"]
    unstated = [finding("unknown"), *findings[1:]]
    told = [Text(**text).zh for text in left_open(unstated, rule, {}, CATALOGUE.vocabulary)]
    assert told == ["符合本市现有投资奖励政策的规定"]


def test_programmes_that_wait_for_the_same_stand_together() -> None:
    """In the order in which each first came."""
    matches = [
        {"id": name, "missing": missing, "left_open": theirs}
        for name, missing, theirs in [("a", ["x"], []), ("b", [], ["t"]), ("c", ["x"], [])]
    ]
    groups = by_what_is_missing(matches)
    assert [[p["id"] for p in g["programmes"]] for g in groups] == [["a", "c"], ["b"]]


def test_what_many_wait_for_is_said_once_before_them() -> None:
    """Behind those that do not wait for it, each with what it waits for beside it."""
    waiting = [["k"], ["x"], ["k", "a"], ["k", "b"], ["k", "a", "b"]]
    matches = [{"missing": missing, "left_open": []} for missing in waiting]
    groups = by_what_is_missing(matches, "k")  # type: ignore[arg-type]
    assert [(g["first"], g["besides"]) for g in groups] == [
        (None, ["x"]), ("k", []), ("k", ["a"]), ("k", ["b"]), ("k", ["a", "b"])
    ]  # fmt: skip
    few = by_what_is_missing(matches[:3], "k")  # type: ignore[arg-type]
    assert [(g["first"], g["besides"]) for g in few] == [(None, m) for m in waiting[:3]]


def test_a_reason_that_two_share_is_said_once_and_their_own_beside_their_names() -> None:
    """Two that ask whether a branch is enough, one of which asks for something else too."""
    matches = [
        {"id": name, "missing": [], "left_open": theirs}
        for name, theirs in [("a", ["branch"]), ("b", ["rules", "branch"]), ("c", ["rest"])]
    ]
    branch, rest = by_what_is_missing(matches)
    assert branch["left_open"] == ["branch"]
    assert [(p["id"], p["further"]) for p in branch["programmes"]] == [("a", []), ("b", ["rules"])]
    assert (rest["left_open"], rest["programmes"][0]["further"]) == (["rest"], [])
