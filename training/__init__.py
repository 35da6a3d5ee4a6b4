"""The recipe that makes the embedded Italian-to-English translator; it is not part of the installed program."""
