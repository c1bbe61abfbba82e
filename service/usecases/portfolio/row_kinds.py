"""What the rows of a person's table are beside companies: totals, notes, a line of numbers."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from service.intake.cell_spelling import UNKNOWN_WORDS

_TOTAL = (
    r"^(?:本[页頁])?(?:[合总總小共][计計]|累[计計]|[汇匯][总總]|total|sum"
    r"|平均[值数]?|均值|中位数|最[大小高低]值|average|mean|median|其中[:：].*"
    r"|.{0,15}(?:[合总總小][计計]|[汇匯][总總])(?:[(（【\[].{0,20}[)）】\]])?"
    r"|.{0,6}(?:占比|比重|同比|[环環]比|增[长長减減]?[率幅]|增[长長]|(?:[较較]?上[年月季]|去年)(?:末|同期|[数數]))"
    r"(?:增[长長减減]?[率幅]?)?(?:[(（【\[].{0,20}[)）】\]]|[%％])?|share|growth|yoy|mom"
    r"|(?:以上)?(?:[合总總小共][计計]|共)[:：(（]?[0-9]+[家户个条]?(?:企业|公司)?[)）]?)[:：。]?$"
)
# A line that explains the table: such words stand first in its row, and alone, or beside others of
# the kind, or with what they are about in the next cell.
_NOTE = (
    r"^(?:[注註说說备備][:：]|(?:备注|備[註注]|[说說]明|附[註注]|注释|填表人|填报人|制表人|制表|审核人|审核"
    r"|复核|经办人|联系人|联系电话|填报单位|填报日期|制表日期|数据来源|单位负责人)[:：]|[^:：]{1,10}[:：]$"
    r"|(?:[注註]|备注|備[註注]|[说說]明|附[註注])$"
    r"|[(（][^()（）]*[)）]$|以下(?:空白|[无無]正文)$|[续續]上?表$)"
)
_LABEL = r"[:：]$"
# What such a line says where it stands alone in its row: a page, a day, a signature, a unit, what
# is above or below. A company that is called *ST is none of these.
_NOTE_ALONE = (
    r"^(?:第[0-9一二三四五六七八九十]+[页頁].*|[共总總][0-9]+[页頁].*|page[0-9]+.*|[0-9]+/[0-9]+"
    r"|[0-9]{4}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?|[0-9]{4}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?"
    r"|以[上下](?:[数數][据據]|[为為是系]|均|各|企[业業]|客[户戶]|名[单單]|[内內]容|由).*|截[至止].*"
    r"|[*※△▲★☆#]+[\p{Han}:：].*|(?:[附注註]|备注|備註|[说說]明|notes?|remarks?)[0-9①-⑩]*[:：.、].*"
    r"|(?:[负負][责責]人|主管|[领領][导導]|部[门門]|行[长長]|[单單]位|公司|本人|法定代表人|客[户戶][经經]理)?"
    r"(?:[签簽](?:字|章|名)|[盖蓋]章|[审審]核|[复複]核|[审審]批|[制製]表|填表|批准|[经經][办辦])(?:人|[处處]|[栏欄])?"
    r"(?:[(（].*[)）])?|(?:新增|存量|重[点點]|新|老)(?:客[户戶]|企[业業])|示例|例子?|样例|序[号號]|编号"
    r"|\p{Han}{2,8}[:：].+|(?:[转轉]|接)[上下前后後]?[页頁表]|承[上前][页頁]|[过過]次[页頁]|(?:signature|signed|approved|prepared|checked)(?:by)?.{0,3}"
    r"|(?:金[额額]|[货貨][币幣]|[计計][量价價])?(?:[单單]位|[币幣][种種])[:：].*|(?:unit|currency|amountsin).{1,30})$"
)
# A row that shows how to fill the others.
_EXAMPLE = (
    r"^(?:[(（\[【](?:示例|样例|範例|例子?|example)[)）\]】]|(?:示例|样例|範例|例如?|example)[:：])"
)
# The title of a part of the table, alone in its row: 一、上海企业.
_PART = r"^[(（]?[一二三四五六七八九十]{1,3}[、.．)）].+$"
_BLANK = "|".join(
    [
        r"^(?:[\-–—/\\.。…·*×]+",
        *map(re.escape, sorted(UNKNOWN_WORDS)),
        r"无|無|没有|暂无|none|null|nil)$",
    ]
)
_TOTALS_WITHIN = 3
# So many columns that count on are numbered.
_MIN_NUMBERED_COLUMNS = 3
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ORDERS: tuple[Callable[[int], str], ...] = (
    lambda i: _STEMS[i : i + 1],
    lambda i: chr(ord("A") + i),
    lambda i: str(i + 1),
)


def total_rows(rows: pa.RecordBatch) -> pa.Array:
    """The rows that sum others up, as one of their first cells says, or several together."""
    first = rows.columns[:_TOTALS_WITHIN]
    return any_of(_cells_like(c, _TOTAL) for c in (*first, _row_text(first)))


def note_rows(rows: pa.RecordBatch) -> pa.Array:
    """The rows that explain the table."""
    example = any_of(_cells_like(c, _EXAMPLE) for c in rows.columns[:_TOTALS_WITHIN])
    first = pc.coalesce(*rows.columns)
    begun = _cells_like(first, _NOTE)
    part = pc.or_(_cells_like(first, _PART), _cells_like(first, _NOTE_ALONE))
    if not pc.any(pc.or_(begun, part)).as_py():
        return example
    alone = rows_of_one_cell(rows)
    labels = _count(_cells_like(c, _NOTE) for c in rows.columns)
    # Who made the table stands in one cell, the day in another.
    note_cells = _count(_cells_like(c, f"{_NOTE}|{_NOTE_ALONE}") for c in rows.columns)
    beside = pc.or_(alone, pc.equal(note_cells, _count(pc.is_valid(c) for c in rows.columns)))
    if rows.num_columns > 1:
        begun = pc.or_(begun, pc.and_(part, beside))
    beside = pc.or_(pc.or_(beside, pc.greater(labels, 1)), _cells_like(first, _LABEL))
    return pc.or_(example, pc.and_(begun, beside))


def rows_of_one_cell(rows: pa.RecordBatch) -> pa.Array:
    """The rows in which one cell alone is filled."""
    return pc.equal(_count(pc.is_valid(c) for c in rows.columns), 1)


def _count(masks: Iterable[pa.Array]) -> pa.Array:
    """In how many of some masks, one a column, each row is true."""
    return reduce(pc.add, (pc.cast(mask, pa.int32()) for mask in masks))


def is_numbering(cells: Sequence[str]) -> bool:
    """Whether cells count on from one: 1, 2, 3; A, B, C; 甲, 乙, 丙; or letters, then numbers."""
    rest = list(cells)
    for kind in _ORDERS:
        taken = 0
        while taken < len(rest) and rest[taken].strip("()（） ").upper() == kind(taken):
            taken += 1
        rest = rest[taken:]
    return len(cells) >= _MIN_NUMBERED_COLUMNS and not rest


def blank_words(cells: pa.Array) -> pa.Array:
    """Which cells only say that nothing stands there: a stroke, N/A, 暂无."""
    return _cells_like(cells, _BLANK)


def any_of(masks: Iterable[pa.Array]) -> pa.Array:
    found = None
    for mask in masks:
        found = mask if found is None else pc.or_(found, mask)
    assert found is not None
    return found


def _row_text(columns: Sequence[pa.Array]) -> pa.Array:
    """The cells of a row as one text: 合 in one and 计 in the next is a total too."""
    blank = [pc.fill_null(c.cast(pa.string()), "") for c in columns]
    return pc.binary_join_element_wise(*blank, "")


def _cells_like(column: pa.Array, pattern: str) -> pa.Array:
    """The rows whose cell has this form, blanks and case left out."""
    bare = pc.utf8_lower(pc.replace_substring_regex(column, r"[\s\x{3000}]+", ""))
    return pc.fill_null(pc.match_substring_regex(bare, pattern), False)
