"""How many lines of why a workbook of answers holds: more than a sheet is read for are a file's."""

# So many verdicts are explained, row by row from the first.
MAX_VERDICTS = 100_000


def explained_companies(rows: int, programmes: int) -> int | None:
    """For how many companies there is room, where not for all.

    >>> explained_companies(1_000, 132), explained_companies(700, 132)
    (757, None)
    """
    room = MAX_VERDICTS // max(programmes, 1)
    return room if rows > room else None
