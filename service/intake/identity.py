"""The unified social credit code of an organisation (统一社会信用代码, GB 32100-2015).

Eighteen characters: registering department, kind of organisation, six digits of the authority that
issued the code, nine characters of organisation code (GB 11714), check character.

Errors and warnings are kept apart. A code is refused only for what no genuine code can be: length,
characters, last check character. Everything else is a warning, because codes are kept for life
while authorities are merged, renamed and split, and because a company may move.

The authority's digits never say where a company is registered today: they show who issued the code,
and a municipal or national authority names no district at all.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum
from operator import mul
from typing import NamedTuple

from stdnum.cn import uscc as gb32100

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # digits and capitals without I, O, S, V, Z
LENGTH = 18
NATIONAL_AUTHORITY = "100000"  # registered with the State itself; GB/T 2260 has no such row

_DIGITS = "0123456789"
_AUTHORITY = range(2, 8)  # places of the authority's six digits, counted from zero
_READ_AT_MOST = 100  # characters looked at: nobody separates eighteen of them that often
_PLAIN = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = (*(pow(3, place, 31) for place in range(LENGTH - 1)), 1)
_ORGANISATION_VALUES = {character: int(character, 36) for character in ALPHABET}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class UsccReason(StrEnum):
    """Why a code is refused. Stable; only grows."""

    WRONG_LENGTH = "wrong_length"
    WRONG_CHARACTER = "wrong_character"
    WRONG_CHECK_CHARACTER = "wrong_check_character"


class UsccError(ValueError):
    """No unified social credit code; `reason` is for programs, `zh` and `en` for people."""

    def __init__(self, reason: UsccReason, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = reason
        self.zh = zh
        self.en = en


class UsccWarningCode(StrEnum):
    """What is unusual about a code that may still be genuine. Stable; only grows."""

    ORGANISATION_CHECK = "organisation_check"
    UNKNOWN_REGION_CODE = "unknown_region_code"
    REGION_DIFFERS = "region_differs"


class UsccWarning(NamedTuple):
    code: UsccWarningCode
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Uscc:
    """A code that passed every check that no genuine code fails, taken apart.

    `code` is the whole in capitals without separators; `department` and `organisation_kind` are one
    character each, `authority_region` six digits, `organisation_code` nine characters.
    """

    code: str
    department: str
    organisation_kind: str
    authority_region: str
    organisation_code: str


def parse_uscc(text: str) -> Uscc:
    """Read a code; small letters, and ASCII blanks and hyphens between characters, are accepted.

    Raises UsccError with the first reason found: characters outside ASCII (full-width digits among
    them), length, characters that cannot stand in their place, check character.
    """
    if _PLAIN.fullmatch(text) and _is_checked(text):
        return _apart(text)
    _refuse_other_scripts(text[:_READ_AT_MOST])
    code = gb32100.compact(text[: _READ_AT_MOST + 1])
    if len(code) != LENGTH or len(text) > _READ_AT_MOST:
        raise UsccError(
            UsccReason.WRONG_LENGTH,
            f"应为 {LENGTH} 位，现在是 {len(code)} 位",
            f"The code has {LENGTH} characters; these are {len(code)}",
        )
    _refuse_misplaced(code)
    if code[-1] != gb32100.calc_check_digit(code[:-1]):
        raise UsccError(
            UsccReason.WRONG_CHECK_CHARACTER,
            "末位校验码不符，可能有一位输错或相邻两位颠倒",
            "The last character does not match the others: one of them may be mistyped, "
            "or two may have changed places",
        )
    return _apart(code)


def is_uscc(text: str) -> bool:
    """Whether a text is such a code."""
    try:
        parse_uscc(text)
    except UsccError:
        return False
    return True


def _apart(code: str) -> Uscc:
    return Uscc(code, code[0], code[1], code[2:8], code[8:17])


def _is_checked(code: str) -> bool:
    """Whether the check character is the one that stdnum works out, for a code as it is printed:
    most are, and what tells faults apart takes ten times as long."""
    total = sum([_VALUES[c] * weight for c, weight in zip(code, _WEIGHTS, strict=True)])
    return total % len(ALPHABET) == 0


def _refuse_other_scripts(text: str) -> None:
    """stdnum would quietly turn look-alikes into ASCII; a client that sends them has a fault."""
    for character in text:
        if not character.isascii():
            raise UsccError(
                UsccReason.WRONG_CHARACTER,
                f"请用半角数字和字母，不能含有 U+{ord(character):04X}",
                f"Use plain ASCII digits and letters; U+{ord(character):04X} is not one",
            )


def _refuse_misplaced(code: str) -> None:
    """Digits for the authority, the 31 symbols everywhere else."""
    for place, character in enumerate(code):
        if place in _AUTHORITY and character not in _DIGITS:
            raise UsccError(
                UsccReason.WRONG_CHARACTER,
                f"第 {place + 1} 位应为数字",
                f"Character {place + 1} must be a digit",
            )
        if character not in ALPHABET:
            raise UsccError(
                UsccReason.WRONG_CHARACTER,
                f"第 {place + 1} 位只能是数字或大写字母，且不用 I、O、S、V、Z",
                f"Character {place + 1} must be a digit or a letter other than I, O, S, V and Z",
            )


def organisation_check_character(body: str) -> str:
    """The GB 11714 check character for the first eight characters of an organisation code."""
    figures = [_ORGANISATION_VALUES[character] for character in body]
    total = sum(map(mul, figures, _ORGANISATION_WEIGHTS))
    return "0123456789X0"[11 - total % 11]


def warnings(
    uscc: Uscc, known_regions: Container[str], registered_region: str | None
) -> tuple[UsccWarning, ...]:
    """What a person should look at again, in a fixed order; never a ground for refusal.

    `known_regions` holds the current and abolished codes of the standard. The place is compared by
    province only: companies move between districts and cities, and keep the code.
    """
    remarks = []
    if organisation_check_character(uscc.organisation_code[:8]) != uscc.organisation_code[8]:
        remarks.append(_ORGANISATION_CHECK)
    if uscc.authority_region == NATIONAL_AUTHORITY:
        return tuple(remarks)
    if uscc.authority_region not in known_regions:
        remarks.append(_unknown_region_code(uscc.authority_region))
    if registered_region and uscc.authority_region[:2] != registered_region[:2]:
        remarks.append(_REGION_DIFFERS)
    return tuple(remarks)


_ORGANISATION_CHECK = UsccWarning(
    UsccWarningCode.ORGANISATION_CHECK,
    "代码中的组织机构代码（第9至17位）校验不符，请核对",
    "The organisation code inside (characters 9 to 17) fails its own check; please compare it with "
    "the licence",
)
_REGION_DIFFERS = UsccWarning(
    UsccWarningCode.REGION_DIFFERS,
    "代码由其他省级地区的机关发放，请确认注册地是否填写正确；以所填注册地为准",
    "The code was issued in another province than the place of registration; please check that "
    "place, which is used as it is stated",
)


def _unknown_region_code(code: str) -> UsccWarning:
    return UsccWarning(
        UsccWarningCode.UNKNOWN_REGION_CODE,
        f"第3至8位 {code} 不在 GB/T 2260 行政区划代码中，可能属于开发区等登记机关",
        f"Characters 3 to 8, code {code}, are not in GB/T 2260; they may stand for an authority of "
        "a special zone",
    )
