"""Which facts that nobody stated can still decide a status, for all programmes at once.

Worked out at load: `fact_tests` says what answers to one fact can do to the tests of it,
`shared_tests` which facts a rule asks more than once, `separable_facts` whether such tests may be
looked at one by one, and `fact_compiler` puts it together for a catalogue. For a company:
`coarse_values` adds what stated values leave open, and `open_facts`, where to begin reading, joins
it all and finds the facts. The rules that do not yield to that are left to
`shared_fact_search` with `rule_effects`, and the last few to the reference.
"""
