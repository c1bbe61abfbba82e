"""Domain values as the JSON of the contract. Knows no use case."""
