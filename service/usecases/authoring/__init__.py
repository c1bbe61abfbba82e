"""What an author of rules runs: examples, coverage, verification, proofs."""
