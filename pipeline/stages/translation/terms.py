"""Where terms occur in an Italian sentence in any of their forms, and whether the English has their rendering.

The Italian matcher knows endings, not words: plurals and genders of nouns and adjectives with their changes of spelling
(banca, banche; amico, amici), the forms of regular verbs, prepositions fused with articles, and elisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.document import TermStatus, TermUse
from pipeline.stages.translation.glossary import Glossary, Term

_WORD = re.compile(r"[^\W_]+")
_PREPOSITIONS = {
    "di": "di d del dello della dell dei degli delle",
    "a": "a ad al allo alla all ai agli alle",
    "da": "da dal dallo dalla dall dai dagli dalle",
    "in": "in nel nello nella nell nei negli nelle",
    "su": "su sul sullo sulla sull sui sugli sulle",
    "con": "con col coi",
    "il": "il lo la l i gli le",
    "un": "un uno una",
}
_FUSED = {form: head for head, forms in _PREPOSITIONS.items() for form in forms.split()}
_VERB = re.compile(r"(?:are|ere|ire|rre|arsi|ersi|irsi)\Z")
_VERBAL = re.compile(
    r"(?:[aei]?(?:re|ndo|nte|nti|mo|te|no|to|ta|ti|va|vo|vi|vamo|vate|vano|rà|rò|rai|remo|rete|ranno|rebbe|rebbero|rei|sse|ssero"
    r"|ssi|ste|rono)|i?amo|i?ate|[oeai]|ò|é|è|ì|isc[eio]|iscono|endo|uto|uta|uti|ute|iva|ivano|ono|ano)(?:si|lo|la|li|le|ne|ci)?\Z"
)
_NOUN = {"o": "oi", "a": "aei", "e": "ei", "i": "i"}
_ADJECTIVE = {"o": "oaie", "a": "oaie", "e": "ei", "i": "oaie"}
_DETERMINERS = frozenset(re.findall(r"\w+", "the a an this that these those its their his her our your my"))


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


def occurrences(source: str, glossary: Glossary) -> Iterator[tuple[Term, int, int]]:
    """The terms of a sentence with their places, the longest first where they overlap, in order of place."""
    if not glossary.terms:
        return
    words = _words(source)
    shouted = source.upper() == source
    taken: list[tuple[int, int]] = []
    found: list[tuple[Term, int, int]] = []
    for term in glossary.terms:
        for start, end in _places(source, words, term, shouted):
            if not any(a < end and start < b for a, b in taken):
                taken.append((start, end))
                found.append((term, start, end))
    yield from sorted(found, key=lambda f: f[1])


def _places(source: str, words: Sequence[_Word], term: Term, shouted: bool) -> Iterator[tuple[int, int]]:
    if term.kind == "keep":
        yield from (m.span() for m in re.finditer(rf"(?<![^\W_]){re.escape(term.source)}(?![^\W_])", source))
        return
    wanted = _WORD.findall(term.source)
    for i in range(len(words) - len(wanted) + 1):
        window = words[i : i + len(wanted)]
        if wanted and all(
            _matches(w, there.text, k, shouted) for k, (w, there) in enumerate(zip(wanted, window, strict=True))
        ):
            yield window[0].start, window[-1].end


def _words(text: str) -> list[_Word]:
    return [_Word(m[0], m.start(), m.end()) for m in _WORD.finditer(text)]


def _matches(wanted: str, there: str, position: int, shouted: bool) -> bool:
    if wanted[:1].isupper() and not shouted and not there[:1].isupper():
        return False
    if wanted.isupper() and len(wanted) > 1:
        return wanted == there
    return is_form_of(there.lower(), wanted.lower(), position > 0)


def is_form_of(there: str, wanted: str, modifier: bool = False) -> bool:
    """Whether an Italian word, in lower case, may be a form of another; a `modifier` may change its gender as well."""
    if there == wanted:
        return True
    if wanted in _FUSED:
        return _FUSED.get(there) == _FUSED[wanted]
    if len(wanted) < 4:
        return False
    if _VERB.search(wanted):
        return _is_verb_form(there, wanted) or _is_noun_form(there, wanted, modifier)
    if wanted.endswith("tore") and there in (wanted[:-4] + "trice", wanted[:-4] + "trici", wanted[:-1] + "i"):
        return True
    return _is_noun_form(there, wanted, modifier)


def _is_verb_form(there: str, infinitive: str) -> bool:
    stem = _VERB.sub("", infinitive)
    if len(stem) < 3:
        return False
    stems = {stem, stem + "h", stem[:-1]} if stem[-1] in "cgi" else {stem}
    return any(there.startswith(s) and len(s) >= 3 and _VERBAL.match(there, len(s)) is not None for s in stems)


def _is_noun_form(there: str, wanted: str, modifier: bool) -> bool:
    if len(there) < 3 or wanted[-1] not in _NOUN or there[-1] not in "aeio":
        return False
    endings = (_ADJECTIVE if modifier else _NOUN)[wanted[-1]]
    return there[-1] in endings and bool(_stems(wanted) & _stems(there))


def _stems(word: str) -> set[str]:
    """A word without its ending, in the spellings that it may take before another: banc, banch; figl, figli; prov inc, provinci."""
    stem = word[:-1]
    found = {stem}
    if stem.endswith(("ch", "gh")):
        found.add(stem[:-1])
    if stem.endswith("i"):
        found.add(stem[:-1])
    return found


def has_rendering(target: str, rendering: str) -> tuple[int, int] | None:
    """Where the English has a rendering: in any case, singular, plural or possessive, without regard to its determiner.

    The words of a verb ('to sign') may stand in any regular form.
    """
    wanted = [w.lower() for w in _english(rendering)]
    verb = wanted[:1] == ["to"] and len(wanted) > 1
    wanted = wanted[1:] if verb or (wanted and wanted[0] in _DETERMINERS and len(wanted) > 1) else wanted
    there = _words(target.replace("’", "'"))
    there = [w for w in there if not (w.text in ("s", "S") and w.start and target[w.start - 1] in "'’")]
    for i in range(len(there) - len(wanted) + 1):
        window = there[i : i + len(wanted)]
        if wanted and all(
            w in _english_forms(x.text.lower(), verb) or x.text.lower() == w
            for w, x in zip(wanted, window, strict=True)
        ):
            return window[0].start, window[-1].end
    return None


def _english(text: str) -> list[str]:
    found: list[str] = _WORD.findall(text.replace("’s", "").replace("'s", ""))
    return found


@lru_cache(maxsize=4096)
def _english_forms(word: str, verb: bool) -> frozenset[str]:
    """What a word may be a plural (or a form of the verb) of."""
    found = {word, word + "s"}  # the glossary may say the plural itself
    for ending, instead in (("ies", "y"), ("ves", "f"), ("es", ""), ("s", ""), ("men", "man")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            found.add(word[: -len(ending)] + instead)
    if verb:
        for ending in ("ied", "ed", "d", "ing"):
            if word.endswith(ending) and len(word) > len(ending) + 1:
                stem = word[: -len(ending)]
                found |= {stem, stem + "e", stem + "y"} | ({stem[:-1]} if stem[-1:] == stem[-2:-1] else set())
    return frozenset(found)


def check(source: str, target: str, glossary: Glossary) -> tuple[TermUse, ...]:
    """Every term of a sentence, 'satisfied' or 'unsatisfied' in this target.

    A term that occurs twice needs two renderings only where it must be kept; a pronoun may stand for the second.
    """
    used: list[TermUse] = []
    for term, start, end in occurrences(source, glossary):
        rendering = _rendering(target, term, sum(u.source == term.source for u in used) + 1)
        status: TermStatus = "satisfied" if rendering else "unsatisfied"
        used.append(TermUse(term.kind, term.source, term.targets[0], status, start, end, rendering))
    return tuple(used)


def _rendering(target: str, term: Term, times: int) -> str:
    if term.kind == "keep":
        return term.source if target.count(term.source) >= times else ""
    for wanted in term.targets:
        place = has_rendering(target, wanted)
        if place:
            return target[place[0] : place[1]]
    return ""


def repaired(before: Sequence[TermUse], after: Sequence[TermUse]) -> tuple[TermUse, ...]:
    """The terms of the winning candidate, told from those of the plain decoding: what that lacked is 'repaired'."""
    lacked = {(u.source, u.start) for u in before if u.status == "unsatisfied"}
    return tuple(
        replace(u, status="repaired") if u.status == "satisfied" and (u.source, u.start) in lacked else u for u in after
    )
