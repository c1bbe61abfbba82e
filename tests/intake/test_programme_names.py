"""What is written of the programme that paid support names one, leaves open which, or none."""

import pytest

from service.domain.text import Text
from service.intake.programme_names import ProgrammeGuess, ProgrammeNames
from tests.own import own_catalogue

NAMES = ProgrammeNames.of(own_catalogue())
ONE_OFF = "sh-04-basic-research"


@pytest.mark.parametrize(
    "written",
    [
        ONE_OFF,
        " SH-04-Basic-Research ",
        "ｓｈ-04-basic-research",
        "企业基础研究投入一次性补助",
        "企业 基础研究投入 一次性补助",
        "《企業基礎研究投入一次性補助》",
        "沪府办规〔2025〕8号企业基础研究投入一次性补助",
        "沪府办规[2025]8号 第四条 企业基础研究投入一次性补助",
        "one-off subsidy for corporate basic research",
    ],
)
def test_an_id_and_a_printed_name_are_the_programme_however_they_are_written(written: str) -> None:
    assert NAMES.meant_by(written) == ProgrammeGuess(ONE_OFF)


@pytest.mark.parametrize(
    ("written", "likely"),
    [
        ("sh-04-basic-reserch", {ONE_OFF}),
        ("企业基础研究投入补助", {ONE_OFF}),
        ("贷款贴息", {"bj-15-interest", "sh-10-interest"}),  # two are called so
    ],
)
def test_a_name_of_several_or_like_one_leaves_open_which_it_is(
    written: str, likely: set[str]
) -> None:
    meant = NAMES.meant_by(written)
    assert (meant.programme, set(meant.likely)) == (None, likely)


def test_a_document_tells_apart_what_shares_a_name_and_alone_names_none_of_its_programmes() -> None:
    assert NAMES.meant_by("沪府办规〔2025〕8号 贷款贴息") == ProgrammeGuess("sh-10-interest")
    whole = NAMES.meant_by("沪府办规〔2025〕8号")
    assert whole.programme is None
    assert {ONE_OFF, "sh-05-upscale"} <= set(whole.likely)


@pytest.mark.parametrize("written", ["区科委创新券", "another", "其他", "x", "《》"])
def test_another_policy_is_another_policy(written: str) -> None:
    assert NAMES.meant_by(written) == ProgrammeGuess(None)


def test_what_paid_is_called_by_its_name_and_what_is_not_known_as_it_was_written() -> None:
    """For whoever reads of the support: nobody knows a programme by its id."""
    called = NAMES.name_of(ONE_OFF)
    assert called == Text(
        "企业基础研究投入一次性补助", "One-off subsidy for corporate basic research"
    )
    assert NAMES.name_of("区科委创新券") == Text("区科委创新券", "区科委创新券")
