"""What is told of the rows of a batch, in each language that is spoken."""

from pathlib import Path

import pyarrow as pa

from service.bulk.batch_engine import told_columns
from service.domain.text import SPOKEN
from service.usecases.portfolio.company_table import TableBatch
from service.usecases.portfolio.row_words import RowWords, read_row_words
from service.usecases.portfolio.row_words_file import write_row_words


def test_rows_of_which_something_is_told_are_read_in_one_language(tmp_path: Path) -> None:
    """By the numbers that the sender's table gives them; of the others there is no line."""
    path = tmp_path / "words.jsonl"
    told = {
        language: ([f"wrong {language}", None, None], [None, None, f"check {language}"])
        for language in SPOKEN
    }
    columns = {
        name: pa.array(words, pa.string())
        for language, both in told.items()
        for name, words in zip(told_columns(language), both, strict=True)
    }
    answers = pa.record_batch(columns)
    with write_row_words(path) as file:
        file.write(TableBatch(answers, numbers=(4, 5, 9)), answers)
    assert read_row_words(path, "en") == {
        4: RowWords("wrong en", None),
        9: RowWords(None, "check en"),
    }
    assert read_row_words(path, "zh")[4].error == "wrong zh"
