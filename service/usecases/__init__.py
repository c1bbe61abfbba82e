"""What users want done: a function for each intent, or a service whose methods are intents and
share what they work on. Entry points and pages call these and nothing below them."""
