"""Signs that nobody sees are told where they stand, and those that a script needs are left."""

from service.catalogue.unseen_signs import unseen_signs, without_unseen


def test_each_is_told_with_its_line_and_the_word_that_is_read_there() -> None:
    """The file is then read as if it had not been written, so that nothing else is told of it."""
    text = "\ufeffid: a\nname: re\u200bward\u00ad x\n"
    told = [(line, words.en) for line, words in unseen_signs(text)]
    assert told == [
        (2, "'reward' holds a sign that nobody sees (U+200B): type the word anew"),
        (2, "'reward' holds a sign that nobody sees (U+00AD): type the word anew"),
    ]
    assert without_unseen(text) == "id: a\nname: reward x\n"


def test_what_joins_and_parts_letters_stays_where_they_are_written_with_it() -> None:
    """A Persian plural has a joiner inside; between Latin letters it has no business."""
    persian = "name: \u06a9\u062a\u0627\u0628\u200c\u0647\u0627\n"
    assert not list(unseen_signs(persian))
    assert without_unseen(persian) == persian
    assert [line for line, _ in unseen_signs(persian + "name: a\u200cb\n")] == [2]
