"""What the reread stage is made of: which clauses are left out for a trial, and what the reader says of it."""
