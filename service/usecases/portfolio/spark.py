"""A file of companies against the whole catalogue, answered by Spark."""

from dataclasses import dataclass
from datetime import date

from pyspark.sql import SparkSession

from service.bulk.batch_engine import BatchEngine, Detail, Plan
from service.bulk.spark import answer_frame, columns_of, read_frame, write_answers
from service.catalogue.loader import load_catalogue
from service.catalogue.source import Source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.usecases.portfolio.batch_source import check_columns
from service.usecases.portfolio.portfolio import BatchReport, plan_for


@dataclass(frozen=True)
class PolicyFiles:
    """What travels to the workers: the policy files themselves, from which each makes the plan. A
    worker needs no file and no database, only this package in the same version."""

    files: tuple[tuple[str, bytes], ...]
    as_of: date
    detail: Detail

    def plan(self) -> Plan:
        """The plan for these files."""
        return plan_for(
            CompiledCatalogue(load_catalogue(dict(self.files))), self.as_of, self.detail
        )


def run_on_spark(
    session: SparkSession, files: Source, source: str, target: str, as_of: date, detail: Detail
) -> BatchReport:
    """Reads, answers and writes a folder of Parquet files; rows are in no promised order. Raises
    InvalidInput for columns that are no facts though they are named like some, Refused for what
    cannot be read or written or is there already, BrokenCatalogue."""
    recipe = PolicyFiles(tuple(sorted(files.items())), as_of, detail)
    plan = recipe.plan()
    frame = read_frame(session, source)
    columns = columns_of(frame)
    check_columns(plan.catalogue, columns)
    answers = answer_frame(frame, recipe, BatchEngine(plan, columns).schema)
    return BatchReport(*write_answers(answers, target))
