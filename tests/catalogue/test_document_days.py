"""The days that a document says of itself."""

from datetime import date

import pytest

from service.catalogue.document_days import DocumentDays, document_days

FROM, TO = date(2026, 3, 1), date(2028, 12, 31)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("本措施自2026年3月1日起施行，有效期至2028年12月31日。", FROM, TO),
        ("本办法自 2026 年 3 月 1 日起执行，至 2028 年 12 月 31 日止。", FROM, TO),
        ("有效期自2026年3月1日至2028年12月31日。", FROM, TO),
        ("本办法自2026年3月1日起实施，有效期三年。", FROM, date(2029, 2, 28)),
        ("本办法自发布之日起施行，有效期至2028年12月31日。", None, TO),
        ("本规定自印发之日起30日后施行，有效期5年。", None, None),
        ("对2025年1月1日至2025年12月31日的设备投资给予补助。", None, None),
        ("申报时间为2026年5月1日至6月30日。本通知自2026年3月1日起施行。", FROM, None),
        ("本细则自2026年2月30日起施行。", None, None),
        ("It comes into force on 1 March 2026 and is valid until 31 December 2028.", FROM, TO),
        ("The scheme takes effect on March 1, 2026. It expires on December 31st, 2028.", FROM, TO),
        ("It enters into force on 2026-03-01 and is in force for 2 years.", FROM,
         date(2028, 2, 29)),
        ("Investments made until 31 December 2028 are aided.", None, None),
    ],
)  # fmt: skip
def test_from_when_to_when_a_text_is_in_force(
    text: str, start: date | None, end: date | None
) -> None:
    """As days, or so many years from one, both ends included; what is no day is left open."""
    assert document_days(text) == DocumentDays(None, start, end)


def test_a_document_is_dated_below_its_signature() -> None:
    """The last day on a line of its own."""
    text = "本措施自2026年3月1日起施行。\n某市人民政府\n（2026年2月10日）\n附件：略"
    assert document_days(text) == DocumentDays(date(2026, 2, 10), FROM, None)


def test_what_is_in_force_on_the_day_of_issue_begins_on_the_day_it_is_dated() -> None:
    """Where it is dated; so many years count from then."""
    text = "第一条 本规定自发布之日起施行，有效期两年。\n2026年6月15日\n"
    assert document_days(text)[:2] == (date(2026, 6, 15), date(2026, 6, 15))
    assert document_days("本规定自发布之日起施行。").start is None
