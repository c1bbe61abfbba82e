"""What rules are made of: conditions, quantities and their units, amounts."""
