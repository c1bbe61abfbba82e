"""The engine inside Spark: rows in, answers out, on as many machines as the master has.

Each Python worker makes the plan once and keeps its engine for all batches that reach it. What
Spark has no type for, words out of a dictionary, becomes text; nothing else differs from a run on
one machine but the order of rows.
"""

import os
import sys
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path, PurePosixPath
from shutil import rmtree
from typing import Protocol

import pyarrow as pa
from py4j.protocol import Py4JJavaError
from pyspark.errors import AnalysisException, PySparkException, PythonException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql
from pyspark.sql.types import StringType, StructField, StructType

from service.bulk.batch_engine import BatchEngine, Plan
from service.bulk.spark_paths import ending, literal, source_address, target_address
from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text

ROWS = 1 << 15


class Recipe(Hashable, Protocol):
    """What a worker makes a plan of: small enough to be sent to each, the same for the same run."""

    def plan(self) -> Plan: ...


@contextmanager
def spark_session(master: str | None) -> Iterator[SparkSession]:
    """A session, ended with the block. Without a master Spark's own configuration names one.
    Raises Refused where Spark does not start."""
    # Else Spark takes the first python3 of the path, which need not be this one.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("huice batch")
    wanted = {
        "spark.ui.showConsoleProgress": sys.stderr.isatty(),
        "spark.sql.caseSensitive": True,
        "spark.sql.execution.arrow.maxRecordsPerBatch": ROWS,
    }
    here = master is not None and master.startswith("local")
    if master is not None:
        builder = builder.master(master)
    if here:
        wanted |= {"spark.ui.enabled": False, "spark.driver.bindAddress": "127.0.0.1",
                   "spark.driver.host": "127.0.0.1"}  # fmt: skip
    for name, value in wanted.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except PySparkException as error:
        raise _refuse_with_reason(
            "Spark 没有启动，需要 Java 17 或更新版本：{why}",
            "Spark does not start; it needs Java 17 or newer: {why}", _first_line(error)
        ) from None  # fmt: skip
    if here:
        # What goes wrong is told in the end; on a cluster the operator's settings stand.
        session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
        session.stop()


def read_frame(session: SparkSession, source: str) -> DataFrame:
    """The rows of a file, a folder of files or whatever address Spark knows, by the name's ending.
    Raises Refused."""
    readers = {".csv": _read_csv, ".parquet": _read_parquet, ".jsonl": _read_jsonl}
    address = source_address(source)
    with _translate_errors(PurePosixPath(source).name):
        return readers[ending(source)](session, address)


def _read_parquet(session: SparkSession, source: str) -> DataFrame:
    return session.read.parquet(source)


def _read_csv(session: SparkSession, source: str) -> DataFrame:
    """All columns as text; an empty cell is null."""

    def read(schema: StructType | None) -> DataFrame:
        return session.read.csv(
            source, schema=schema, header=schema is not None, enforceSchema=False, mode="FAILFAST",
            multiLine=True, escape='"', maxCharsPerColumn=-1,
        )  # fmt: skip

    first = read(None).first()
    names = [] if first is None else [str(cell or "").removeprefix("\ufeff") for cell in first]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise _refuse_with_reason("列名重复：{why}", "the column {why} is there twice", doubled[0])
    frame = read(_text_schema(names))
    return frame.select([sql.nullif(frame[_quoted_name(n)], sql.lit("")).alias(n) for n in names])


def _read_jsonl(session: SparkSession, source: str) -> DataFrame:
    """All values as text: lists and objects as JSON."""
    found = session.read.json(source, primitivesAsString=True, mode="FAILFAST")
    return session.read.json(source, schema=_text_schema(found.columns), mode="FAILFAST")


def _text_schema(names: list[str]) -> StructType:
    return StructType([StructField(name, StringType()) for name in names])


def _quoted_name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def columns_of(frame: DataFrame) -> pa.Schema:
    """The columns as a worker meets them."""
    return frame.limit(0).toArrow().schema


def answer_frame(frame: DataFrame, recipe: Recipe, answers: pa.Schema) -> DataFrame:
    """The frame's answers, which have the columns of `answers`, an engine's."""
    session, names = frame.sparkSession, frame.columns
    plain = pa.schema([pa.field(f.name, _plain_type(f.type)) for f in answers])
    given = {field.name: field for field in frame.schema}
    written = session.createDataFrame(plain.empty_table()).schema
    schema = StructType([given.get(field.name, field) for field in written])

    def answer(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from _answer_batches(recipe, batch.rename_columns(names))

    # Spark takes a full stop in a name for a field of a structure.
    numbered = frame.toDF(*(f"c{i}" for i in range(len(names))))
    return numbered.mapInArrow(answer, schema)


def write_answers(frame: DataFrame, target: str) -> tuple[int, int]:
    """Writes a folder of Parquet files; gives rows, and those with an error. Raises Refused where
    the folder is there already, or where rows cannot be read."""
    address, name = target_address(target), PurePosixPath(target).name
    here = None if "://" in target else Path(target)
    if here is not None and here.exists():
        raise _already_there(name)
    with _translate_errors(name):
        try:
            frame.write.parquet(address, mode="errorifexists", compression="zstd")
        except Exception:
            # An unfinished folder would stand in the way of the next try.
            if here is not None:
                rmtree(here, ignore_errors=True)
            raise
        # Counted in what was written: a task that is tried twice must not count twice.
        written = frame.sparkSession.read.parquet(literal(address))
        rows, errors = written.agg(sql.count(sql.lit(1)), sql.count("error")).collect()[0]
    return rows, errors


@lru_cache(maxsize=1)
def _engine_of(recipe: Recipe, schema: pa.Schema) -> BatchEngine:
    """This worker's engine: made once for all tasks of a run."""
    return BatchEngine(recipe.plan(), schema)


def _answer_batches(recipe: Recipe, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    found = _engine_of(recipe, batch.schema).answer(batch)
    columns = [
        c.dictionary_decode() if pa.types.is_dictionary(c.type) else c for c in found.columns
    ]
    yield pa.record_batch(columns, names=found.schema.names)


def _plain_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


@contextmanager
def _translate_errors(name: str) -> Iterator[None]:
    """Spark's own errors as Refused; those of our own code stay what they are."""
    try:
        yield
    except PythonException:
        raise
    except AnalysisException as error:
        if error.getCondition() == "PATH_ALREADY_EXISTS":
            raise _already_there(name) from None
        raise _failed_job(name, error) from None
    except PySparkException as error:
        raise _failed_job(name, error) from None
    except Py4JJavaError as error:
        raise _failed_job(name, error.java_exception.getMessage()) from None


def _already_there(name: str) -> Refused:
    return _refuse_with_reason("{why} 已存在", "{why} is there already", name)


def _failed_job(name: str, error: object) -> Refused:
    return _refuse_with_reason(
        "Spark 无法读写 {name}：{why}", "Spark cannot read or write {name}: {why}",
        _first_line(error), name=name,
    )  # fmt: skip


def _first_line(error: object) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _refuse_with_reason(zh: str, en: str, why: str, **parts: str) -> Refused:
    return Refused(Text(zh, en).format(why=why, **parts), ErrorCode.BAD_REQUEST)
