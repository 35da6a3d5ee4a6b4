"""Files to `Source`: finding them, reading their bytes safely, decoding and repairing the text, taking the text out of HTML.

Knows nothing of what an article is: which lines are boilerplate is `cleaning`'s question.
"""

from pipeline.inputs.files import counted, find, load
from pipeline.inputs.found import Found, safe_name
from pipeline.inputs.reading import INPUTS_VERSION, original, original_bytes, read
from pipeline.inputs.tables import Rows, expand

__all__ = [
    "INPUTS_VERSION",
    "Found",
    "Rows",
    "counted",
    "expand",
    "find",
    "load",
    "original",
    "original_bytes",
    "read",
    "safe_name",
]
