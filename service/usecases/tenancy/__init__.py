"""What belongs to a tenant: its keys, its companies, the record of what was done."""
