"""Reading numbers in Italian and English, in digits and words, and telling which of them correspond."""
