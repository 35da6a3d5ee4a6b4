"""`python -m pipeline` is `it2en`."""

from pipeline.cli import main

main()
