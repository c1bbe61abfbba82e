"""Write service/storage/pinyin.txt: for each syllable the characters of GB 2312 that sound so.

The readings are those of pypinyin (MIT), which takes tens of megabytes where a search needs this
table only. It is not pinned here, for nothing else uses it: `pip install pypinyin` first.

usage: python -m scripts.pinyin_table
"""

from collections.abc import Iterator
from pathlib import Path

from pypinyin import Style, pinyin

TABLE = Path(__file__).resolve().parent.parent / "service" / "storage" / "pinyin.txt"
# Rows and columns of GB 2312 that hold characters.
_ROWS, _COLUMNS = range(0xB0, 0xF8), range(0xA1, 0xFF)


def characters() -> Iterator[str]:
    """Every Chinese character of GB 2312."""
    for row in _ROWS:
        yield from bytes(b for column in _COLUMNS for b in (row, column)).decode("gb2312", "ignore")


def main() -> None:
    table: dict[str, list[str]] = {}
    for character in characters():
        for sound in pinyin(character, style=Style.NORMAL, heteronym=True)[0]:
            if sound.isascii() and sound.isalpha():
                table.setdefault(sound, []).append(character)
    lines = (f"{sound} {''.join(of)}\n" for sound, of in sorted(table.items()))
    TABLE.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
