"""Which header is about one entry of a list, and which about something else."""

import pytest

from service.domain.facts.vocabulary import Vocabulary
from service.intake.entry_headers import EntryDetail, EntryHeaders

HEADERS: dict[EntryDetail | None, list[str]] = {
    EntryDetail.WHETHER: [
        "高新技术企业",
        "是否为专精特新企业（是/否）",
        "有无高企证书",
        "资质情况 高企",
        "科技属性 是否高新",
        "其他 是否高企",
        "科创资质及荣誉 高企",
        "客户信息 基本情况 是否高企",
        "Qualifications High-tech enterprise",
        "高新技术企业 是否",
        "High-tech enterprise",
    ],
    EntryDetail.NUMBER: ["高新技术企业 证书编号", "科技型中小企业入库编号"],
    EntryDetail.EXPIRES: ["高新技术企业证书有效期至", "High-tech enterprise valid until"],
    EntryDetail.TERM: ["专精特新有效期"],
    EntryDetail.ISSUED: ["小巨人认定时间"],
    None: [
        "高新技术企业（拟申请）",
        "高新技术企业（2023年）",
        "拟申报 高新技术企业",
        "子公司情况 高新技术企业",
        "其他年度 高新技术企业",
        "其他企业 是否高企",
        "高新技术企业培育库",
        "高新技术企业批次",
        "高新技术企业认定年份",
        "高新技术企业收入",
    ],
}


@pytest.mark.parametrize(
    ("header", "says"), [(one, says) for says, headers in HEADERS.items() for one in headers]
)
def test_a_header_is_about_a_certificate_or_about_something_else(
    header: str, says: EntryDetail | None, own_vocabulary: Vocabulary
) -> None:
    """Applied for, planned, of a year or a batch: a column of that says of no certificate that it
    is held."""
    found = EntryHeaders(own_vocabulary).read(header)
    assert (found.says if found else None) is says
