"""The flags that the check stage raises: on pairs, neighbours, documents and summaries, with their evidence."""
