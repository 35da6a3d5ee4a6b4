"""Web and mail addresses, hashtags and @names: where they stand, which are lost in a translation, which are garbled. They are words of no language."""

from __future__ import annotations

import re

from pipeline.stages.detection.words import ADDRESS, may_have_addresses

_ENDS = {
    "": "",
    "#": r"(?!\w)",
    "@": r"(?!\w|\.\w)",
}  # where one that goes on is another one: a name may go on behind a dot


def addresses(text: str) -> list[str]:
    """The web and mail addresses, hashtags and @names of a text, without the marks that follow them."""
    if not may_have_addresses(text):
        return []
    return [m[0].rstrip(".,;:!?)]}>\"'”’»…") for m in ADDRESS.finditer(text)]


def around_addresses(text: str) -> tuple[str, ...]:
    """A text parted around its addresses, each with the marks behind it: the parts joined by spaces are the text again."""
    parts = re.split(f"((?<!\\S)(?:{ADDRESS.pattern}))", text, flags=re.IGNORECASE)
    return tuple(part.strip() for part in parts if part.strip())


def garbled_address(source: str, target: str) -> tuple[int, int, str] | None:
    """(start, end, what must stand there) where of one kind one is lacking, and there is one that the source does not have."""
    if not (may_have_addresses(source) and may_have_addresses(target)):
        return None
    for sign in ("", "#", "@"):
        wanted, there = ([a for a in addresses(text) if _sign(a) == sign] for text in (source, target))
        lacking = [a for a in wanted if not _found(a, target)]
        invented = [a for a in there if not _found(a, source)]
        if len(lacking) == len(invented) == 1 and there.count(invented[0]) == 1:
            start = _found(invented[0], target)[0]
            return start, start + len(invented[0]), lacking[0]
    return None


def lost_addresses(source: str, target: str) -> list[str]:
    """The addresses, hashtags and @names of the source that do not stand in the target, character by character."""
    return [a for a in dict.fromkeys(addresses(source)) if len(_found(a, source)) > len(_found(a, target))]


def _sign(address: str) -> str:
    return address[0] if address[0] in "#@" else ""


def _found(address: str, text: str) -> list[int]:
    """Where an address stands in a text; a hashtag or @name that goes on is another one."""
    if address not in text:
        return []
    return [m.start() for m in re.finditer(re.escape(address) + _ENDS[_sign(address)], text)]
