"""Columns that name a place together: each level within those before it."""

from pathlib import Path

import pytest

from service.domain.facts.vocabulary import Vocabulary
from tests.usecases.portfolio.tables import csv_table, faults_of, rows_of

PLACES = [
    ("省,市,区县", "江苏省,苏州市,吴江区", "320509"),
    ("省份,城市,区（县）", "浙江,杭州,西湖", "330106"),
    ("省,市,区", "北京市,市辖区,海淀区", "110108"),
    ("省,市,区", "上海市,,浦东新区", "310115"),
    ("省,市", "吉林省,吉林", "220200"),
    ("所在省份,所在城市", "北京市,北京市", "110000"),
    ("城市,所在区", "长春市,朝阳区", "220104"),
    ("省市,区", "江苏省苏州市,吴江区", "320509"),
    ("所在城市,规模", "南京市,小", "320100"),
    ("注册地,市,区", "上海市徐汇区,北京市,海淀区", "310104"),
    ("注册地（省）,注册地（市）,注册地（区）", "广东省,深圳市,南山区", "440305"),
    ("省,市,区", "上海,,浦东", "310115"),
    ("市,区", "重庆市,渝中区", "500103"),
    ("省,市,区", ",,", None),
]


@pytest.mark.parametrize(("headers", "cells", "code"), PLACES)
def test_columns_that_name_a_place_together_are_one_fact(
    tmp_path: Path, vocabulary: Vocabulary, headers: str, cells: str, code: str | None
) -> None:
    """Each level within those before it; a column that is the place whole goes before them."""
    table = csv_table(tmp_path, vocabulary, f"企业名称,员工人数,{headers}\n甲,5,{cells}\n")
    (row,) = rows_of(table)
    assert row["company.registered_region"] == code


def test_a_place_that_its_columns_do_not_tell_is_a_fault_of_the_narrowest(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    lines = ["企业名称,省,市,区", "甲,江苏省,,鼓楼区", "乙,上海市,,西湖区", "丙,江苏,苏洲,"]
    table = csv_table(tmp_path, vocabulary, "\n".join(lines))
    found = faults_of(table)
    assert list(found) == ["D2", "D3", "C4"]
    assert "320106" in found["D2"]
    assert found["D3"] == "“西湖区” does not lie in “上海市”"


def test_one_level_alone_is_a_place_only_where_it_says_whose(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """市 or 区 may be anything, and two columns of one level anybody's."""
    for headers in ("市", "区", "省,省份,市"):
        table = csv_table(tmp_path, vocabulary, f"企业名称,{headers}\n甲,上海市,上海市,上海市\n")
        assert not table.layout.members
