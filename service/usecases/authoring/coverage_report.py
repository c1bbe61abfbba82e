"""Coverage as a page for reading, in both languages."""

from collections.abc import Iterator

from service.rendering.json_parts import Json

_HEAD = """\
# 覆盖情况 · Coverage

Made by `huice policies coverage --markdown`; a test holds it in step with the policy files.

Every article of each official measure with its programmes, or the reason why nothing, or why the
rest, can be matched; and every number of the text with its place: *parameter* of a programme,
government *target* (never a benefit), *metadata* of the document, or part of a *name*.
`heading`, `preamble`, `outline`, `section-N` and `closing` are the parts of a text that are no
numbered article.

每份官方文件的每一条对应哪些支持事项，或者为什么不能匹配；条文中的每个数字属于哪一类：支持事项的参数（parameter）、
政府目标（target，不是可以得到的金额）、文件信息（metadata）或名称的一部分（name）。
"""


def coverage_page(answer: Json) -> str:
    """The Markdown of a coverage answer."""
    return "\n".join(_report_lines(answer)) + "\n"


def _report_lines(answer: Json) -> Iterator[str]:
    yield _HEAD
    totals = answer["totals"]
    numbers = ", ".join(f"{count} {kind}" for kind, count in totals["numbers"].items())
    yield f"{totals['articles']} articles and parts; {totals['programmes']} programmes; {numbers}."
    for measure in answer["measures"]:
        yield ""
        yield f"## {measure['number']} · `{measure['id']}`"
        yield ""
        yield f"{measure['title']['zh']} · {measure['title']['en']}"
        for article in measure["articles"]:
            yield from _article_lines(article)


def _article_lines(article: Json) -> Iterator[str]:
    title = article["title"]
    yield ""
    yield f"### {article['article']} {title['zh']} · {title['en']}"
    yield ""
    if article["programmes"]:
        yield f"- 支持事项 · programmes: {', '.join(f'`{p}`' for p in article['programmes'])}"
    if article["unmatched"]:
        yield f"- 不能匹配 · not matched: {article['unmatched']['zh']} {article['unmatched']['en']}"
    if article["numbers"]:
        yield f"- 数字 · numbers: {'；'.join(_number_line(n) for n in article['numbers'])}"


def _number_line(number: Json) -> str:
    owner = f" `{number['programme']}`" if number["programme"] else ""
    return f"{number['text']} ({number['kind']}{owner})"
