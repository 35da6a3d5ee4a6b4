"""What the reread stage is made of: which clauses are tried, and what the reader says of them."""
