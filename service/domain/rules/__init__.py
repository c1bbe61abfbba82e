"""The rules as data: conditions, operators, amounts, standards, programmes."""
