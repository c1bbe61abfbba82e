"""The official wording of articles, as the operator imported it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.storage.store import Connection, Repository
from service.storage.times import read_time, written_time


@dataclass(frozen=True, slots=True)
class StoredText:
    """The wording of one article or named part, and the SHA-256 of the file it came from."""

    article: str
    wording: str
    digest: str
    imported_at: datetime
    source_sha256: str


class OfficialTexts(Repository):
    """The imported wordings by measure and article."""

    def replace(self, measure: str, texts: Sequence[StoredText]) -> bool:
        """Make these the whole wording of a measure, durable when it returns.

        False, with nothing written, where the same wording, judged by the digests, is there.
        """
        with self._store.transaction() as db:
            if _digests(db, measure) == {t.article: t.digest for t in texts}:
                return False
            db.execute("DELETE FROM official_texts WHERE measure = ?", (measure,))
            for t in texts:
                db.execute(
                    "INSERT INTO official_texts"
                    " (measure, article, wording, digest, imported_at, source_sha256)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (measure, t.article, t.wording, t.digest, written_time(t.imported_at),
                     t.source_sha256),
                )  # fmt: skip
        return True

    def get(self, measure: str, article: str) -> StoredText | None:
        """One wording; None where none was imported."""
        row = self._store.row(
            "SELECT article, wording, digest, imported_at, source_sha256"
            " FROM official_texts WHERE measure = ? AND article = ?",
            (measure, article),
        )
        if row is None:
            return None
        name, wording, digest, imported_at, source = row
        return StoredText(name, wording, digest, read_time(imported_at), source)


def _digests(db: Connection, measure: str) -> dict[str, str]:
    rows = db.execute("SELECT article, digest FROM official_texts WHERE measure = ?", (measure,))
    return dict(rows.fetchall())
