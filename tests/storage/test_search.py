"""Search finds Chinese of any length and English words; whatever is typed is only text."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.errors import Refused
from service.domain.facts.search_words import SearchWords
from service.domain.text import Text
from service.storage.catalogues import CatalogueVersions
from service.storage.database import open_database
from service.storage.faults import StorageFault
from service.storage.search import DocumentKind, SearchDocument, SearchIndex
from service.storage.search_spelling import IndexTerms
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Connection
from tests.storage.conftest import SAVED_AT, VERSION


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with open_database(path) as opened:
        yield opened


PROGRAMME, ARTICLE = DocumentKind.PROGRAMME, DocumentKind.ARTICLE
NOTHING = Text("", "")


def document(
    identity: str,
    zh: str,
    en: str = "",
    *,
    summary: Text = NOTHING,
    body: Text = NOTHING,
    kind: DocumentKind = PROGRAMME,
) -> SearchDocument:
    return SearchDocument(identity, kind, Text(zh, en), summary, body)


DOCUMENTS = (
    document(
        "first-set",
        "首台套产品支持",
        "First-set products",
        summary=Text("按合同金额的一定比例给予补贴", "A share of the contract amount, up to a cap"),
    ),
    document(
        "insurance",
        "知识产权保险",
        "Intellectual property insurance",
        summary=Text("投保人的保费补贴", "Premium support for the insured"),
        body=Text("产品与服务均可；2025年起", "Products and services; café from 2025"),
    ),
    document("loan", "5G网络与𰻞面企业贷款", "Loans for 5G and SMEs, Crédit Agricole"),
    document("article-8", "首台套", "First set", kind=ARTICLE),
)


@pytest.fixture
def search(store: SqliteStore, catalogues: CatalogueVersions) -> SearchIndex:
    index = SearchIndex(store)
    index.index(VERSION, DOCUMENTS)
    return index


# What is typed, with what it is an example of, by the programme that it finds; those under "" find
# none.
QUERIES: dict[str, dict[str, str]] = {
    "first-set": {
        "套": "one character", "首台": "two characters", "台套产": "three, across words",
        "首台套产品支持": "a whole name", "按合同金额的一定比例给予补贴": "a whole sentence",
        "contracting": "a form of a word of the summary", "ｆｉｒｓｔ－ｓｅｔ": "full width",
        "首台套 products": "mixed", '"首台套"': "quotes",
        "first NOT set": "NOT is a word that may be missing", "NEAR(首台 产品)": "NEAR is text",
        "首抬套": "one character of three wrong", "first set " * 5_000: "very long, known",
    },
    "loan": {
        "𰻞": "a character newer than SQLite's tables", "𰻞面": "a pair with it",
        "credit": "without the accent", "5G网": "mixed without a space",
    },
    "": {
        "套首": "the characters in another order",
        "首套": "characters that do not stand together", "ance": "not its end",
        "20": "a number is not the beginning of another",
        'xyzzy" OR "share': "an attempt to break out", "NOT": "NOT alone", "*": "a star",
        "": "empty", " \u3000。": "blank", "xyzzy": "a word nobody used",
        "火星移民补贴": "one known pair among unknown ones", "补" * 5_000: "very long",
    },
    "insurance": {
        "insurance": "an English word", "INSUR": "its beginning, in capitals",
        "insuring": "another form of it", "property intellectual": "words in any order",
        "CAFÉ": "with the accent", "cafe\u0301": "with the accent apart", "2025年": "a year",
        "body:保险": "a column's name is text", "保险*^+-(){}'\\": "operators are nothing",
        "保险\x00": "NUL", "我想申请知识产权保险": "a sentence about something",
        "insurence": "a word misspelt", "知识产全保险": "a wrong character in a long word",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param(query, [programme] if programme else [], id=kind)
        for programme, queries in QUERIES.items()
        for query, kind in queries.items()
    ],
)
def test_what_a_query_finds(search: SearchIndex, query: str, found: list[str]) -> None:
    assert list(search.search(VERSION, query, PROGRAMME).ids) == found


def test_the_name_counts_more_than_the_summary_and_that_more_than_the_rest(
    store: SqliteStore, catalogues: CatalogueVersions
) -> None:
    text, other = Text("集成电路", "chips"), Text("生物医药", "biology")
    index = SearchIndex(store)
    index.index(
        VERSION,
        [
            SearchDocument("a-rest", PROGRAMME, other, other, text),
            SearchDocument("b-summary", PROGRAMME, other, text, other),
            SearchDocument("c-name", PROGRAMME, text, other, other),
            *(SearchDocument(f"d{i}", PROGRAMME, other, other, other) for i in range(9)),
        ],
    )
    wanted = ["c-name", "b-summary", "a-rest"]
    assert list(index.search(VERSION, "集成电路", PROGRAMME).ids) == wanted
    assert list(index.search(VERSION, "chips", PROGRAMME).ids) == wanted


def test_most_of_it_in_a_name_comes_before_all_of_it_further_down(
    store: SqliteStore, catalogues: CatalogueVersions
) -> None:
    """Also where a word is asked for that nothing holds."""
    far = Text("电池回收、储能与材料", "recycling of batteries, storage and materials")
    index = SearchIndex(store)
    index.index(
        VERSION,
        [
            document("a-all", "其他", "Other", body=far),
            document("b-most", "电池回收", "Recycling of batteries"),
            *(document(f"d{i}", "生物医药", "biology") for i in range(9)),
        ],
    )
    for query in ("电池回收 储能", "电池回收 储能 祥云", "batteries recycling storage"):
        assert index.search(VERSION, query, PROGRAMME).ids[0] == "b-most", query


@pytest.mark.parametrize("query", ["500k", "50w", "0.5m", "500,000", "50万", "RMB 500k"])
def test_an_amount_is_found_however_it_is_written(
    store: SqliteStore, catalogues: CatalogueVersions, query: str
) -> None:
    """As in a hurry, too."""
    index = SearchIndex(store)
    bonus, other = Text("奖励 50 万元", "a bonus of CNY 500,000"), Text("奖励 5 万元", "a bonus")
    index.index(VERSION, [document("it", "甲", summary=bonus), document("no", "乙", summary=other)])
    assert list(index.search(VERSION, query, PROGRAMME).ids) == ["it"]


def test_what_misspelt_words_are_like_is_read_once(
    search: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The texts of a version are taken apart for the first misspelt word, not for each; anew once
    it is indexed anew."""
    made: list[IndexTerms] = []

    class Counted(IndexTerms):
        def __init__(self, terms: Iterable[str], known: SearchWords) -> None:
            super().__init__(terms, known)
            made.append(self)

    monkeypatch.setattr("service.storage.search.IndexTerms", Counted)
    for _ in range(3):
        assert list(search.search(VERSION, "insurence", PROGRAMME).ids) == ["insurance"]
    assert len(made) == 1
    search.index(VERSION, [*DOCUMENTS, document("more", "更多", "Assurances")])
    assert list(search.search(VERSION, "asurances", PROGRAMME).ids) == ["more"]
    assert len(made) == 2


def test_words_joined_by_a_hyphen_stand_together(
    store: SqliteStore, catalogues: CatalogueVersions
) -> None:
    """Not anywhere in a document, each for itself; where nothing joins them, each is looked for."""
    index = SearchIndex(store)
    apart = document("apart", "甲", "Set up the first office")
    index.index(VERSION, [apart, document("joined", "乙", "A first-set product")])
    assert index.search(VERSION, "first-set", PROGRAMME).ids == ("joined",)
    assert set(index.search(VERSION, "first set", PROGRAMME).ids) == {"apart", "joined"}
    assert index.search(VERSION, "office-set", PROGRAMME).ids == ("apart",)


def test_each_kind_is_searched_by_itself(search: SearchIndex) -> None:
    assert list(search.search(VERSION, "首台套", ARTICLE).ids) == ["article-8"]


def test_each_version_is_searched_by_itself(
    search: SearchIndex, catalogues: CatalogueVersions
) -> None:
    catalogues.save("v2", {"a": b"a"}, saved_at=SAVED_AT)
    search.index("v2", [document("new", "首台套")])
    assert list(search.search("v2", "首台套", PROGRAMME).ids) == ["new"]
    assert list(search.search(VERSION, "首台套", PROGRAMME).ids) == ["first-set"]
    with pytest.raises(Refused):
        search.search("v3", "首台套", PROGRAMME)


def test_indexing_again_replaces(search: SearchIndex) -> None:
    search.index(VERSION, [document("only", "保险")])
    assert list(search.search(VERSION, "首台套", PROGRAMME).ids) == []
    assert list(search.search(VERSION, "保险", PROGRAMME).ids) == ["only"]


def test_what_a_program_has_indexed_it_does_not_look_at_again(search: SearchIndex) -> None:
    """A start with the same files and the same program derives no document anew; another program
    may derive others."""
    unread = map(pytest.fail, ["was looked at"])
    search.index(VERSION, [document("first", "首台套")], made_by="program 1")
    search.index(VERSION, unread, made_by="program 1")
    assert list(search.search(VERSION, "首台套", PROGRAMME).ids) == ["first"]
    search.index(VERSION, [document("second", "首台套")], made_by="program 2")
    assert list(search.search(VERSION, "首台套", PROGRAMME).ids) == ["second"]
    search.prune(keep=[])
    search.index(VERSION, [document("third", "首台套")], made_by="program 2")
    assert list(search.search(VERSION, "首台套", PROGRAMME).ids) == ["third"]


def test_others_write_while_a_version_is_indexed(
    path: Path, store: SqliteStore, catalogues: CatalogueVersions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten thousand documents take seconds, and a receipt waits for less. Who begins the same
    version anew meanwhile does all of it."""
    monkeypatch.setattr("service.storage.search._WRITTEN_AT_ONCE", 1)
    catalogues.save("v2", {"a": b"a"}, saved_at=SAVED_AT)
    search, transaction, begun = SearchIndex(store), store.transaction, count(1)

    @contextmanager
    def watched() -> Iterator[Connection]:
        with transaction() as db:
            yield db
        if next(begun) == 2:
            with open_database(path) as other:
                CatalogueVersions(other).save("v3", {"b": b"b"}, saved_at=SAVED_AT)
                SearchIndex(other).index("v2", [document("anew", "首台套")], made_by="program 2")

    monkeypatch.setattr(store, "transaction", watched)
    search.index("v2", DOCUMENTS[:3], made_by="program 1")
    assert catalogues.is_stored("v3")
    assert search.is_made("v2", "program 2")
    assert search.search("v2", "首台套", PROGRAMME).ids == ("anew",)
    catalogues.save("v4", {"c": b"c"}, saved_at=SAVED_AT)
    search.index("v4", DOCUMENTS[:3], made_by="program 1")
    assert search.is_made("v4", "program 1")
    assert search.search("v4", "首台套", PROGRAMME).ids == ("first-set",)


def test_a_failed_indexing_leaves_the_old_index(search: SearchIndex) -> None:
    with pytest.raises(StorageFault):
        search.index(VERSION, [document("twice", "甲"), document("twice", "乙")])
    assert list(search.search(VERSION, "首台套", PROGRAMME).ids) == ["first-set"]


def test_a_version_that_is_not_stored_cannot_be_indexed(store: SqliteStore) -> None:
    with pytest.raises(StorageFault, match="FOREIGN KEY"):
        SearchIndex(store).index("v", [document("a", "甲")])


def test_pruning_and_deleting_a_version_empty_its_index(
    store: SqliteStore, search: SearchIndex, catalogues: CatalogueVersions
) -> None:
    for version in ("v2", "v3"):
        catalogues.save(version, {"a": b"a"}, saved_at=SAVED_AT)
        search.index(version, [document("new", "首台套")])
    search.prune(keep=["v3"])
    assert store.connection()["search_index"].count == 1
    catalogues.delete("v3")
    assert store.connection()["search_index"].count == 0


@pytest.fixture(scope="module")
def shared_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    path: Path = tmp_path_factory.mktemp("search") / "huice.sqlite3"
    with open_database(path) as store:
        CatalogueVersions(store).save(VERSION, {"a": b"a"}, saved_at=SAVED_AT)
        yield SearchIndex(store)


HAN = st.one_of(
    st.sampled_from("首台套产品支持企业"), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
)
NAMES = st.lists(st.text(HAN, min_size=1, max_size=8), min_size=1, max_size=4)


@settings(max_examples=80, deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=4), data=st.data())
def test_any_piece_of_a_name_finds_exactly_the_names_that_hold_it(
    shared_index: SearchIndex, names: list[list[str]], data: st.DataObject
) -> None:
    """One to four characters, wherever they stand in the Chinese name."""
    shared_index.index(
        VERSION, [document(str(i), "，".join(runs), "filler") for i, runs in enumerate(names)]
    )
    run = data.draw(st.sampled_from([run for runs in names for run in runs]))
    start = data.draw(st.integers(0, len(run) - 1))
    piece = run[start : start + data.draw(st.integers(1, 4))]
    found = shared_index.search(VERSION, piece, PROGRAMME).ids
    holding = {str(i) for i, runs in enumerate(names) if any(piece in run for run in runs)}
    assert set(found) == holding


@settings(max_examples=150, deadline=None)
@given(query=st.text(max_size=60) | st.text('"*^:(){}-+ ANDORTNEAR首台', max_size=40))
def test_no_query_is_an_error(shared_index: SearchIndex, query: str) -> None:
    shared_index.index(VERSION, [document("a", "首台套", "and or not near")])
    assert set(shared_index.search(VERSION, query, PROGRAMME).ids) <= {"a"}
