"""A Chinese page and its English twin say the same: neither has a part that the other lacks."""

import re

import pytest

from service.settings import PROJECT
from tests.docs.pages import PAGES, Commands, commands, read

TWINS = [
    (str(page.relative_to(PROJECT)).replace(".zh-CN", ""), str(page.relative_to(PROJECT)))
    for page in PAGES
    if page.name.endswith(".zh-CN.md")
]
# How a line begins that belongs to a page's shape: heading, row of a table, picture, fence.
SHAPE = re.compile(r"#+ |\||!\[|```\w*")
both = pytest.mark.parametrize(("english", "chinese"), TWINS)


def shape(page: str) -> list[str]:
    """The headings by level, rows, pictures and blocks of a page, in their order. A comment in a
    block is no heading."""
    found, inside = [], False
    for line in read(page).splitlines():
        fence = line.startswith("```")
        start = SHAPE.match(line)
        if start and (fence or not inside):
            found.append(start[0])
        inside ^= fence
    return found


def without_language(block: Commands) -> str:
    """A block's commands but for the language asked for and the name of an example account, which
    must differ where both pages are run against one server."""
    asked = block.text.replace(" --lang en", "")
    return re.sub(r"(?<=accounts add )\w+", "NAME", asked)


def test_every_chinese_page_has_a_twin() -> None:
    """Found by their names, so that a new page is held by these tests at once."""
    assert [english for english, _ in TWINS if not (PROJECT / english).exists()] == []
    held = {"docs/api.md", "docs/guide.md", "docs/portfolio.md", "README.md"}
    assert held <= {english for english, _ in TWINS}


@both
def test_twins_have_the_same_parts(english: str, chinese: str) -> None:
    """As many headings of each level, rows, pictures and blocks, in the same order."""
    assert shape(chinese) == shape(english)


@both
def test_twins_show_the_same_commands(english: str, chinese: str) -> None:
    """They differ in language only."""
    shown = [
        [without_language(c) for c in commands() if c.page == page] for page in (english, chinese)
    ]
    assert shown[1] == shown[0]


@both
def test_twins_link_to_each_other(english: str, chinese: str) -> None:
    """Whoever opened the wrong one finds the other."""
    assert f"({chinese.rpartition('/')[2]})" in read(english)
    assert f"({english.rpartition('/')[2]})" in read(chinese)


@both
def test_a_chinese_page_leads_to_chinese_pages(english: str, chinese: str) -> None:
    """A link to a page that there is in Chinese goes to the Chinese one, its own twin aside."""
    named = set(re.findall(r"\]\((?:docs/)?([\w-]+\.md)[^)]*\)", read(chinese)))
    twins = {page.rpartition("/")[2] for page, _ in TWINS} - {english.rpartition("/")[2]}
    assert named & twins == set()
