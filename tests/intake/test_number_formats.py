"""A number is read as it is shown: what its format writes beside it is part of it."""

import io

import pytest

from service.intake.number_formats import NumberWords, formats_of, words_of

SHOWN = {
    ("0.0%", 0.125): "12.5%",
    ("0%", 0.07): "7%",
    ('0"万元"', 5200.0): "5200万元",
    ("#,##0.00万", 5200.5): "5200.5万",
    ('"¥"#,##0.00;("¥"#,##0.00)', -5200.0): "¥-5200",
    ("[$¥-804]#,##0", 5200.0): "¥5200",
    ('_ "￥"* #,##0.00_ ;_ "￥"* -#,##0.00_ ', 5200.0): "￥5200",
    ("[$$-409]#,##0", 5200.0): "$5200",
    ('[Red]0"人"', 120.0): "120人",
    ('General"家"', 3.0): "3家",
    # Held in full and shown in a larger unit.
    ('0\\.0,"万"', 52000000.0): "5200万",
    ('0!.0,"万元"', 52000000.0): "5200万元",
    ('0.00,,"百万"', 52000000.0): "52百万",
    ("#,##0.0,,", 52000000.0): "52×10^6",
    ("0,.0", 5200.0): "5.2×10^3",
    ('#,##0,"人"', 1200.0): "1.2×10^3人",
}
PLAIN = [
    "General",
    "0.00",
    "#,##0",
    "yyyy/m/d",
    'yyyy"年"m"月"',
    "[h]:mm",
    "0.00E+00",
    "@",
    "# ?/?",
    "(0)",
    '0"-"0"-"0',
]


@pytest.mark.parametrize(("case", "shown"), SHOWN.items())
def test_words_of_a_format_are_shown_with_the_number(case: tuple[str, float], shown: str) -> None:
    code, number = case
    words = words_of(code)
    assert words is not None
    assert words.shown(number) == shown


@pytest.mark.parametrize("code", PLAIN)
def test_days_and_bare_numbers_have_no_words(code: str) -> None:
    assert words_of(code) is None


STYLES = (
    "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='0&quot;万元&quot;'/></numFmts>"
    "<cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='164'/>{more}<xf numFmtId='9'/></cellXfs></styleSheet>"
)


def test_styles_of_cells_are_counted_as_cells_name_them() -> None:
    found = formats_of(io.BytesIO(STYLES.format(more="").encode()))
    assert found == {"1": NumberWords("", "万元"), "2": NumberWords("", "", percent=True)}


@pytest.mark.parametrize(
    "written",
    [
        STYLES.format(more="<xf/>" * 70_000),
        "<!DOCTYPE a [<!ENTITY e 'x'>]>" + STYLES.format(more=""),
        "no XML",
    ],
    ids=["too many", "an entity", "no XML"],
)
def test_styles_that_no_spreadsheet_writes_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="styles"):
        formats_of(io.BytesIO(written.encode()))
