"""A file of nothing but faults."""

import time

from service.catalogue.programme_schemas import BenefitSchema
from service.catalogue.shape_check import check_shape
from service.catalogue.yaml_tree import Faults, parse


def test_a_file_of_thousands_of_unknown_keys_is_refused_at_once() -> None:
    """What each was meant for is looked up for the first of them: for all it took minutes, in
    which the service took up no file that had been put right."""
    faults = Faults()
    document = parse("p.yaml", b"".join(b"k%d: 1\n" % i for i in range(10_000)), faults)
    began = time.process_time()
    assert check_shape(BenefitSchema(), document) is None
    assert time.process_time() - began < 5
    assert 100 < len(faults.diagnostics) < 10_000
