"""The unified social credit code: what is refused, what is only pointed out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as gb32100

from service.intake.identity import (
    ALPHABET,
    Uscc,
    UsccError,
    UsccReason,
    UsccWarningCode,
    organisation_check_character,
    parse_uscc,
    warnings,
)

REAL = "91110000600037341L"
GENUINE = [REAL, "91110302562134916R", "91420100616400352X", "91100000000013477B"]
WRONG_LENGTH = UsccReason.WRONG_LENGTH
WRONG_CHARACTER = UsccReason.WRONG_CHARACTER
WRONG_CHECK_CHARACTER = UsccReason.WRONG_CHECK_CHARACTER


def check_character(body: str) -> str:
    """The check character by the text of the standard: weights are the powers of 3 modulo 31."""
    total = sum(ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return ALPHABET[-total % 31]


def whole(body: str) -> str:
    return body + check_character(body)


def refusal(text: str) -> UsccReason:
    with pytest.raises(UsccError) as caught:
        parse_uscc(text)
    assert caught.value.zh.encode()
    assert caught.value.en == str(caught.value)
    return caught.value.reason


def codes_of(code: str, known: set[str], registered: str | None) -> list[UsccWarningCode]:
    return [w.code for w in warnings(parse_uscc(code), known, registered)]


@pytest.mark.parametrize("code", GENUINE)
def test_genuine_codes_are_read_without_organisation_warning(code: str) -> None:
    """Codes of existing companies pass both check characters."""
    assert parse_uscc(code).code == code
    assert codes_of(code, {code[2:8]}, None) == []


def test_a_code_is_taken_apart() -> None:
    """Department, kind, issuing authority and organisation code stand in fixed places."""
    assert parse_uscc("91110302562134916R") == Uscc(
        code="91110302562134916R",
        department="9",
        organisation_kind="1",
        authority_region="110302",
        organisation_code="562134916",
    )


@pytest.mark.parametrize("prefix", ["N1", "N2", "Y1", "A1", "1A", "52", "93"])
def test_departments_with_letters_are_read(prefix: str) -> None:
    """Rural collectives, bodies of the army and other departments carry a letter in front."""
    code = whole(f"{prefix}310115562134916")
    assert parse_uscc(code).department == prefix[0]
    assert parse_uscc(code).organisation_kind == prefix[1]


@pytest.mark.parametrize(
    "text",
    [
        "91110000600037341l",
        " 91110000600037341L\n",
        "9111 0000 6000 3734 1L",
        "91-110000-600037341-L",
    ],
)
def test_small_letters_blanks_and_hyphens_do_not_matter(text: str) -> None:
    """A code copied from a licence or a table is read as it was meant."""
    assert parse_uscc(text).code == REAL


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", WRONG_LENGTH),
        ("91110000600037341", WRONG_LENGTH),
        ("91110000600037341LL", WRONG_LENGTH),
        ("110108000000000", WRONG_LENGTH),
        (REAL + " " * 1000, WRONG_LENGTH),
        ("９1110000600037341L", WRONG_CHARACTER),
        ("91110000600037341Ｌ", WRONG_CHARACTER),
        ("91110000－600037341L", WRONG_CHARACTER),
        ("9111\u30000000600037341L", WRONG_CHARACTER),
        ("9111000060003734١L", WRONG_CHARACTER),
        ("9111000060003734\u0131L", WRONG_CHARACTER),
        ("统一社会信用代码", WRONG_CHARACTER),
        ("9111000060003734\ud800L", WRONG_CHARACTER),
        ("9111O000600037341L", WRONG_CHARACTER),
        ("911A0000600037341L", WRONG_CHARACTER),
        ("91110000600037341I", WRONG_CHARACTER),
        ("9111000060003734.L", WRONG_CHARACTER),
        ("91110000600037341M", WRONG_CHECK_CHARACTER),
        ("91110108600037341L", WRONG_CHECK_CHARACTER),
    ],
)
def test_refusals_name_their_reason(text: str, reason: UsccReason) -> None:
    """Every refusal carries a stable reason and words in both languages."""
    assert refusal(text) is reason


@pytest.mark.parametrize("letter", "IOSVZ")
@pytest.mark.parametrize("place", [0, 1, 8, 16, 17])
def test_letters_outside_the_alphabet_are_refused_wherever_they_stand(
    letter: str, place: int
) -> None:
    """I, O, S, V and Z look like digits or other letters, so the standard leaves them out."""
    assert refusal(REAL[:place] + letter + REAL[place + 1 :]) is WRONG_CHARACTER


def test_every_single_substitution_is_detected() -> None:
    """31 is prime and no weight is a multiple of it, so the rule has no exception."""
    for place in range(18):
        for other in set(ALPHABET) - {REAL[place]}:
            refusal(REAL[:place] + other + REAL[place + 1 :])


@pytest.mark.parametrize("code", GENUINE)
def test_every_adjacent_transposition_is_detected(code: str) -> None:
    """Neighbouring weights differ modulo 31, so only two equal neighbours can change places."""
    for place in range(17):
        left, right = code[place], code[place + 1]
        if left != right:
            refusal(code[:place] + right + left + code[place + 2 :])


SYMBOL = st.sampled_from(ALPHABET)
BODIES = st.builds(
    "".join,
    st.tuples(
        st.text(SYMBOL, min_size=2, max_size=2),
        st.text(st.sampled_from("0123456789"), min_size=6, max_size=6),
        st.text(SYMBOL, min_size=9, max_size=9),
    ),
)


@given(BODIES)
def test_any_body_with_its_check_character_is_read(body: str) -> None:
    """The check character is the only redundancy that decides, and exactly one fits."""
    code = whole(body)
    assert parse_uscc(code).code == code
    assert refusal(body + ALPHABET[(ALPHABET.index(code[-1]) + 1) % 31]) is WRONG_CHECK_CHARACTER


@given(BODIES)
def test_whatever_stdnum_accepts_is_accepted(body: str) -> None:
    """The library refuses more (letters in front), never less."""
    code = whole(body)
    assert parse_uscc(code).code == code
    assert gb32100.is_valid(code) == code[:2].isdigit()


@given(st.text(max_size=40))
def test_any_text_is_either_read_or_refused_with_a_reason(text: str) -> None:
    """No input raises anything but UsccError."""
    try:
        assert len(parse_uscc(text).code) == 18
    except UsccError as error:
        assert error.reason in UsccReason  # noqa: PT017


@pytest.mark.parametrize(
    ("body", "character"),
    [("60003734", "1"), ("56213491", "6"), ("61640035", "2"), ("D2143569", "X"), ("00000000", "0")],
)
def test_organisation_check_follows_gb_11714(body: str, character: str) -> None:
    """Letters count from A = 10; a remainder of ten is written X, of eleven 0."""
    assert organisation_check_character(body) == character


def test_a_wrong_organisation_check_is_only_pointed_out() -> None:
    """The inner check is not enforced by every issuer, so it never refuses a code."""
    code = whole("91110000600037342")
    assert codes_of(code, {"110000"}, "110108") == [UsccWarningCode.ORGANISATION_CHECK]


@pytest.mark.parametrize(
    ("known", "registered", "expected"),
    [
        ({"110302"}, "110115", []),
        ({"110302"}, "110000", []),
        ({"110302"}, None, []),
        ({"110302"}, "", []),
        (set(), "110115", [UsccWarningCode.UNKNOWN_REGION_CODE]),
        ({"110302"}, "310115", [UsccWarningCode.REGION_DIFFERS]),
        (set(), "310115", [UsccWarningCode.UNKNOWN_REGION_CODE, UsccWarningCode.REGION_DIFFERS]),
    ],
)
def test_the_issuing_authority_gives_warnings_only(
    known: set[str], registered: str | None, expected: list[UsccWarningCode]
) -> None:
    """An unlisted authority or another province is worth a look; another district is normal."""
    assert codes_of("91110302562134916R", known, registered) == expected


def test_a_company_registered_with_the_state_has_no_place_to_compare() -> None:
    """100000 is the national authority: in no region list, and at odds with no province."""
    assert codes_of("91100000000013477B", set(), "310115") == []


def test_warnings_are_worded_in_both_languages() -> None:
    """A warning can be shown as it is."""
    found = warnings(parse_uscc(whole("91110302562134917")), set(), "310115")
    assert len({w.code for w in found}) == 3
    assert all(w.zh and w.en and w.zh != w.en for w in found)
