"""Official texts taken apart: copies of a text give the same parts, a change another digest."""

import hashlib
import re
from dataclasses import replace

import pytest

from service.catalogue.measures_in_text import find_measures, title_of
from service.catalogue.normal_wording import normalise_wording, wording_digest
from service.catalogue.official_text import TextPart, decode, numbered, split
from service.domain.errors import Refused
from service.domain.text import Text
from tests.catalogue.island import ARTICLE_2, TEXT, TITLE, island

NAMES = ["heading", "preamble", "section-1", 1, 2, 3, "closing", "outline"]


EUROPEAN = {
    "Article": ("Aide\nN° 2031-45\n\nArticle 1er\n\nUne aide.\n\nSuite, voir l'article 9.\n\n"
                "Article 2. - Montant\n10 000 euros.\n\nArticle 9 bis ne compte pas.\n\n"
                "Annexe\nListe"),
    "Art.": "Title\nArt. 1 Aid.\nText, Art. 7.\nArt. 2 More.\nArt. 2 again.\nAppendix\nList",
    "§": "Gesetz\n§ 1 Zweck\nText\n§ 2 Höhe\nText\nAnhang\nListe",
    "Section": "Act\nSection 1. Purpose\nText\nSection 2. Amount\nText\nSchedule\nList",
}  # fmt: skip


@pytest.mark.parametrize("text", EUROPEAN.values(), ids=EUROPEAN)
def test_articles_of_other_languages_are_told_apart(text: str) -> None:
    """By the marker that the text uses; what is cited inside an article begins none."""
    parts = split(text)
    assert [p.number for p in parts] == ["preamble", 1, 2, "annex"]
    assert parts[1].body[:1].isalpha() or parts[1].body.startswith(".")


def wrapped(text: str, width: int) -> str:
    """The text as a terminal would break it, in the middle of its paragraphs."""
    lines = [
        line[i : i + width] for line in text.splitlines() for i in range(0, len(line) or 1, width)
    ]
    return "\n".join(lines)


COPIES = {
    "as it is": TEXT.encode(),
    "byte order mark": TEXT.encode("utf-8-sig"),
    "GBK": TEXT.encode("gbk"),
    "GB 18030": TEXT.encode("gb18030"),
    "UTF-16": TEXT.encode("utf-16"),
    "CRLF": TEXT.replace("\n", "\r\n").encode(),
    "full-width brackets and punctuation": TEXT.translate(
        str.maketrans("(),%", "（），％")
    ).encode(),
    "half-width brackets and punctuation": TEXT.translate(
        str.maketrans("（），：", "(),:")
    ).encode(),
    "no indentation": re.sub("(?m)^ +", "", TEXT).encode(),
    "ideographic indentation": re.sub("(?m)^ +", "\u3000\u3000", TEXT).encode(),
    "an empty line between paragraphs": TEXT.replace("\n", "\n\n").encode(),
    "invisible characters": TEXT.replace("船", "船\u200b").encode(),
    **{f"lines of {n}": wrapped(TEXT, n).encode() for n in (13, 17, 25, 40)},
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_every_copy_has_the_same_parts(copy: bytes) -> None:
    """Encoding, width, indentation and line breaks of a copy change no digest."""
    catalogue = island()
    measure = catalogue.measures["isle-2031-7"]
    found = find_measures(decode(copy), [measure])
    parts = split(found[measure.id], TITLE)
    assert {p.number: p.digest for p in parts} == {a.number: a.digest for a in measure.articles}


def test_parts_in_the_order_of_the_text() -> None:
    """Notice, preamble, a section with a text of its own, articles, closing; then the headings."""
    assert [part.number for part in split(TEXT, TITLE)] == NAMES


def test_every_character_belongs_to_one_part() -> None:
    """Nothing of a text escapes: its parts together are as long as the whole."""
    assert sum(len(normalise_wording(p.wording)) for p in split(TEXT, TITLE)) == len(
        normalise_wording(TEXT)
    )


def test_an_article_runs_from_its_marker_to_the_next() -> None:
    """The wording stays as the text has it, without the indentation."""
    assert numbered(split(TEXT, TITLE))[2].wording == ARTICLE_2


def test_digest_is_sha256_of_the_normalised_wording() -> None:
    """NFKC, no white space, UTF-8, SHA-256 in hex."""
    plain = hashlib.sha256("(二)共50%".encode()).hexdigest()
    assert wording_digest(" （二）\n共 ５０％\u3000") == f"sha256:{plain}"


def test_one_changed_digit_changes_one_digest() -> None:
    """Every other part keeps its digest."""
    before = numbered(split(TEXT, TITLE))
    after = numbered(split(TEXT.replace("3亿元", "4亿元"), TITLE))
    assert [n for n in before if before[n].digest != after[n].digest] == [2]


def test_numbers_of_articles_and_sections_are_not_in_the_body() -> None:
    """What numbers a text is no number in it; what stands further on is."""
    assert TextPart(2, "（二）共\n(三)处").body == "共(三)处"
    assert TextPart("outline", "二、甲\n三、乙").body == "甲乙"
    assert TextPart("section-1", "一、甲。\n二、三人。").body == "甲。二、三人。"


def test_an_enumeration_inside_an_article_stays_in_it() -> None:
    """Numbers of articles rise; a list that begins anew is no new article."""
    parts = split("(一)甲。\n(二)乙：\n(一)丙；\n(二)丁。\n(三)戊。")
    assert [p.number for p in parts] == [1, 2, 3]
    assert parts[1].wording == "(二)乙：\n(一)丙；\n(二)丁。"


def test_articles_of_the_form_used_in_statutes() -> None:
    """Where 第一条 stands, (一) is a list inside an article; chapters are sections."""
    parts = split("第一章 总则\n第一条 甲：\n(一)乙；\n(二)丙。\n第二十一条 丁。")
    assert [p.number for p in parts] == [1, 21, "outline"]


def test_without_a_title_the_notice_ends_with_its_date() -> None:
    """The day it is signed on, and a remark in brackets behind it."""
    parts = numbered(split(TEXT.replace(TITLE, "另一办法"), TITLE))
    assert parts["heading"].wording.endswith("2031年4月2日\n(此件公开)")
    assert parts["preamble"].wording.startswith("另一办法\n")


def test_what_stands_before_the_articles_has_one_name_whatever_the_title_is_called() -> None:
    """A document number is no notice of issue: by its title, and by a shorter one that the author
    gave it, the parts are the same."""
    text = "关于印发换新措施的通知\n岛政〔2031〕4号\n第一条 给予奖励。"
    for title in ("", "关于印发换新措施的通知", "换新措施"):
        assert [part.number for part in split(text, title)] == ["preamble", 1]


def test_who_signed_it_is_told_apart_from_an_annex() -> None:
    """A day below one or two names; a sentence or a table is an annex."""
    parts = numbered(split("第一条 给予奖励。\n\n岛政府\n2031年4月2日"))
    assert parts["annex"].is_signature
    for behind in ("岛政府", "给予补助。\n2031年4月2日", "附件：船型表\n甲"):
        assert not numbered(split(f"第一条 给予奖励。\n\n{behind}"))["annex"].is_signature


def test_what_follows_the_closing_is_an_annex() -> None:
    """An addition is a part of its own and hides in no other."""
    parts = numbered(split(f"{TEXT}\n附件：船型表\n甲", TITLE))
    assert parts["annex"].wording == "附件：船型表\n甲"
    assert parts["closing"].digest == numbered(split(TEXT, TITLE))["closing"].digest


def test_the_closing_sentence_belongs_to_the_article_that_begins_with_it() -> None:
    """An article of which only the title stands on its line has its text below; one that has a
    sentence is over."""
    text = "第一条 奖励\n给予奖励。\n第二条 附则。\n本措施自2026年3月1日起施行。"
    titled = text.replace("附则。", "附则")
    assert [part.number for part in split(titled)] == [1, 2]
    assert split(titled)[1].heading == "附则"
    assert [part.number for part in split(text)] == [1, 2, "closing"]


def test_a_short_sentence_on_the_line_of_an_article_is_its_title() -> None:
    """Where the text goes on, be it on the next line."""
    (article,) = split("第一条 支持扩大出口。\n给予奖励。")
    assert article.heading == "支持扩大出口"
    (alone,) = split("第一条 支持扩大出口。")
    assert alone.heading == ""


def test_what_follows_the_last_article_after_an_empty_line_is_an_annex() -> None:
    """A text without a closing ends with its last article's paragraph."""
    parts = split("(一)甲。\n(二)乙，\n丙。\n\n来源：海报")
    assert [(p.number, p.wording) for p in parts[1:]] == [
        (2, "(二)乙，\n丙。"),
        ("annex", "来源：海报"),
    ]


def test_a_text_without_articles_is_one_part() -> None:
    """And an empty one has none."""
    assert [p.number for p in split("各村：\n请照办。")] == ["heading"]
    assert split("\n \n") == ()


def test_a_measure_among_other_news() -> None:
    """A bulletin's earlier pieces, and the number named in a sentence, do not belong to it."""
    measure = island().measures["isle-2031-7"]
    story = "渔业厅说，珊渔规〔2031〕7号下月起施行，它会帮助很多渔民更换旧的木船。"
    news = f"海报\n\n{story}\n\n来源：海报\n\n"
    assert find_measures(news + TEXT, [measure])[measure.id] == TEXT.rstrip("\n")
    assert find_measures(news, [measure]) == {}


@pytest.mark.parametrize(
    "written", ["珊渔规[2031]7号", "珊渔规（2031）7号", "文号：珊渔规【2031】7号"]
)
def test_the_document_number_is_known_in_any_brackets(written: str) -> None:
    """Copies write the year's brackets in many ways, and a label before the number."""
    measure = island().measures["isle-2031-7"]
    assert measure.id in find_measures(TEXT.replace("珊渔规〔2031〕7号", written), [measure])


def test_a_measure_without_its_notice_is_known_by_its_title() -> None:
    """The title may run over two lines."""
    measure = island().measures["isle-2031-7"]
    own = TEXT[TEXT.rindex(TITLE) :].replace(TITLE, f"{TITLE[:5]}\n{TITLE[5:]}")
    parts = split(find_measures(own, [measure])[measure.id], TITLE)
    assert [p.number for p in parts] == NAMES[1:]


def test_a_file_that_is_no_text_is_refused() -> None:
    """Neither encoding fits, or it is binary."""
    for content in (b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xfe\x00", b"\xff"):
        with pytest.raises(Refused):
            decode(content)


def test_a_file_begins_with_its_measure_whatever_the_title_is_called() -> None:
    """Where nothing else stands above the document number, it belongs to the measure; what another
    text ends with does not."""
    measure = replace(
        island().measures["isle-2031-7"],
        number="岛政〔2031〕4号",
        title=Text("换新措施", "Renewal"),
    )
    text = "关于印发措施的通知\n岛政〔2031〕4号\n第一条 给予奖励。"
    assert find_measures(text, [measure])[measure.id] == text
    behind = f"前一份文件。\n{text}"
    assert find_measures(behind, [measure])[measure.id] == text.partition("\n")[2]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\n《渔船办法》\n第一条 给予奖励。", "渔船办法"),
        (
            "岛政府关于印发《渔船\n更新办法》的通知\n\n请照办。\n\n渔船更新办法\n第一条 给奖励。",
            "渔船更新办法",
        ),
        ("关于落实《渔船办法》的意见\n\n第一条 给予奖励。", "关于落实《渔船办法》的意见"),
        ("Aid for boats\n\nArticle 1 Aid is paid.", "Aid for boats"),
        ("\n \n", ""),
    ],
)
def test_the_title_is_that_of_the_document_and_not_of_its_notice(text: str, title: str) -> None:
    """Where the text repeats what the notice names; of a title that names another it is itself."""
    assert title_of(text) == title
