"""The days that a document says of itself."""

from datetime import date

import pytest

from service.catalogue.document_days import DocumentDays, document_days, signers
from service.catalogue.document_writing import DocumentWriting

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


MONTHS = {
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
          "diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
          "dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
          "dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november "
          "december",
}  # fmt: skip
ISSUED = date(2026, 2, 3)


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("de", "In Kraft ab 1. März 2026 bis zum 31. Dezember 2028.\nElbtal, den 3. Februar 2026",
         (ISSUED, FROM, TO)),
        ("de", "Sie gilt ab dem 01.03.2026. Sie tritt mit Ablauf des 31.12.2028 außer Kraft.",
         (None, FROM, TO)),
        ("de", "Ausgaben bis zum 31. Dezember 2028 werden gefördert.", (None, None, None)),
        ("fr", "Applicable du 1er mars 2026 jusqu'au 31 décembre 2028.\nRennes, le 3 février 2026",
         (ISSUED, FROM, TO)),
        ("fr", "Il s'applique à compter du 01/03/2026, pour une durée de 3 ans.",
         (None, FROM, date(2029, 2, 28))),
        ("es", "Entrará en vigor el 1 de marzo de 2026, hasta el 31 de diciembre de 2028.",
         (None, FROM, TO)),
        ("it", "Il decreto entra in vigore dal 1° marzo 2026, fino al 31 dicembre 2028.",
         (None, FROM, TO)),
        ("pt", "Entra em vigor em 1 de março de 2026 e vigora até 31 de dezembro de 2028.",
         (None, FROM, TO)),
        ("nl", "Zij treedt in werking op 1 maart 2026 en geldt tot en met 31 december 2028.",
         (None, FROM, TO)),
    ],
)  # fmt: skip
def test_documents_of_other_languages_say_their_days(
    language: str, text: str, days: tuple[date | None, ...]
) -> None:
    """With the months of their language, the day before the month, and where they were signed."""
    writing = DocumentWriting(day_first=True, months=tuple(MONTHS[language].split()))
    assert document_days(text, writing) == days


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("岛令\n第一条 给予奖励。\n\n岛科技局\n岛财政局\n2031年4月2日\n", ("岛科技局", "岛财政局")),
        ("通知\n各村：\n请照办。\n  岛政府\n\n  2031年4月2日\n办法\n第一条 给奖励。", ("岛政府",)),
        ("办法\n第一条 给奖励。\n财政部 渔业和海洋部\n2031年4月2日", ("财政部", "渔业和海洋部")),
        ("办法\n第一条 给奖励。\n财 政 部　渔业部\n2031年4月2日", ("财政部", "渔业部")),
        ("办法\n第一条 给奖励。\n渔业部、财政部\n2031年4月2日", ("渔业部", "财政部")),
        ("The scheme\nArt. 1 Aid is paid.\nThe Council\nHarbour, 2 April 2031", ("The Council",)),
        ("The scheme\n2 April 2031\nArt. 1 Aid is paid.", ()),
        ("The scheme\nArt. 1 Aid is paid.\n2 April 2031\n", ()),
        ("岛令\n第一条 给予奖励。\n岛政府\n", ()),
    ],
)  # fmt: skip
def test_who_signed_stands_right_above_the_day(text: str, names: tuple[str, ...]) -> None:
    """Each name on a line of its own, or several in Chinese on one. A sentence is none, nor is the
    title above a day that begins the text."""
    assert signers(text) == names
