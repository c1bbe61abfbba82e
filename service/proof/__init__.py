"""The logical reading of the rules: what can be met, what is dead, what overlaps, proven by z3."""
