"""Lines that cleaning left in many documents of a site: candidates for a rule pack of the user's own.

Only reports, whatever the lines are. What recurs at the edges of articles is taken out by `furniture.py` in a run over them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from pipeline.cleaning.lines import Line, key, lines
from pipeline.document import CleanText

MAX_WORDS = 80  # longer lines are articles that were published twice
SAME_ARTICLE = 0.5  # share of a document's lines that another has too, from which the two are one article


@dataclass(frozen=True, slots=True)
class Recurring:
    """A line that stands in `documents` of a folder's `of` different articles; `text` as it is written in the first."""

    folder: str
    text: str
    documents: int
    of: int


def recurring(cleaned: Iterable[tuple[str, CleanText]], least: int = 3) -> list[Recurring]:
    """Lines that stand in at least `least` articles of one folder, most frequent first.

    `cleaned` are paths and clean texts. A folder stands for a site. An article that is there twice counts once; titles do
    not count.
    """
    folders: dict[str, list[dict[str, Line]]] = defaultdict(list)
    for path, clean in cleaned:
        found = {
            key(line.plain): line for line in lines(_untitled(clean)) if line.words <= MAX_WORDS and key(line.plain)
        }
        articles = folders[path.rpartition("/")[0]]
        if found and not any(len(found.keys() & other) > SAME_ARTICLE * len(found) for other in articles):
            articles.append(found)
    return [one for folder in sorted(folders) for one in _of_folder(folder, folders[folder], least)]


def _of_folder(folder: str, articles: list[dict[str, Line]], least: int) -> list[Recurring]:
    counts: dict[str, int] = defaultdict(int)
    first: dict[str, Line] = {}
    for article in articles:
        for name, line in article.items():
            counts[name] += 1
            first.setdefault(name, line)
    often = [name for name, count in counts.items() if count >= least]
    ranked = sorted(often, key=lambda name: (-counts[name], first[name].plain))
    return [Recurring(folder, first[name].plain, counts[name], len(articles)) for name in ranked]


def _untitled(clean: CleanText) -> str:
    pieces, position = [], 0
    for kept in clean.kept:
        end = position + kept.end - kept.start
        pieces.append("\n" if kept.kind == "title" else clean.text[position:end] + kept.after)
        position = end + len(kept.after)
    return "".join(pieces)


def as_packs(found: Iterable[Recurring]) -> str:
    """The lines as YAML rule packs, one document a folder: to be read by a person, cut down and saved as files."""
    by_folder: dict[str, list[Recurring]] = defaultdict(list)
    for one in found:
        by_folder[one.folder].append(one)
    return "---\n".join(_pack(folder, members) for folder, members in by_folder.items())


def _pack(folder: str, members: list[Recurring]) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", folder.casefold()).strip("-") or "site"
    rule = {
        "id": f"{name}-recurring",
        "kind": "other",
        "why": "Stands in many articles of the site.",
        "sentences": True,
        "phrases": [one.text for one in members],
        "examples": {"match": [members[0].text], "keep": ["Una frase dell'articolo."]},
    }
    counts = "".join(f"#   {one.documents:4} of {one.of}: {one.text[:90]}\n" for one in members)
    pack = {"about": f"Lines that recur in {folder or 'the folder'}.", "rules": [rule]}
    usage = f'# In the config: clean: {{sites: {{"{folder}/*": {{packs: [{name}.yaml]}}}}}}\n'
    return f"# Read these before use; delete what belongs to an article.\n{counts}{usage}" + yaml.safe_dump(
        pack, allow_unicode=True, sort_keys=False, width=120
    )
