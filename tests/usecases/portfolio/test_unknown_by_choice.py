"""Cells that cannot be read count as unknown where the sender chose so for the whole fact."""

import json
from pathlib import Path

from service.app import Services
from service.usecases.portfolio.faults import FaultLog
from tests.usecases.portfolio.tables import faults_of
from tests.usecases.portfolio.test_table_choices import table_of


def test_whatever_cannot_be_read_of_a_fact_is_taken_as_unknown(
    own_huice: Services, tmp_path: Path
) -> None:
    """Also a code whose check character is wrong, a number out of bounds, and a cell of a column
    that is about one certificate: what the others say of theirs stays."""
    text = (
        "企业名称,统一社会信用代码,员工人数,高新技术企业,专精特新中小企业\n"
        "甲,91310104MA1K012020,-5,是（2023年认定）,是\n乙,310104000123456,50,是,☐\n"
    )
    plain = faults_of(table_of(own_huice, tmp_path, text))
    assert plain.keys() == {"D2", "E3"}  # what only the fact forbids is found by the engine
    asked = ["company.uscc", "员工人数", "资质证书"]
    table = table_of(own_huice, tmp_path, text, (), asked)
    log = FaultLog(table.vocabulary, table)
    (batch,) = table.batches()
    log.add(batch)
    assert log.count == 0
    first, second = batch.rows.to_pylist()
    assert (first["company.uscc"], first["company.employees"]) == (None, None)
    assert (second["company.uscc"], second["company.employees"]) == (None, "50")
    for row, held in ((first, "specialised_sme"), (second, "high_tech_enterprise")):
        records = json.loads(row["company.certificates"])
        assert [r["category"] for r in records if not r.get("unsure")] == [held]
    said = [note.en for note in log.remark_notes()]
    assert {note.split()[0] for note in said} == {"B2", "B3", "C2", "D2", "E3"}
