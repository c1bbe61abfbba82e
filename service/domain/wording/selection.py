"""Who of several applicants is taken, in words, generated from what a programme declares."""

from service.domain.rules.caps import Per
from service.domain.rules.programmes import Selection
from service.domain.text import SEMICOLON, Text, join

_CHOSEN = Text("并非符合条件的都支持", "Not everybody who qualifies is taken")
_QUOTAS = {
    Per.YEAR: Text("每年不超过 {quota} 个", "at most {quota} a year"),
    Per.PROGRAMME: Text("政策有效期内不超过 {quota} 个", "at most {quota} in all"),
    Per.UNSTATED: Text("不超过 {quota} 个", "at most {quota}"),
}


def selection_words(selection: Selection) -> Text:
    """How those who are taken are chosen, and how many at most."""
    parts = []
    if selection.quota is not None:
        parts.append(_QUOTAS[selection.per].format(quota=str(selection.quota)))
    if selection.text is not None:
        parts.append(selection.text)
    return Text("{chosen}：{parts}", "{chosen}: {parts}").format(
        chosen=_CHOSEN, parts=join(parts, SEMICOLON)
    )
