"""Query parameters: read strictly, all faults at once, and documented from the same table."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from service.api.http import name_problems
from service.compiled.programme_table import SORTED
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.facts.code_lists import CodeList
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Commitment
from service.domain.text import SPOKEN, Text, did_you_mean, enumerated, nearest
from service.intake.code_values import MAX_NAMED, CodeKind
from service.intake.faults import InvalidValue
from service.intake.values import DateKind
from service.usecases.reference.lookup import MAX_PAGE, PAGE, ProgrammeQuery

_MAX_TEXT_LENGTH = 200
_MAX_CURSOR_LENGTH = 2_000
# There are thousands of regions: the document holds them once.
REGION_COMPONENT = "RegionsCode"
REGION = {"$ref": f"#/components/schemas/{REGION_COMPONENT}"}
_MAY_BE = Text("{said}；可以是 {codes}", "{said}; it may be {codes}")
_DAY = DateKind()
DAY_SCHEMA = _DAY.describe()
_COUNT = re.compile(r"[1-9][0-9]{0,3}")


class InvalidParameter(ValueError):
    """What is wrong with one value."""

    def __init__(self, code: ErrorCode, message: Text) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A query parameter: how its text is read, and its JSON schema and description. `repeated`: it
    may be given several times, and its value is the list of them."""

    name: str
    read: Callable[[str], Any]
    schema: Mapping[str, Any]
    description: Text
    repeated: bool = False

    def document(self) -> dict[str, Any]:
        """The parameter as OpenAPI has it."""
        return {
            "name": self.name,
            "in": "query",
            "schema": {"type": "array", "items": dict(self.schema)}
            if self.repeated
            else dict(self.schema),
            "description": self.description.en,
            "x-description-zh": self.description.zh,
        }


def read_query(parameters: Iterable[QueryParameter]) -> dict[str, Any]:
    """The values given. Raises InvalidInput with every parameter that is wrong."""
    by_name = {p.name: p for p in parameters}
    several = {p.name for p in by_name.values() if p.repeated}
    problems, values = name_problems(by_name, several), dict[str, Any]()
    for name, texts in request.args.lists():
        if name not in by_name:
            continue
        try:
            found = [by_name[name].read(text) for text in texts]
            values[name] = found if name in several else found[0]
        except InvalidParameter as error:
            problems.append(Problem(f"/{name}", error.code, error.message))
    if problems:
        raise InvalidInput(tuple(problems), ErrorCode.INVALID_QUERY)
    return values


def programme_parameters(catalogue: Catalogue) -> tuple[QueryParameter, ...]:
    """What the list of programmes can be narrowed by, with the codes of this catalogue."""
    return (_FULL_TEXT, *_code_parameters(catalogue), *_DAYS_AND_DEPARTMENT, _ORDER, *_PAGING)


def _code_parameters(catalogue: Catalogue) -> Iterator[QueryParameter]:
    """The parameters whose values are codes of the catalogue, which need not know fields."""
    lists, measures = catalogue.vocabulary.lists, catalogue.measures
    yield choice("measure", measures, None, Text("政策文件编号", "Id of a measure"))
    where = Text("地区代码，返回覆盖该地的事项", "Region code: what applies to that place")
    yield QueryParameter("jurisdiction", _code(catalogue.vocabulary.regions), REGION, where)
    yield _of_list("instrument", lists["instruments"], Text("支持方式", "Instrument"))
    promised = Text("承诺类型", "What the text promises")
    yield choice("commitment", [c.value for c in Commitment], None, promised)
    yield _of_list("kind", lists["kinds"], Text("主体类型", "Kind of applicant"))
    if "fields" in lists:
        yield _of_list("field", lists["fields"], Text("技术领域", "Technology field"))


def _of_list(name: str, codes: CodeList, words: Text) -> QueryParameter:
    return QueryParameter(name, _code(codes), _enum(codes.codes), words)


def read_programme_query(parameters: Iterable[QueryParameter]) -> ProgrammeQuery:
    """The request's query. Raises InvalidInput."""
    return ProgrammeQuery(**read_query(parameters))


def _enum(codes: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(codes)}


def plain_text(longest: int) -> Callable[[str], str]:
    """Reads any text that is not empty."""

    def read(text: str) -> str:
        if not text:
            raise InvalidParameter(ErrorCode.INVALID_VALUE, Text("不能为空", "must not be empty"))
        if len(text) > longest:
            words = Text("最多 {n} 个字符", "must have at most {n} characters")
            raise InvalidParameter(ErrorCode.TOO_LONG, words.format(n=str(longest)))
        return text

    return read


def _words(longest: int) -> Callable[[str], str | None]:
    """What somebody left blank asks for nothing."""
    read = plain_text(longest)
    return lambda text: read(text) if text.strip() else None


def _member(known: Iterable[str]) -> Callable[[str], str]:
    names = tuple(known)

    def read(text: str) -> str:
        if text not in names:
            raise _unknown(names, nearest(text, names))
        return text

    return read


def _code(codes: CodeList) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in codes:
            raise _unknown(codes.codes, CodeKind(codes).suggestion(text))
        return text

    return read


def _unknown(known: Iterable[str], meant: str | None) -> InvalidParameter:
    codes = list(known)
    words = Text("没有这个代码", "no such code")
    if len(codes) <= MAX_NAMED:
        words = _MAY_BE.format(said=words, codes=enumerated(codes))
    return InvalidParameter(ErrorCode.UNKNOWN_CODE, did_you_mean(words, meant))


def a_day(text: str) -> date:
    """A day, written as in a body, of the same years."""
    try:
        return _DAY.read(text)
    except InvalidValue as error:
        (fault,) = error.faults
        raise InvalidParameter(fault.code, fault.text) from None


def count_to(most: int) -> Callable[[str], int]:
    """Reads a whole number from 1 to `most`, which has four digits at most."""

    def read(text: str) -> int:
        if _COUNT.fullmatch(text) and int(text) <= most:
            return int(text)
        words = Text("应为 1 到 {most} 的整数", "must be a whole number from 1 to {most}")
        raise InvalidParameter(ErrorCode.OUT_OF_RANGE, words.format(most=str(most)))

    return read


def choice(name: str, of: Iterable[str], default: str | None, description: Text) -> QueryParameter:
    """A parameter that takes one of a few words."""
    known = tuple(of)
    schema = _enum(known) if default is None else {**_enum(known), "default": default}
    return QueryParameter(name, _member(known), schema, description)


LANGUAGE = choice(
    "lang",
    SPOKEN,
    None,
    Text("语言，不填按 Accept-Language", "Language, else as Accept-Language asks"),
)
_FULL_TEXT = QueryParameter(
    "q", _words(_MAX_TEXT_LENGTH), {"type": "string", "maxLength": _MAX_TEXT_LENGTH},
    Text(
        "全文检索，目录的各种语言均可，中文长短不限；空白等于不写",
        "Full text, in any language of the catalogue; blank is the same as none",
    ),
)  # fmt: skip
_DAYS_AND_DEPARTMENT = (
    QueryParameter("in_force_on", a_day, DAY_SCHEMA, Text("在这一天有效", "In force on this day")),
    QueryParameter(
        "department", plain_text(100), {"type": "string", "minLength": 1, "maxLength": 100},
        Text(
            "部门名称；没有正好叫这个名称的部门时，也可以是名称的一部分",
            "A department; where none has just this name, part of one",
        ),
    ),
    QueryParameter(
        "changed_since", a_day, DAY_SCHEMA,
        Text("这一天之后新增或修改", "New or changed after this day"),
    ),
)  # fmt: skip
_ORDER = choice(
    "sort", SORTED, None,
    Text("排序：id、amount（金额上限从高到低）、valid_to（先到期在前）、official（官方文件在前，报道在后）",
         "Order: `id`, `amount` (the highest cap first), `valid_to` (the next to end), `official`"
         " (official documents before press reports)"),
)  # fmt: skip
_PAGING = (
    QueryParameter(
        "cursor", plain_text(_MAX_CURSOR_LENGTH), {"type": "string", "minLength": 1},
        Text("上一页的 next_cursor", "next_cursor of the page before"),
    ),
    QueryParameter(
        "limit", count_to(MAX_PAGE),
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": PAGE},
        Text("每页条数", "Items per page"),
    ),
)  # fmt: skip
