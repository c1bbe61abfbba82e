"""Events in words."""

from typing import Any

import pytest

from service.rendering.event_words import event_lines, title

COMPANY: dict[str, Any] = {"name": None, "uscc": "91310000MA1FL2AB6U", "changes": []}


@pytest.mark.parametrize(
    ("count", "zh", "en"),
    [(0, "结果有变化的企业已被删除", "The companies whose answers changed have been deleted"),
     (1, "一家企业的结果有变化", "Answers changed for one company"),
     (3, "3 家企业的结果有变化", "Answers changed for 3 companies")],
)  # fmt: skip
def test_a_title_counts_companies_as_people_do(count: int, zh: str, en: str) -> None:
    """Of a company that was deleted an event keeps nothing."""
    words = title("answers.changed", {"cause": "catalogue", "companies": [COMPANY] * count})
    assert words.zh.startswith(f"{zh}：")
    assert words.en.startswith(f"{en}: ")


def test_a_title_counts_programmes() -> None:
    words = [title("programmes.changed", {"cause": None, "programmes": [1] * n}) for n in (1, 2)]
    assert [w.en for w in words] == [
        "A followed programme changed: ", "2 followed programmes changed: ",
    ]  # fmt: skip
    assert title("webhook.test", {}).en == "A test message"


def test_a_company_without_a_name_is_told_by_its_code_once() -> None:
    told = event_lines({"companies": [COMPANY, {**COMPANY, "name": "甲公司"}]})
    assert [line.zh for line in told] == ["91310000MA1FL2AB6U", "甲公司 91310000MA1FL2AB6U"]
