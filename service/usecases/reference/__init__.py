"""Looking things up: programmes, measures, code lists, official wording."""
