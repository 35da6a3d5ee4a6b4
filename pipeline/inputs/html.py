"""An HTML page to its visible text, one block a line, with the lines that lie outside the article and the page's metadata.

What is visible is read off the markup alone: style sheets and scripts are not run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import re2
from lxml import etree
from lxml import html as lxml_html

from pipeline.document import Metadata, Skip, Source
from pipeline.inputs import decoding
from pipeline.inputs.hygiene import clean_unicode
from pipeline.settings import Inputs

_INVISIBLE = frozenset(
    [
        "head",
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "math",
        "canvas",
        "iframe",
        "frame",
        "object",
        "embed",
        "audio",
        "video",
        "map",
        "select",
        "textarea",
        "datalist",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_HIDDEN_STYLE = re.compile(r"(?i)(display\s*:\s*none|visibility\s*:\s*hidden)")
_CHARSET = re.compile(rb"(?i)<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})")
_XML_CHARSET = re.compile(rb"(?i)^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CLOSED = re.compile(r"(?i)</(?:body|html)\s*>")  # browsers go on after it, the parser would not
_ENDLESS_TAG = re.compile(r"<[A-Za-z][^<>]{100000}")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_UNSEEN = re2.compile(  # RE2 stays linear where thousands of these are opened and none is closed
    r"(?is)<script\b.*?</script\s*>|<style\b.*?</style\s*>|<template\b.*?</template\s*>|<noscript\b.*?</noscript\s*>|<!--.*?-->"
)
CELL = " | "  # between the cells of a row
_MAX_EXTRACTED = 1_500_000  # characters of markup beyond which the extractor, slower than linear, is not asked
_MAX_ELEMENTS = 20_000  # likewise


def read_html(data: bytes, settings: Inputs) -> Source | Skip:
    """The page's text, or a Skip: 'binary', or 'empty' for a page of scripts or frames only."""
    decoded = decoding.decode(data, _declared(data))
    if decoded is None:
        return Skip("inputs", "binary", "is not text: too many control characters")
    tree = _parsed(decoded.text)
    raw = "\n".join(blocks(tree)) if tree is not None else ""
    edited, counts = clean_unicode(raw, settings.repair_mojibake)
    if not edited.text.strip():
        return Skip("inputs", "empty", "is a page without visible text" if data.strip() else "is empty")
    from pipeline.inputs.article import main_text
    from pipeline.inputs.reading import repairs

    small = len(decoded.text) <= _MAX_EXTRACTED and sum(1 for _ in islice(tree.iter(), _MAX_ELEMENTS)) < _MAX_ELEMENTS
    outside, page = main_text(tree, edited.text) if small else ((), Metadata())
    return Source(
        text=edited.text,
        format="html",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        encoding=decoded.encoding,
        bom=decoded.bom,
        repairs=repairs(counts, decoded.undecodable),
        outside_main=outside,
        page=page,
    )


def _declared(data: bytes) -> str:
    """The charset that the page names, as Python knows it: web pages that say Latin-1 mean CP1252 (WHATWG Encoding)."""
    match = _XML_CHARSET.search(data[:1024]) or _CHARSET.search(data[:4096])
    name = match[1].decode("ascii").lower() if match else ""
    return "cp1252" if name in {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"} else name


def _parsed(text: str) -> Any:
    """The page as a tree, or None where there is nothing to parse. Unclosed, nested and broken markup is put up with."""
    text = _UNREADABLE.sub(" ", _CLOSED.sub("", _DECLARATION.sub("", text)))
    if not text.strip():
        return None
    if _ENDLESS_TAG.search(text):  # the parser takes time by the square of a tag's attributes
        text = _flat(text)
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    if any("depth" in entry.message for entry in parser.error_log):  # the parser gave up: the page is a bomb or a ruin
        return lxml_html.document_fromstring(_flat(text).encode(), parser=parser)
    return tree


def _flat(text: str) -> str:
    """A page nested too deep to parse, as one paragraph for each stretch of text between tags."""
    text = _UNSEEN.sub(" ", text)
    pieces = (piece.strip() for piece in re.split(r"<[^<>]*>", text))
    return (
        "<html><body>" + "".join(f"<p>{piece.replace('<', '&lt;')}</p>" for piece in pieces if piece) + "</body></html>"
    )


def blocks(tree: Any) -> Iterator[str]:
    """The visible text of each block, white space collapsed; two line breaks in a row divide a block, a table's row is one.

    Works on a stack of events instead of recursion, so that a page nested ten thousand deep is no danger.
    """
    line: list[str] = []
    cells = _data_cells(tree)
    preformatted = hidden = 0
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        gone = tag in _INVISIBLE or not tag or _is_hidden(node)
        if event == "start":
            hidden += gone
            if hidden:
                continue
            if node in cells:
                line += [CELL] if any(map(str.strip, line)) else []
            elif tag not in _INLINE and tag != "br":
                yield from _flushed(line, preformatted)
            preformatted += tag == "pre"
            if tag == "br":
                line.append("\n")
            elif node.text:
                line.append(node.text if preformatted else _collapsed(node.text))
        else:
            if not hidden and tag not in _INLINE and tag != "br" and node not in cells:
                yield from _flushed(line, preformatted)
            hidden -= gone
            preformatted -= tag == "pre" and not hidden
            if not hidden and node.tail and node is not tree and (node not in cells or node.tail.strip()):
                line.append(node.tail if preformatted else _collapsed(node.tail))
    yield from _flushed(line, preformatted)


def _data_cells(tree: Any) -> frozenset[Any]:
    """The cells of tables that hold data: a heading's cell, and nothing but text in the cells. A row of them is one line.

    Tables that only lay a page out have menus and articles in their cells, and no headings.
    """
    found: list[Any] = []
    for table in tree.iter("table"):
        if table.find(".//table") is not None:
            continue
        cells = list(table.iter("td", "th"))
        if any(cell.tag == "th" for cell in cells) and all(_is_plain(cell) for cell in cells):
            found += cells
    return frozenset(found)


def _is_plain(cell: Any) -> bool:
    return all(node.tag in _INLINE or node.tag == "br" for node in cell.iterdescendants())


def _is_hidden(node: Any) -> bool:
    style = node.get("style")
    return node.get("hidden") is not None or bool(style and _HIDDEN_STYLE.search(style))


def _collapsed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _flushed(line: list[str], preformatted: int) -> Iterator[str]:
    """The lines of the block gathered so far, which is emptied."""
    text = "".join(line)
    line.clear()
    for part in re.split(r"\n" if preformatted else r"\n[ \n]*\n", text):
        block = " ".join(part.split())
        if block:
            yield block
