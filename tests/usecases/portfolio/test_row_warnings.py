"""What is told of a company alone is told of it in a table of many."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from service.app import Services
from service.bulk.batch_engine import WARNINGS, Detail
from service.bulk.cells import DistinctColumn
from service.domain.facts.profile import Certificate
from service.usecases.matching import answer_request
from service.usecases.portfolio.batch_source import open_source
from service.usecases.portfolio.portfolio import BatchReport, run_batch
from service.usecases.portfolio.row_warnings import RowWarnings
from service.usecases.tenancy.candidate_sources import CellNames, companies_of_source

DAY = date(2026, 11, 28)
# Of what only stands in for what was not stated, no list of many says anything.
_PRESUMED = "derived_fact"
TABLE = """\
企业名称,统一社会信用代码,主体类型,注册地,成立日期,营业收入（万元）,近三年营业收入合计（万元）,前一年度营业收入（万元）,职工总数,科技人员数,首次升规年份,贷款期限（月）,高企,高企发证日期,高企有效期至,科技型中小企业,科小有效期至
将来成立,91310104MA1700100U,企业,上海徐汇,2026-12-15,5200,100,,10,50,,,,,,,
外省代码,91310104MA1F00010U,企业,北京海淀,2021-03-01,5200,10000,,100,50,2030,700,是,2020-01-01,2027-01-05,是,2026-12-31
都合理,91310104MA1F00029Q,企业,上海徐汇,2021-03-01,5200,10000,100,100,50,2022,36,是,2024-12-04,2027-12-03,,
人数过多,91310104MA1F00037K,企业,上海徐汇,2021-03-01,500000,900000,100,5000,9,,,,,,是,2026-12-20
撤并的区,,企业,闸北区,2026-03-01,5200,10000,100,100,50,2022,36,是,2024-12-04,2027-12-03,,
"""


def test_a_row_is_warned_of_as_its_company_alone_is(own_huice: Services, tmp_path: Path) -> None:
    """Codes, figures, days, claims that figures deny, certificates that end soon or too late."""
    compiled = own_huice.compiled
    table, target = tmp_path / "in.csv", tmp_path / "out.jsonl"
    table.write_text(TABLE)
    told: list[BatchReport] = []
    run_batch(compiled, table, target, DAY, Detail.MISSING, told.append, identified=True)
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    said = {line["row"]: line[WARNINGS] or "" for line in lines}
    source = open_source(compiled.catalogue, table)
    rows = companies_of_source(compiled, source, CellNames("", None), tmp_path)
    alone = {}
    for row, profile in rows.profiles():
        request = compiled.requests.read({"profile": profile, "detail": "statuses"})
        warnings = json.loads(answer_request(compiled, request, DAY))["warnings"]
        alone[row] = {w["text"]["zh"] for w in warnings if w["code"] != _PRESUMED}
    assert said.keys() == alone.keys()
    for row, warnings in alone.items():  # in any order, and each may hold the sign that parts them
        rest = said[row]
        for warning in warnings:
            assert warning in rest
            rest = rest.replace(warning, "", 1)
        assert rest == "；" * (len(warnings) - 1)
    assert [len(alone[row]) for row in sorted(alone)] == [5, 7, 0, 2, 5]
    assert told[-1] == BatchReport(5, 0, warned=4)


def test_a_certificate_that_ends_is_told_of_where_its_list_has_a_code_that_ended(
    own_huice: Services,
) -> None:
    """What is no longer given out, and what ends soon, rest on the same fact: both are told."""
    compiled, fact = own_huice.compiled, "company.certificates"
    words = compiled.catalogue.vocabulary
    codes = words.lists[str(words.facts[fact].list)]
    code = "technology_sme"
    ended = replace(codes.codes[code], retired_on=date(2026, 6, 1))
    lists = {**words.lists, codes.id: replace(codes, codes={**codes.codes, code: ended})}
    catalogue = replace(compiled.catalogue, vocabulary=replace(words, lists=lists))
    held = {"category": code, "issued_on": "2026-06-01", "expires_on": "2026-12-10"}
    batch = pa.record_batch({fact: [json.dumps([held])]})
    cells = {fact: DistinctColumn(np.zeros(1, np.int32), [(Certificate(code),)])}
    warnings = RowWarnings(catalogue, compiled.reader, DAY).of(batch, cells, np.zeros(1, bool))
    said = [warning.text.en for warning in warnings[0]]
    assert [("2026-12-10" in text, "2026-06-01" in text) for text in said] == [
        (True, False),
        (False, True),
    ]
