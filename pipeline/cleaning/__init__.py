"""Taking an article out of the page it was scraped with: rules as data, judged together with shape, place and neighbours."""

from pipeline.cleaning.cleaner import Verdict, clean, explain
from pipeline.cleaning.loading import list_rules
from pipeline.cleaning.rules import Rule

__all__ = ["Rule", "Verdict", "clean", "explain", "list_rules"]
