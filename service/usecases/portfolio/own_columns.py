"""The columns of a sender's own by which its lists are told apart and joined: the number that it
gives a customer, and who looks after the customer."""

import re
from collections.abc import Iterable

_NUMBER = re.compile(
    r"(?:客户|企业|借款人|单位|核心)(?:内部)?(?:编号|代码|号码|号|id)"
    r"|(?:customer|client|cif)[ _-]?(?:number|no\.?|id|code)?",
    re.IGNORECASE,
)
_OFFICER = re.compile(
    r"(?:(?:主办|管户|责任|经办)?客户经理|管户(?:经理|人员?|员)|主办经理|业务经理|经办人)(?:姓名|工号|编号)?"
    r"|(?:relationship|account|client)[ _-]?(?:manager|officer)",
    re.IGNORECASE,
)


def joining_columns(names: Iterable[str]) -> list[str]:
    """Of columns that are no facts those that stand in every list, at most one of a kind.

    >>> joining_columns(["备注", "客户经理", "客户号", "经办人"])
    ['客户号', '客户经理']
    """
    given = list(names)
    found = (next(filter(kind.fullmatch, given), None) for kind in (_NUMBER, _OFFICER))
    return [name for name in found if name is not None]
