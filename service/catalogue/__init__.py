"""From policy files to the domain's catalogue: read strictly, refuse whole, say where and why."""
