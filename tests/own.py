"""The project's own catalogue: read once for all tests of a process, which never change it."""

import gc
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from service.app import Services, open_services
from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.rules.catalogue import Catalogue
from service.settings import PROJECT, read_settings


@cache
def own_source() -> Mapping[str, bytes]:
    """The policy files and code tables as they stand in the tree."""
    return read_source(PROJECT / "policies", PROJECT / "seeds")


@cache
def own_compiled() -> CompiledCatalogue:
    """What is served of them; the collector never walks through it."""
    compiled = CompiledCatalogue(load_catalogue(own_source()))
    gc.freeze()
    return compiled


def own_catalogue() -> Catalogue:
    """Their measures, programmes, facts and codes."""
    return own_compiled().catalogue


def copy_state(before: Path, folder: Path) -> Path:
    """Give a folder what an earlier start left in another; what is compiled is never changed, and
    shared. Returns the database."""
    database = folder / "huice.sqlite3"
    shutil.copyfile(before / database.name, database)
    compiled = f"{database.name}.compiled"
    shutil.copytree(before / compiled, folder / compiled, copy_function=os.link)
    return database


def open_own(database: Path, **settings: Any) -> Services:
    """A service over them, with a database of its own."""
    chosen = replace(read_settings(), database=database, **settings)
    return open_services(chosen, source=own_source(), compiled=own_compiled())
