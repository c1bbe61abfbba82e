"""What a cell of a table was read as, in words."""

from pathlib import Path

import pytest

from service.domain.facts.vocabulary import Vocabulary
from service.usecases.portfolio.cell_words import code_words
from service.usecases.portfolio.sheet_choice import open_company_table


@pytest.mark.parametrize(
    ("fact", "read", "words"),
    [
        pytest.param("company.registered_region", "310115", "浦东新区", id="code"),
        pytest.param(
            "company.fields", "humanoid_robots|embodied_intelligence", "人形机器人、具身智能",
            id="codes",
        ),
        pytest.param("company.fields", "-", "无", id="none"),
        pytest.param("company.fields", None, None, id="unreadable"),
        pytest.param("company.employees", "12", None, id="no code"),
        pytest.param("company.revenue", "52000000", "5,200 万元", id="amount"),
        pytest.param("company.revenue", "about 5", None, id="no amount"),
        pytest.param(
            "company.certificates",
            '[{"category": "high_tech_enterprise"}, {"category": "", "unsure": true}]',
            "高新技术企业、其余未填写，按未知", id="the others unknown",
        ),
        pytest.param("company.certificates", "[", "", id="no list"),
    ],
)  # fmt: skip
def test_codes_are_told_by_their_names(
    tmp_path: Path, vocabulary: Vocabulary, fact: str, read: str | None, words: str | None
) -> None:
    """What is no code stands as it is, and what cannot be read has no words."""
    path = tmp_path / "clients.csv"
    path.write_text("企业名称\n甲\n", encoding="utf-8")
    table = open_company_table(vocabulary, path)
    told = code_words(table, vocabulary.facts[fact], read)
    assert (told and told["zh"]) == words
