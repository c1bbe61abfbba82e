"""For how many companies a workbook has room to say why."""

from service.usecases.portfolio.sheet_room import MAX_VERDICTS, explained_companies


def test_room_is_told_only_where_it_does_not_do() -> None:
    """To the last company that fits, and one more."""
    assert explained_companies(MAX_VERDICTS // 100, 100) is None
    assert explained_companies(MAX_VERDICTS // 100 + 1, 100) == MAX_VERDICTS // 100
    assert explained_companies(5, 0) is None
