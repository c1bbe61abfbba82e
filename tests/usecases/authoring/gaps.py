"""Gaps of coverage as tests read them."""

from collections.abc import Iterable

from service.usecases.authoring.article_figures import CoverageGap


def messages(gaps: Iterable[CoverageGap]) -> list[tuple[int | str, str]]:
    return [(gap.article, gap.message.en) for gap in gaps]
