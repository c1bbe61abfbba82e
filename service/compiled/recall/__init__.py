"""What a day's answers have in common, remembered: most of an answer was written before."""
