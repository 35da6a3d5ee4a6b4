"""HTML to its visible text: blocks, charsets, hostile pages, and what lies outside the article."""

from __future__ import annotations

import time

import pytest

from pipeline.document import Skip, Source
from pipeline.errors import DocumentError
from pipeline.inputs import original_bytes, read
from pipeline.inputs.article import outside
from pipeline.settings import Inputs


def page(markup: str | bytes) -> Source:
    made = read(markup if isinstance(markup, bytes) else markup.encode(), "html", Inputs())
    assert isinstance(made, Source)
    return made


def text(markup: str | bytes) -> str:
    return page(markup).text


def test_each_block_is_a_line_and_inline_markup_is_none() -> None:
    assert text("<h1>Il <em>ti</em>tolo</h1><p>Una <b>riga</b>.</p><ul><li>uno<li>due</ul>") == (
        "Il titolo\nUna riga.\nuno\ndue"
    )


DATA = "<table><tr> <th>Anno</th>\n<th>Prezzo</th></tr><tr><td>2023</td><td><b>1,80</b></td></tr><tr><td>2024<td hidden>x<td>2,00</table>"


def test_a_row_of_data_is_a_line_and_cells_that_lay_a_page_out_are_blocks() -> None:
    assert text(f"<p>Prima.</p>{DATA}<p>Dopo.</p>").split("\n") == [
        "Prima.",
        "Anno | Prezzo",
        "2023 | 1,80",
        "2024 | 2,00",
        "Dopo.",
    ]
    assert text("<table><tr><td>Home<td>Sport</table>") == "Home\nSport"
    assert text("<table><tr><th>Home<td><p>Uno.</p><p>Due.</p></table>") == "Home\nUno.\nDue."
    assert text(f"<table><tr><th>Menu<td>{DATA}</table>").split("\n")[:2] == ["Menu", "Anno | Prezzo"]


def test_hard_wrapped_lines_are_joined_and_entities_decoded() -> None:
    assert text("<p>Citt&agrave;\n   e   l&rsquo;acqua&nbsp;alta &lt;3\n</p>") == "Città e l’acqua alta <3"


def test_one_break_joins_and_two_divide() -> None:
    assert text("<p>a<br>b<br><br>c<br/> <br/>d</p>") == "a b\nc\nd"


def test_preformatted_text_keeps_its_lines() -> None:
    assert text("<pre>uno\n  due</pre><p>tre</p>") == "uno\ndue\ntre"


def test_what_is_not_seen_is_not_read() -> None:
    markup = """<html><head><title>T</title><style>p {}</style></head><body><script>var x = 1;</script>
    <noscript>attiva</noscript><template>modello</template><!-- commento --><p hidden>a</p>
    <p style="color:red; display : none">b</p><select><option>c</select><textarea>d</textarea><p>Vista.</p></body></html>"""
    assert text(markup) == "Vista."


def test_what_stands_behind_a_hidden_element_is_read() -> None:
    assert text("<p><span hidden>no</span> sì</p>") == "sì"


@pytest.mark.parametrize(
    ("markup", "encoding"),
    [
        ('<meta charset="utf-8"><p>è più</p>', "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>l’è più</p>', "cp1252"),
        ('<?xml version="1.0" encoding="windows-1252"?><html><body><p>l’è più</p></body></html>', "cp1252"),
        ("<p>l’è più bella, perché</p>", "cp1252"),
    ],
)
def test_the_declared_charset_is_used_and_latin_1_means_cp1252(markup: str, encoding: str) -> None:
    assert "è più" in text(markup.encode(encoding))


def test_a_wrong_declaration_does_not_spoil_utf_8() -> None:
    assert text('<meta charset="iso-8859-1"><p>l’è più</p>'.encode()) == "l’è più"


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "   ",
        "<script>x()</script>",
        "<frameset><frame src='a.html'></frameset>",
        "<!-- -->",
        "<head><title>T</title></head>",
    ],
)
def test_a_page_without_visible_text_is_empty(markup: str) -> None:
    made = read(markup.encode(), "html", Inputs())
    assert isinstance(made, Skip)
    assert made.reason == "empty"


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "<p>In fondo.</p>",
        "<p>" * 100_000 + "<p>In fondo.</p>",
        "<script>" * 100_000 + "</script><p>In fondo.</p>",
        "<b><i>" * 50_000 + "In fondo.",
        "<table><tr><td>" * 5_000 + "In fondo.",
        "<p " + " ".join(f'a{i}="x"' for i in range(200_000)) + ">In fondo.</p>",
    ],
)
def test_nesting_without_end_is_survived_in_seconds(markup: str) -> None:
    began = time.monotonic()
    assert "In fondo." in text(markup)
    assert time.monotonic() - began < 30


def test_broken_markup_is_put_up_with() -> None:
    assert text("<p>uno<p>due</b></i><td>tre</html><p>quattro").split("\n") == ["uno", "due", "tre", "quattro"]


def test_binary_named_html_is_binary() -> None:
    made = read(b"%PDF-1.4 <html>", "html", Inputs())
    assert isinstance(made, Skip)
    assert made.reason == "binary"


def test_a_page_does_not_lead_back_to_its_bytes() -> None:
    with pytest.raises(DocumentError):
        original_bytes(page("<p>Prova.</p>"))


def test_the_page_tells_about_itself() -> None:
    markup = """<html><head><title>Il ponte riapre - La Voce</title><meta property="og:title" content="Il ponte riapre">
    <meta property="og:site_name" content="La Voce"><meta name="author" content="Anna Neri">
    <meta property="article:published_time" content="2024-05-02T10:00:00+02:00"></head>
    <body><article><h1>Il ponte riapre</h1><p>Il ponte riapre oggi al traffico dopo sei mesi di lavori, dice il sindaco.</p>
    </article></body></html>"""
    made = page(markup)
    assert made.page is not None
    assert (made.page.title, made.page.source, made.page.author) == ("Il ponte riapre", "La Voce", "Anna Neri")
    assert made.page.date_iso == "2024-05-02"


def test_lines_are_matched_whatever_their_order_and_number() -> None:
    lines = [
        "Cronaca",
        "Il consiglio comunale ha approvato ieri sera il bilancio con i voti della maggioranza.",
        "Cronaca",
        "Le opposizioni hanno lasciato l'aula prima del voto e annunciano un ricorso al tribunale.",
        "Scarica l'app del giornale",
    ]
    main = f"{lines[3]}\n{lines[1]}\n{lines[1]}"
    whole = "\n".join(lines)
    spans = [whole[a:b] for a, b in outside(whole, main)]
    assert spans == ["Cronaca", "Cronaca", "Scarica l'app del giornale"]
