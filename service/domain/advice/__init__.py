"""What follows from an evaluation: what is short, what to ask, what to take, when it changes."""
