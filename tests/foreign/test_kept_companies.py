"""Companies are kept under whatever tells them apart in their country: a number of its own, or a
code that is nobody's fact."""

from datetime import date
from pathlib import Path

import pytest

from service.app import Services
from service.bulk.batch_engine import Detail
from service.domain.errors import InvalidInput
from service.domain.principal import Principal, Scope
from service.usecases.portfolio.portfolio import run_batch
from service.usecases.tenancy.batch_comparison import compare_answers

DAY = date(2026, 11, 22)
BANK = Principal("bank", "key", frozenset(Scope))
NUMBER, OTHER = "1234567890123", "9876543210987"
PROFILE = {"company": {"kind": "hojin", "name": "甲社", "machi": "kita"}}


@pytest.fixture(autouse=True)
def tenant(minato: Services) -> None:
    minato.key_service.create(BANK, {"name": "first", "scopes": ["match"]}, "trace")


def test_a_company_is_kept_under_the_catalogues_own_identifier(minato: Services) -> None:
    """It is added to the profile, and no other may stand there."""
    kept, _ = minato.company_service.put(BANK, NUMBER, {"profile": PROFILE}, None, "trace")
    assert (kept["uscc"], kept["profile"]["company"]["bango"]) == (NUMBER, NUMBER)
    other = {"company": {**PROFILE["company"], "bango": OTHER}}
    with pytest.raises(InvalidInput) as refused:
        minato.company_service.put(BANK, NUMBER, {"profile": other}, None, "trace")
    assert refused.value.problems[0].pointer == "/profile/company/bango"


def test_where_there_is_no_identifier_any_code_will_do(moor: Services) -> None:
    """The profile stays as it was sent."""
    moor.key_service.create(BANK, {"name": "first", "scopes": ["match"]}, "trace")
    profile = {"company": {"kind": "limited"}}
    kept, _ = moor.company_service.put(BANK, "HRB 12-345", {"profile": profile}, None, "trace")
    assert (kept["uscc"], kept["profile"]["company"]) == ("HRB 12-345", profile["company"])


@pytest.mark.parametrize("code", ["", " 12", "a/b", "..", "1" * 41])
def test_what_is_no_code_of_a_company_is_refused(minato: Services, code: str) -> None:
    with pytest.raises(InvalidInput):
        minato.company_service.get(BANK, code)


def test_the_numbers_of_a_table_join_its_answers(minato: Services, tmp_path: Path) -> None:
    """They stand beside the names, and pair the companies of two answers whose names differ."""
    answers = []
    for name, capital in (("before", "50000000"), ("after", "50000001")):
        table = tmp_path / f"{name}.csv"
        row = f"{name},{NUMBER},法人,北町,{capital}円"
        table.write_text(f"会社名,法人番号,事業者の種類,所在地,資本金\n{row}\n", "utf-8")
        answers.append(tmp_path / f"{name}.parquet")
        run_batch(
            minato.compiled,
            table,
            answers[-1],
            DAY,
            Detail.STATUSES,
            lambda _: None,
            identified=True,
        )
    (changed,) = compare_answers(answers[0], answers[1]).listed
    assert (changed.name, changed.uscc) == ("after", NUMBER)
    assert [c.after for c in changed.changes] == ["ineligible"]
