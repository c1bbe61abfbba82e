"""What is sent to make keys and to keep companies, read as strictly as a profile."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError

from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.profile import Profile, Provenance, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.principal import Scope
from service.domain.text import Text
from service.intake.code_values import CodeKind, CodesKind
from service.intake.faults import InvalidValue, faults_as_problems, invalid_value, wrong_type
from service.intake.identity import UsccError, parse_uscc
from service.intake.profiles import ProfileReader
from service.intake.records import FIELD_MESSAGES, Nested, Record, Scalar, faults_of, make_record
from service.intake.requests import RawField
from service.intake.values import BooleanKind, DateKind, JsonSchema, TextKind, string

MAX_TAGS = 20
# A code of a company in an address: 552 081 317, HRB-12345.
_CODE = re.compile(r"[^\W_](?:[\w .-]{0,38}[^\W_])?")
_TAG = re.compile(r"[\w.-]{1,40}")
# The letters of the same in a pattern that every reader of schemas understands alike.
_TAG_WRITTEN = r"^[0-9A-Za-z_.\-\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u4e00-\u9fff]{1,40}$"
_SCOPES = CodeList(
    "scopes", Text("权限", "scopes"), {s.value: Code(s.value, Text(s, s)) for s in Scope}
)


@dataclass(frozen=True)
class TagsKind:
    """Words of the sender's own to sort companies by."""

    def read(self, raw: object) -> frozenset[str]:
        if not isinstance(raw, list) or len(raw) > MAX_TAGS:
            raise wrong_type(f"至多 {MAX_TAGS} 个标签的列表", f"a list of at most {MAX_TAGS} tags")
        for tag in raw:
            if not _TAG.fullmatch(string(tag)):
                zh, en = "标签只用文字、数字和 . _ -", "a tag holds letters, digits and . _ - only"
                raise invalid_value(ErrorCode.INVALID_VALUE, zh, en)
        return frozenset(raw)

    def describe(self) -> JsonSchema:
        return {
            "type": "array",
            "items": {"type": "string", "pattern": _TAG_WRITTEN},
            "maxItems": MAX_TAGS,
        }


@dataclass(frozen=True)
class ScopesKind(CodesKind):
    """At least one scope."""

    def read(self, raw: object) -> frozenset[str]:
        found = super().read(raw)
        if not found:
            raise invalid_value(ErrorCode.REQUIRED, "至少一项", "must hold at least one")
        return found

    def describe(self) -> JsonSchema:
        return {**super().describe(), "minItems": 1}


NEW_KEY = make_record(
    Record,
    "NewKey",
    {
        "name": Scalar(TextKind(), required=True),
        "scopes": Scalar(ScopesKind(CodeKind(_SCOPES)), required=True),
        "expires_on": Scalar(DateKind()),
        "signs": Scalar(BooleanKind()),
    },
)
_EVIDENCE = make_record(
    Record,
    "Evidence",
    {
        "document": Scalar(TextKind(), required=True),
        "by": Scalar(TextKind()),
        "on": Scalar(DateKind()),
    },
)


_EVIDENCE_SCHEMA: JsonSchema = {
    "type": "object",
    "description": "For a fact, by its id, the document that shows it, who looked, and when.",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "document": {"type": "string", "minLength": 1, "maxLength": 200},
            "by": {"type": ["string", "null"], "minLength": 1, "maxLength": 200},
            "on": {**DateKind().describe(), "type": ["string", "null"]},
        },
        "required": ["document"],
        "additionalProperties": False,
    },
}


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that is asked for. `expires_on` is its last day; one that `signs` is never sent."""

    name: str
    scopes: frozenset[Scope]
    expires_on: date | None
    signs: bool = False


def read_new_key(raw: object) -> NewKey:
    """Raises InvalidInput with every problem."""
    values = load_record(NEW_KEY, raw, "")
    scopes = frozenset(map(Scope, values["scopes"]))
    return NewKey(values["name"], scopes, values.get("expires_on"), bool(values.get("signs")))


@dataclass(frozen=True, slots=True)
class CompanyDocument:
    """A company as it is kept: its profile, tags, and for facts the document that shows them."""

    profile: Profile
    tags: tuple[str, ...]
    evidence: Mapping[str, Mapping[str, str]]


class CompanyReader:
    """Reads company documents in one vocabulary. `schema` describes them."""

    def __init__(self, profiles: ProfileReader) -> None:
        self._profiles = profiles
        self._identifier = profiles.vocabulary.identifier
        self._around = self._record(RawField(required=True, error_messages=FIELD_MESSAGES))
        self.schema = self._record(Nested(profiles.schema, required=True))

    def _record(self, profile: Any) -> Record:
        evidence = RawField(
            allow_none=True, error_messages=FIELD_MESSAGES, metadata=_EVIDENCE_SCHEMA
        )
        parts = {"profile": profile, "tags": Scalar(TagsKind()), "evidence": evidence}
        return make_record(Record, "CompanyDocument", parts)

    def read(self, raw: object, uscc: str) -> CompanyDocument:
        """A company's document. The code of the address is the company's: it may be left out of the
        profile, and no other may stand there. Raises InvalidInput with every problem."""
        values = load_record(self._around, raw, "")
        profile, identifier = values["profile"], self._identifier
        if identifier is not None:
            profile = _with_code(profile, identifier.name, uscc)
        stated = self._profiles.read_stated(profile, "/profile")
        if identifier is not None and stated.company.get(identifier.id) != uscc:
            place = f"/profile/company/{identifier.name}"
            raise InvalidInput((Problem(place, ErrorCode.INVALID_VALUE, _OTHER),))
        evidence = self._evidence(values.get("evidence"), stated)
        _check_verified(stated, evidence)
        return CompanyDocument(stated, tuple(sorted(values.get("tags") or ())), evidence)

    def _evidence(self, raw: object, stated: Profile) -> dict[str, dict[str, str]]:
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            raise InvalidInput((Problem("/evidence", ErrorCode.WRONG_TYPE, _AN_OBJECT),))
        known = {*stated.company, *_project_keys(stated)}
        found: dict[str, dict[str, str]] = {}
        wrong_keys = [k for k in raw if k not in known]
        if wrong_keys:
            place = f"/evidence/{wrong_keys[0][:80].replace('~', '~0').replace('/', '~1')}"
            raise InvalidInput((Problem(place, ErrorCode.UNKNOWN_KEY, _NOT_STATED),))
        for key, value in raw.items():
            read = load_record(_EVIDENCE, value, f"/evidence/{key}")
            found[key] = {k: str(v) for k, v in read.items() if v is not None}
        return found


def _check_verified(stated: Profile, evidence: Mapping[str, Mapping[str, str]]) -> None:
    """Raises InvalidInput where something is marked as verified, and no document shows it: whoever
    reads the mark could not tell what was looked at."""
    marked = (k for k, p in stated.provenance.items() if p is Provenance.VERIFIED)
    unproven = [key for key in marked if key not in evidence]
    if unproven:
        raise InvalidInput(
            tuple(Problem(f"/evidence/{key}", ErrorCode.REQUIRED, _UNPROVEN) for key in unproven)
        )


def _project_keys(stated: Profile) -> list[str]:
    return [
        f"projects.{project.ref}.{fact.removeprefix('project.')}"
        for project in stated.projects
        for fact in project.facts
    ]


def _with_code(profile: object, name: str, code: str) -> object:
    if not isinstance(profile, dict):
        return profile
    company = profile.get("company")
    if company is None:
        return {**profile, "company": {name: code}}
    if isinstance(company, dict) and company.get(name) is None:
        return {**profile, "company": {**company, name: code}}
    return profile


def read_company_code(text: str, vocabulary: Vocabulary) -> str:
    """The code that a company is kept under: a credit code where that is what the catalogue tells
    companies by, else whatever people call it by in letters and digits. Raises InvalidInput."""
    identifier = vocabulary.identifier
    if identifier is None or identifier.scheme is None:
        if _CODE.fullmatch(text):
            return text
        raise InvalidInput((Problem("/uscc", ErrorCode.INVALID_VALUE, _NO_CODE),))
    try:
        return parse_uscc(text).code
    except UsccError as error:
        words = Text(error.zh, error.en)
        problem = Problem("/uscc", ErrorCode(error.reason.value), words)
        raise InvalidInput((problem,)) from None


def stated_code(company: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """The code that a company's JSON states; empty where it states none."""
    identifier = vocabulary.identifier
    return "" if identifier is None else str(company.get(identifier.name) or "")


def merge_patch(target: object, patch: object) -> object:
    """RFC 7396: null removes, objects are merged, everything else takes the place."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def load_record(record: Record, raw: object, pointer: str) -> dict[str, Any]:
    """The values of an object. Raises InvalidInput with every problem, placed under `pointer`."""
    if not isinstance(raw, dict):
        raise InvalidInput((Problem(pointer, ErrorCode.WRONG_TYPE, _AN_OBJECT),))
    try:
        found: Any = record.read(raw)
    except InvalidValue:
        try:
            found = record.load(raw)
        except ValidationError as error:
            raise InvalidInput(faults_as_problems(faults_of(error.messages), pointer)) from None
    assert isinstance(found, dict)
    values: dict[str, Value | Any] = found
    return values


_AN_OBJECT = Text("应为 JSON 对象", "must be a JSON object")
_NO_CODE = Text(
    "代码至多 40 个文字、数字，中间可用空格和 . _ -",
    "a code is at most 40 letters and digits, with blanks and . _ - between them",
)
_OTHER = Text("与地址中的代码不同", "differs from the code of the address")
_UNPROVEN = Text(
    "标为“已核验”须写明证明材料：看过的原件，或查过的登记",
    "what is marked as verified needs its document: the original seen, or the register looked up",
)
_NOT_STATED = Text("档案没有填写这一项", "the profile does not state this")
