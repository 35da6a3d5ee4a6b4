"""What `detectors.py` needs to know of two languages: loops, function words, the lexicon, coverage, names. No flags, no settings."""
