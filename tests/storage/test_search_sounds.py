"""Chinese typed in pinyin, by the table of sounds and what an index holds."""

from collections import Counter

import pytest

from service.storage.search_sounds import SoundIndex, sounds

_TEXTS = ("知识产权质押贷款贴息", "高新技术企业", "孵化器")
_PAIRS = Counter(
    {text[i : i + 2]: 5 for text in _TEXTS for i in range(len(text) - 1)} | {"铁西": 1, "大特": 1}
)


def _holds(text: str) -> bool:
    return any(text in whole for whole in _TEXTS)


def _read(typed: str) -> str:
    return SoundIndex(_PAIRS, ["高企", "专精特新"], ["怎么"]).read(typed, _holds)


def test_a_character_has_every_sound_it_may_have() -> None:
    assert sounds()["重"] == ("chong", "tong", "zhong")
    assert sounds()["贴"] == ("tie",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    # 贴息 and not 铁西, which stands there once
    [("fuhuaqi", "孵化器"), ("gaoxin", "高新"), ("tiexi", "贴息"),
     ("zhishichanquandaikuan", "知识产权贷款"), ("zenmedaikuan", "怎么贷款"),
     ("zhuanjingtexin", "专精特新"), ("gaoqi", "高企"), ("gq", "高企"), ("zjtx", "专精特新")],
)  # fmt: skip
def test_what_is_spelt_is_read_whole_and_names_by_their_initials(typed: str, meant: str) -> None:
    assert _read(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["date", "women", "dai", "gx", "x", "gao1xin", "贷款", "ana" * 13, "a" * 50, "fuhuaqib"],
)
def test_what_spells_nothing_known_is_not_read(typed: str) -> None:
    """Two characters that stand together by chance are no word: date is not 大特."""
    assert _read(typed) == ""
