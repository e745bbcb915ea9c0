"""Which names a graph uses, and what the organization file knows of them."""
