"""How many verdicts are explained in the workbook of a batch's answers; beyond that many they are
written to a file of their own, as nobody reads so long a sheet.
"""

# So many verdicts are explained, row by row from the first.
MAX_VERDICTS = 100_000


def explained_companies(rows: int, programmes: int) -> int | None:
    """For how many companies there is room, where not for all.

    >>> explained_companies(1_000, 132), explained_companies(700, 132)
    (757, None)
    """
    room = MAX_VERDICTS // max(programmes, 1)
    return room if rows > room else None
