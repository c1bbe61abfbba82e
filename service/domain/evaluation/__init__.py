"""The reference evaluator: conditions, programmes, scores and standards for one subject."""
