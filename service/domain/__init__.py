"""The meaning of a rule: pure functions over frozen values. No I/O, no clock, no framework."""
