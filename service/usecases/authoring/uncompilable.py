"""What a catalogue cannot be compiled for: the programme and its file, where its rules could be
read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

from service.catalogue.fault_words import say
from service.catalogue.yaml_tree import unreadable_by
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.elsewhere import HERE, Elsewhere
from service.domain.errors import BrokenCatalogue, Diagnostic, HuiceError
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme


def compile_all(compiled: CompiledCatalogue, elsewhere: Elsewhere = HERE) -> None:
    """Compile a catalogue, some of it `elsewhere`. Raises BrokenCatalogue with every programme at
    which the program fails: a rule that slips through must not stop whoever starts the service
    without a word."""
    try:
        compiled.compile(elsewhere)
    except HuiceError:
        raise
    except Exception as error:
        faults = tuple(_culprits(compiled.catalogue))
        unplaced = Diagnostic("policies", 1, unreadable_by(error))
        raise BrokenCatalogue(faults or (unplaced,)) from error


def _culprits(catalogue: Catalogue) -> Iterator[Diagnostic]:
    """The programmes that cannot be compiled by themselves."""
    for programme in catalogue.programmes.values():
        alone = MappingProxyType({programme.id: programme})
        with collecting_errors(programme) as faults:
            CompiledCatalogue(replace(catalogue, programmes=alone)).compile()
        yield from faults


@contextmanager
def collecting_errors(programme: Programme) -> Iterator[list[Diagnostic]]:
    """An error of the program at a programme becomes a fault of its file."""
    faults: list[Diagnostic] = []
    try:
        yield faults
    except HuiceError:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        how = f"{type(error).__name__} {error}".strip()
        words = say("cannot_be_compiled", programme=programme.id, error=how)
        faults.append(Diagnostic(programme.path, 1, words))
