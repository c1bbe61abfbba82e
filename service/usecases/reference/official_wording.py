"""The official wording of an article, where the operator has imported it."""

from service.domain.rules.measures import Article
from service.rendering.json_parts import Json
from service.storage.official_texts import OfficialTexts
from service.storage.store import Store


def official_text_json(store: Store, measure: str, article: Article) -> Json:
    """What an article of the API shows of the official text; nulls where none was imported.

    `official_text_current` is false where the wording is not the one that the gist and the rules
    were written from.
    """
    found = OfficialTexts(store).get(measure, str(article.number))
    if found is None:
        return {"official_text": None, "official_text_current": None}
    return {
        "official_text": found.wording,
        "official_text_current": found.digest == article.digest,
    }
