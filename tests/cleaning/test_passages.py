"""Texts of short lines stay, and the boilerplate around them goes all the same. All texts are made up."""

from __future__ import annotations

import pytest

from pipeline.cleaning import clean
from pipeline.document import Source
from pipeline.inputs import read
from pipeline.settings import Clean, Inputs

MENU = "Home\nCronaca\nPolitica\nEconomia\nSport\nCultura\nMeteo"
SHARE = "Condividi su Facebook\nTweet\nInvia per e-mail"
COOKIES = (
    "Utilizziamo i cookie per offrirti la migliore esperienza. Chiudendo questo banner acconsenti all'uso dei cookie."
)
FOOTER = (
    "Chi siamo\nContatti\nPrivacy Policy\nCookie Policy\nCopyright 2024 © Tutti i diritti riservati - P.IVA 00000000000"
)

TEXTS = {
    "poem": """IL FIUME
Nora Valbruni

Scende la sera lungo la corrente,
e il salice si piega sopra l'onda
come chi cerca in acqua la sua gente
e trova solo l'ombra della sponda.

Io resto qui, con le mie scarpe rotte,
a contare le barche che non vanno;
il vento porta il sale della notte
e porta via le cose che non sanno.""",
    "results": """SERIE B, I RISULTATI DELLA QUARTA GIORNATA

Valbona - Selvanera 2-1
Borgoluce - Pietralta 0-0
Montelago - Castelfranco 3-2
Riva - Portoscuro 1-1

CLASSIFICA
Valbona 12
Montelago 9
Riva 7
Selvanera 3""",
    "table": """Prezzi delle case nei quartieri di Valbona

Quartiere | Prezzo | Variazione
Centro | 2.400 | +3%
Riva destra | 1.850 | -1%
Stazione | 1.300 | +7%
Collina | 2.900 | 0%""",
    "recipe": """Torta di mele della nonna

Ingredienti
200 g di farina
3 uova
150 g di zucchero
4 mele
1 bustina di lievito

Preparazione
Sbucciate le mele e tagliatele a fette sottili, poi montate le uova con lo zucchero.
Unite la farina e il lievito, versate tutto nello stampo e cuocete per quaranta minuti.""",
    "events": """Festa del fiume, il programma

Sabato 3 giugno
Ore 9.30 apertura degli stand
Ore 11 regata dei ragazzi
Ore 16 concerto della banda
Ore 21 fuochi sull'acqua

Domenica 4 giugno
Ore 10 messa sul ponte
Ore 12.30 pranzo in piazza
Ore 17 premiazione""",
    "candidates": """Elezioni a Valbona, tutti i candidati

Anna Belcastro
Giulio Fontanarosa
Teresa Malvestiti
Oreste Piandoro
Lucia Serravento
Nicola Torrechiara
Marta Valdengo""",
    "timetable": """Traghetti per l'isola, gli orari

Portoscuro 6.40
Portoscuro 8.15
Riva 9.05
Riva 12.50
Isola 15.30
Isola 18.10""",
    "bullets": """Cinque consigli per la piena

- tenere le scarpe asciutte
- non scendere in cantina
- spostare l'auto in collina
- chiamare i vicini anziani
- ascoltare la radio""",
    "live": """Piena del fiume, la diretta

18.45 Arrivano i vigili del fuoco
18.20 Chiuso il ponte vecchio
17.55 Scuole evacuate a Riva
17.30 Il livello sale ancora
17.05 Prima allerta in Comune""",
    "letter": """Cara Lucia,
ti scrivo dal treno,
la neve copre tutto,
e non so quando arrivo.
Il nonno sta meglio,
mangia, ride e dorme.
Aspettami alla stazione,
porta l'ombrello.
Tuo Oreste""",
    "csv": "\n".join(f"{n};Belcastro;Anna;{n * 7};Valbona;2023-01-{n:02}" for n in range(1, 29)),
    "interview": """Il custode della diga si racconta

- Da quanto vive qui?
- Da quarant'anni.
- E non si annoia mai?
- Mai, c'è il fiume.
- Che cosa le manca?
- Un buon caffè.""",
    "timeline": """Storia del ponte di Valbona

1881 posa della prima pietra
1884 apertura ai carri
1944 distruzione dell'arcata
1951 ricostruzione in cemento
2022 chiusura per i lavori
2024 riapertura""",
}
ARTICLE = (
    "Il ponte di Valbona riaprirà lunedì mattina al traffico dopo due anni di lavori, ha annunciato ieri il sindaco durante"
    " una seduta del consiglio comunale a cui hanno assistito molti abitanti della riva sinistra."
)


def left(text: str) -> list[str]:
    source = read(text.encode(), "txt", Inputs())
    assert isinstance(source, Source)
    found = clean(source, Clean())
    assert found.restore() == source.text
    return [line for line in found.text.split("\n") if line]


def body(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_of_short_lines_stays_whole(name: str) -> None:
    assert left(TEXTS[name]) == body(TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_the_boilerplate_around_a_text_of_short_lines_goes(name: str) -> None:
    page = f"{MENU}\n\n{TEXTS[name]}\n\n{SHARE}\n{COOKIES}\n{FOOTER}"
    assert left(page) == body(TEXTS[name])


@pytest.mark.parametrize("name", sorted(TEXTS.keys() - {"poem"}))
def test_a_passage_of_short_lines_within_an_article_stays(name: str) -> None:
    text = (
        f"Riapre al traffico il ponte di Valbona\n{ARTICLE}\n\n{TEXTS[name]}\n\n{ARTICLE.replace('lunedì', 'martedì')}"
    )
    assert left(f"{MENU}\n{text}\n{SHARE}\n{FOOTER}") == body(text)


@pytest.mark.parametrize(
    "name", ["poem", "results", "recipe", "letter", "csv", "timeline", "interview", "events", "live"]
)
def test_blank_lines_make_no_difference(name: str) -> None:
    """Neither none at all nor one behind every line."""
    page = body(f"{MENU}\n{TEXTS[name]}\n{SHARE}\n{FOOTER}")
    assert left("\n".join(page)) == body(TEXTS[name])
    assert left("\n\n".join(page)) == body(TEXTS[name])


def test_names_between_known_entries_of_a_menu_stay_where_there_is_no_other_text() -> None:
    assert left("\n\n".join(body(f"{MENU}\n{TEXTS['candidates']}\n{FOOTER}"))) == body(TEXTS["candidates"])


def test_a_menu_that_no_rule_knows_goes_where_there_is_an_article() -> None:
    menu = "Valle\nMontagna\nBoschi\nLaghi\nTradizioni\nPersone"
    article = f"Riapre al traffico il ponte di Valbona\n{ARTICLE}\n{ARTICLE.replace('sindaco', 'prefetto')}"
    assert left(f"{menu}\n\n{article}\n\n{menu}") == body(article)


def test_a_last_line_that_goes_on_stays() -> None:
    assert left(f"{ARTICLE}\nperché così vuole la città")[-1] == "perché così vuole la città"


def test_an_endless_word_is_no_row_of_buttons() -> None:
    assert left("x" * 5000) == ["x" * 5000]


def test_a_sentence_that_begins_with_a_tag_stays_and_a_tag_by_itself_goes() -> None:
    sentence = "<script> è il marcatore con cui comincia un programma dentro una pagina, spiega il manuale del corso."
    assert left(f"{ARTICLE}\n{sentence}\n<script>\n{ARTICLE} Bis.") == [ARTICLE, sentence, f"{ARTICLE} Bis."]


RESULTS = (
    "Valbona-Selvanera 2-1\nRiva-Portoscuro 1-0 (34' st Serravento)\nPietralta-Borgoluce 0-0\nLago-Collina rinviata"
)
STANDINGS = "CLASSIFICA\nValbona 12\nMontelago 9\nRiva 7\nSelvanera 3"
PRICES = "Latte fresco: 2,05 euro\nLatte in polvere: 1,40 euro\nBurro: 12 €"
SHARES = "Lista civica 45,6%\nInsieme per il ponte 40,6%\nSchede bianche 3%"
ROWS = "Anno | Prezzo\n2023 | 1,80\n2024 | 2,00"


@pytest.mark.parametrize("lines", [RESULTS, STANDINGS, PRICES, SHARES, ROWS])
def test_lines_that_end_in_a_figure_stay_before_the_text_and_within_it(lines: str) -> None:
    before = f"Riapre al traffico il ponte di Valbona\n\n{lines}\n\n{ARTICLE}"
    within = f"Riapre al traffico il ponte di Valbona\n\n{ARTICLE}\n\n{lines}\n\n{ARTICLE} Bis."
    for text in (before, within):
        assert left(f"{MENU}\n\n{text}\n\n{SHARE}\n{FOOTER}") == body(text)


@pytest.mark.parametrize(
    "lines",
    [
        "Canale 5\nItalia 1\nRete 4\nRai 3",
        "Facebook 12\nTwitter 3\nTelegram 5",
        "Valle 12\nMontagna 45\nBoschi 7\nLaghi 3",
        "Abbonamento mensile 9,99 €\nAbbonamento annuale 99 €\nProva gratuita 0 €",
        "PERSONE: Nora Valbruni | Anna Belcastro\nLUOGHI: Riva | Collina\nENTI: Comune | Provincia",
    ],
)
def test_figures_and_bars_of_a_page_are_no_entries_of_an_article(lines: str) -> None:
    title = "Riapre al traffico il ponte di Valbona"
    assert left(f"{title}\n\n{lines}\n\n{ARTICLE}") == [title, ARTICLE]
