"""Pages of what belongs to a tenant: their parameters and their cursors."""

import re

from service.api.queries import QueryParameter, count_to, plain_text
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.text import Text


def page_parameters(most: int, usual: int) -> tuple[QueryParameter, ...]:
    """`limit` and `cursor`."""
    return (
        QueryParameter(
            "limit",
            count_to(most),
            {"type": "integer", "minimum": 1, "maximum": most, "default": usual},
            Text("每页条数", "How many a page"),
        ),
        QueryParameter(
            "cursor",
            plain_text(200),
            {"type": "string", "minLength": 1, "maxLength": 200},
            Text("上一页的 next_cursor", "`next_cursor` of the page before"),
        ),
    )


def read_number_cursor(cursor: str) -> int:
    """A cursor that is a number. Raises InvalidInput."""
    return int(read_cursor(cursor, "[0-9]{1,15}"))


def read_cursor(cursor: str, form: str) -> str:
    """A cursor of this form. Raises InvalidInput."""
    if not re.fullmatch(form, cursor):
        words = Text("不是本接口给出的游标", "no cursor of this interface")
        problem = Problem("/cursor", ErrorCode.INVALID_CURSOR, words)
        raise InvalidInput((problem,), ErrorCode.INVALID_CURSOR)
    return cursor
