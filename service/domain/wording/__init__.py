"""Rules and values in words, in both languages."""
