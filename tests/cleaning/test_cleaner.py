"""What goes and what stays, and that nothing is lost on the way."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.cleaning import clean, explain
from pipeline.document import CleanText, Metadata, Source
from pipeline.inputs import read
from pipeline.settings import Clean, Inputs

TITLE = "Il ponte di Valbona riapre dopo due anni"
BODY = (
    "Il ponte di Valbona riaprirà lunedì mattina al traffico dopo due anni di lavori, ha annunciato il sindaco.",
    "Il cantiere è costato quattro milioni di euro, uno in più di quanto previsto dal progetto iniziale.",
    "I commercianti della riva sinistra, che avevano perso metà dei clienti, hanno brindato davanti alle transenne.",
)


def source(text: str, outside: Sequence[tuple[int, int]] = (), page: Metadata | None = None) -> Source:
    kind = "html" if outside or page else "txt"
    return Source(text, kind, "0" * 64, len(text.encode()), "utf-8", outside_main=tuple(outside), page=page)  # type: ignore[arg-type]


def cleaned(*lines: str) -> CleanText:
    return clean(source("\n".join(lines)), Clean())


def kinds(*lines: str) -> dict[str, str]:
    """Each line's verdict: 'kept:<block>' or the kind of boilerplate."""
    made = source("\n".join(lines))
    return {
        made.text[v.start : v.end]: f"kept:{v.kind}" if v.action == "kept" else v.kind for v in explain(made, Clean())
    }


def around(*boilerplate: str) -> CleanText:
    """The article with the lines behind it."""
    return cleaned(TITLE, *BODY, *boilerplate)


ARTICLE = "\n".join([TITLE, *BODY])


@pytest.mark.parametrize(
    "lines",
    [
        ["FacebookTwitterLinkedInEmailCopy Link"],
        ["Condividi su Facebook", "Tweet", "Invia per e-mail"],
        ["Clicca su + per scegliere altri social non elencati..."],
        ["di Redazione"],
        ["Chiara Benvenuti, interprete di russo e inglese"],
        ["Fonte", "C.S.P.M."],
        ["Fonte: Ansa"],
        [
            "Utilizziamo i cookie per offrirti la migliore esperienza. Chiudendo questo banner acconsenti all’uso dei cookie."
        ],
        [
            "Per fornire le migliori esperienze, utilizziamo tecnologie come i cookie. Il consenso ci permetterà di elaborare dati."
        ],
        ["Leggi La Voce del Fiume, il quotidiano interamente dedicato alle acque interne"],
        ["Leggi anche", "La diga che nessuno vuole", "Chi paga i ponti?", "Il traghetto torna in servizio..."],
        ["Iscriviti alla nostra newsletter", "Ricevi ogni mattina le notizie direttamente nella tua casella di posta."],
        ["Abbonati a partire da 1€ al mese", "Sei già abbonato? Accedi"],
        ["3 commenti", "mario ha scritto: era ora, dopo due anni di code infinite e di promesse.", "Rispondi Segnala"],
        ["© RIPRODUZIONE RISERVATA"],
        ["Copyright 2024 © Tutti i diritti riservati - P.IVA 00000000000"],
        ["Tag: ponti, Valbona, lavori pubblici"],
        ["Home", "Chi siamo", "Contatti", "Privacy Policy", "Cookie Policy"],
        ["Foto di Marco Neri."],
    ],
    ids=lambda lines: lines[0][:30],
)
def test_boilerplate_behind_the_article_goes_and_the_article_stays(lines: list[str]) -> None:
    assert around(*lines).text == ARTICLE


@pytest.mark.parametrize(
    "sentence",
    [
        "Questo sito utilizza i cookie: è la frase che ogni italiano legge decine di volte al giorno.",
        "«Chi continua la navigazione non sta prestando un consenso», ha spiegato la presidente dell’Autorità.",
        "Iscriversi alla newsletter del quotidiano di paese è diventato un modo per restare in contatto con casa.",
        "«Ogni mattina i lettori ricevono nella loro casella di posta una selezione di notizie», racconta il direttore.",
        "Condividere una foto su Facebook, mandare un messaggio: per sei ore niente di tutto questo è stato possibile.",
        "Abbonati subito, prima ancora di conoscere il calendario: tremila tifosi si sono messi in fila.",
        "Lascia un commento e rischia una condanna: la sentenza del tribunale fa discutere i gestori di siti.",
        "I commenti erano stati pubblicati sotto un articolo di cronaca e rimossi solo dopo tre settimane.",
        "Leggi anche molto diverse tra loro sono confluite nel testo unificato, ha ricordato il relatore.",
        "La redazione del settimanale era vuota quando le fiamme hanno raggiunto il secondo piano del palazzo.",
        "Di redazione in redazione la solidarietà ha fatto il giro della regione e dell’isola.",
        "La foto è stata pubblicata il 7 gennaio da un quotidiano concorrente, che si è scusato.",
        "La fonte della perdita è stata trovata dai tecnici nella notte, sotto il terzo pilone.",
        "«Andremo avanti», ha ripetuto il ministro ai giornalisti che lo aspettavano all’uscita (Ansa).",
        "La legge sul copyright, approvata ieri, dice che tutti i diritti tornano agli autori.",
        "I dati, raccolti in cinque anni, sono pubblicati con una licenza Creative Commons e chiunque può usarli.",
        "Sì.",
        "E adesso?",
    ],
)
def test_sentences_of_the_article_about_such_things_stay(sentence: str) -> None:
    assert cleaned(TITLE, BODY[0], sentence, BODY[1], BODY[2]).text == "\n".join([TITLE, BODY[0], sentence, *BODY[1:]])


def test_a_block_of_headlines_ends_where_the_article_goes_on() -> None:
    found = cleaned(TITLE, BODY[0], "Leggi anche:", "La diga che nessuno vuole", "Chi paga i ponti?", *BODY[1:])
    assert found.text == ARTICLE


def test_a_question_that_the_text_answers_is_no_headline_of_the_block_above() -> None:
    question = "Si sente tradito da qualcuno?"
    found = cleaned(TITLE, BODY[0], "Leggi anche:", question, BODY[1], BODY[2])
    assert found.text == "\n".join([TITLE, BODY[0], question, *BODY[1:]])


def test_a_heading_behind_a_blank_line_is_no_headline_of_the_block_above() -> None:
    found = cleaned(
        TITLE, "", BODY[0], "", "Leggi anche", "La diga che nessuno vuole", "", "I conti del cantiere", "", BODY[1]
    )
    assert found.text == f"{TITLE}\n\n{BODY[0]}\n\nI conti del cantiere\n\n{BODY[1]}"


def test_headings_of_a_table_of_contents_are_kept_where_they_head_their_part() -> None:
    found = kinds(
        TITLE, BODY[0], "Indice degli argomenti", "I costi", "I tempi", "I costi", BODY[1], "I tempi", BODY[2]
    )
    assert found["I costi"] == found["I tempi"] == "kept:heading"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (
            "FacebookTwitterLinkedInEmailCopy LinkLa giunta ha chiesto lo stato di emergenza.",
            "La giunta ha chiesto lo stato di emergenza.",
        ),
        (
            "Il livello del Po è sceso. Leggi anche: Po in secca, le immagini. Gli agricoltori temono il peggio.",
            "Il livello del Po è sceso. Gli agricoltori temono il peggio.",
        ),
        ("L’Autorità di bacino si riunirà lunedì. © RIPRODUZIONE RISERVATA", "L’Autorità di bacino si riunirà lunedì."),
        (
            "Il sindaco parla di «situazione senza precedenti». Iscriviti alla newsletter",
            "Il sindaco parla di «situazione senza precedenti».",
        ),
        (
            "Pubblicato il 3 aprile 2023 alle 10:05 L’ultima pioggia risale a dicembre.",
            "L’ultima pioggia risale a dicembre.",
        ),
    ],
)
def test_boilerplate_glued_to_a_sentence_is_cut_out(line: str, left: str) -> None:
    found = cleaned(TITLE, BODY[0], line, BODY[1])
    assert found.text == "\n".join([TITLE, BODY[0], left, BODY[1]])
    assert found.restore() == "\n".join([TITLE, BODY[0], line, BODY[1]])


def test_menus_in_front_and_within_go_by_their_shape() -> None:
    menu = ["Valle", "Montagna", "Nord e sud", "La posta", "Il meteo di oggi"]
    assert cleaned(*menu, TITLE, BODY[0], *menu, *BODY[1:], *menu).text == ARTICLE


def test_a_single_short_line_between_paragraphs_is_a_heading() -> None:
    assert kinds(TITLE, BODY[0], "I conti del cantiere", BODY[1])["I conti del cantiere"] == "kept:heading"


def test_a_list_below_a_colon_is_a_list() -> None:
    found = kinds(
        TITLE, BODY[0], "Il progetto comprende, secondo la relazione del Comune:", "due corsie;", "una pista;", BODY[1]
    )
    assert found["due corsie;"] == found["una pista;"] == "kept:list"


def test_a_title_repeated_by_the_page_is_kept_once() -> None:
    assert cleaned(f"{TITLE} - La Voce del Fiume", "Home", "Cronaca", "Sport", TITLE, *BODY).text == ARTICLE


def test_a_last_line_that_was_broken_off_is_kept() -> None:
    line = "Il sindaco ha poi ricordato che la manutenzione del ponte dovrà"
    assert cleaned(TITLE, *BODY, line).text == f"{ARTICLE}\n{line}"


def test_a_heading_of_comments_in_mid_article_does_not_take_the_rest_along() -> None:
    lines = [TITLE, *BODY, "12 commenti", *(b.replace("ponte", "viadotto") for b in BODY)]
    assert cleaned(*lines).text == "\n".join(line for line in lines if line != "12 commenti")


def test_hard_wrapped_paragraphs_are_joined() -> None:
    wrapped = "\n".join(
        [
            "Il ponte di Valbona riaprirà lunedì mattina al traffico dopo due anni",
            "di lavori, come ha annunciato ieri sera il sindaco davanti a una sala",
            "piena di commercianti, che avevano perso nel frattempo metà dei loro",
            "clienti e che hanno brindato davanti alle transenne.",
        ]
    )
    found = cleaned(TITLE, "", wrapped, "", wrapped)
    assert found.text == f"{TITLE}\n\n{wrapped.replace(chr(10), ' ')}\n\n{wrapped.replace(chr(10), ' ')}"


def test_a_title_alone_is_a_text_and_a_menu_alone_is_none() -> None:
    assert (
        cleaned("Terremoto in Irpinia, scossa di magnitudo 3.2").text == "Terremoto in Irpinia, scossa di magnitudo 3.2"
    )
    assert cleaned("Home", "Cronaca", "Politica", "Sport", "Meteo", "Contatti").text == ""
    assert cleaned("").text == ""


def test_short_news_without_a_single_long_sentence_is_kept() -> None:
    lines = [
        "Sciopero dei treni confermato per venerdì",
        "Scuole chiuse in tutta la provincia",
        "Riapre la statale per il passo",
    ]
    assert cleaned(*lines).text == "\n".join(lines)


def test_lines_outside_the_article_of_an_html_page_go() -> None:
    teaser = "Un altro articolo racconta di un altro ponte, in un altro paese, con altri sindaci."
    text = "\n".join([TITLE, *BODY, teaser])
    assert clean(source(text, [(len(ARTICLE) + 1, len(text))]), Clean()).text == ARTICLE


def test_an_extractor_that_leaves_most_of_the_text_out_is_not_believed() -> None:
    start = len(TITLE) + 1 + len(BODY[0]) + 1
    assert clean(source(ARTICLE, [(start, len(ARTICLE))]), Clean()).text == ARTICLE


def test_metadata_lines_are_metadata_and_not_lost() -> None:
    found = cleaned(
        TITLE,
        "Tutto pronto per la cerimonia, ma manca ancora il collaudo",
        "Pubblicato il 29 settembre 2021 alle 20:29 in Cronaca Valbona",
        *BODY,
        "Anna Neri, giornalista e autrice",
        "di Redazione",
        "Fonte",
        "C.S.P.M.",
        "Tag: ponti, lavori",
    )
    assert found.metadata == Metadata(
        title=TITLE,
        subtitle="Tutto pronto per la cerimonia, ma manca ancora il collaudo",
        date="29 settembre 2021 alle 20:29",
        date_iso="2021-09-29T20:29",
        section="Cronaca Valbona",
        author="Anna Neri",
        source="C.S.P.M.",
        tags=("ponti", "lavori"),
    )
    assert {r.kind for r in found.removed} >= {"dateline", "byline", "source", "tags"}
    assert found.kept[0].kind == "title"
    assert found.kept[1].kind == "subtitle"


def test_what_the_page_declares_fills_what_the_lines_leave_open() -> None:
    page = Metadata(title=TITLE, author="Anna Neri", date_iso="2024-05-02", source="La Voce")
    found = clean(source(f"Cronaca\n{ARTICLE}\ndi Carlo Conti", page=page), Clean())
    assert found.metadata == Metadata(title=TITLE, author="Carlo Conti", date_iso="2024-05-02", source="La Voce")
    assert found.text == ARTICLE


def test_a_rule_that_flags_leaves_the_line_and_shows_in_the_explanation(tmp_path: Path) -> None:
    pack = tmp_path / "mio.yaml"
    pack.write_text(
        "about: Own.\nrules:\n  - {id: own-price, kind: other, why: A price., action: flag, where: inside, sentences: true,"
        " pattern: 'milioni di euro', examples: {match: ['milioni di euro'], keep: [lire]}}\n",
        encoding="utf-8",
    )
    settings = Clean(packs=[*Clean().packs, str(pack)])
    made = source(ARTICLE)
    assert clean(made, settings).text == ARTICLE
    assert [v.rule for v in explain(made, settings)] == ["", "", "own-price", ""]


PIECES = st.sampled_from(
    [
        TITLE,
        *BODY,
        "Leggi anche:",
        "Home",
        "Cronaca",
        "di Redazione",
        "3 commenti",
        "FacebookTwitterEmail",
        "Fonte",
        "C.E.",
        "17 maggio 2021",
        "© RIPRODUZIONE RISERVATA",
        "Sì.",
        "",
        " ",
        "  a  b ",
        "Indice",
        "x" * 70,
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=25), st.sampled_from(["\n", "\n\n", " ", " \n "]))
@hypothesis_settings(max_examples=300, deadline=None)
def test_kept_and_removed_are_the_whole_source(pieces: list[str], glue: str) -> None:
    text = glue.join(pieces)
    found = clean(source(text), Clean())
    assert found.restore() == text
    spans = sorted([(k.start, k.end) for k in found.kept] + [(r.start, r.end) for r in found.removed])
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]
    assert "".join(text[k.start : k.end] + k.after for k in found.kept) == found.text
    assert all(not r.text.strip() for r in found.removed if r.kind == "space")


@pytest.mark.parametrize(
    "text",
    ["Home\n" * 50_000, "Leggi anche\n" * 50_000, "La giunta ha deciso. " * 100_000, "a  " * 200_000, "(" * 1_000_000],
    ids=["menu", "headers", "one line", "spaces", "brackets"],
)
def test_hostile_texts_take_seconds(text: str) -> None:
    began = time.process_time()
    assert clean(source(text), Clean()).restore() == text
    assert time.process_time() - began < 20


SEEDS = sorted(p for p in (ROOT / "seeds").iterdir() if p.suffix in {".txt", ".html"})


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.name)
def test_each_seed_comes_out_as_expected(path: Path) -> None:
    made = read(path.read_bytes(), "html" if path.suffix == ".html" else "txt", Inputs())
    assert isinstance(made, Source)
    expected = (path.parent / "expected" / f"{path.stem}.expected").read_text(encoding="utf-8")
    found = clean(made, Clean())
    assert found.text + "\n" == expected
    assert found.restore() == made.text


def test_there_are_seeds_enough() -> None:
    assert len(SEEDS) >= 10


def test_a_title_below_the_menu_is_not_lost_where_the_first_line_looks_like_one() -> None:
    slogan = "Il quotidiano online della valle e dei suoi ponti"
    assert TITLE in cleaned(slogan, "Home", "Cronaca", "Politica", "Sport", TITLE, *BODY).text


def test_the_same_article_as_text_and_as_html_comes_out_the_same() -> None:
    around = ["Home", "Cronaca", "Sport", TITLE, "di Anna Neri", *BODY, "Leggi anche", "Chi paga i ponti?"]
    page = "<html><body>" + "".join(f"<div><p>{line}</p></div>" for line in around) + "</body></html>"
    made = read(page.encode(), "html", Inputs())
    assert isinstance(made, Source)
    assert clean(made, Clean()).text == cleaned(*around).text == ARTICLE


PLAIN = (
    "Il consiglio comunale ha approvato il bilancio con i voti della maggioranza, dopo sei ore di discussione in aula."
)


@pytest.mark.parametrize("stamps", [("20:45", "20.51", "21:12"), ("12 marzo 2024", "3 aprile 2024", "9 maggio")])
def test_hours_and_days_over_the_entries_of_a_report_stay_and_one_alone_is_the_pages(stamps: tuple[str, ...]) -> None:
    entries = [f"{stamp}\nParla il relatore numero {number}." for number, stamp in enumerate(stamps)]
    kept = cleaned("\n\n".join(["La seduta, minuto per minuto", PLAIN, *entries])).text
    assert all(stamp in kept.split("\n") for stamp in stamps[:2])
    assert stamps[0] not in cleaned(f"La seduta del consiglio\n\n{stamps[0]}\n\n{PLAIN}").text


def test_a_word_divided_at_the_end_of_a_line_is_one_word_and_a_hyphen_of_its_own_stays() -> None:
    text = (
        "Gli operai della grande fabbrica di bottoni sulla riva del Nord-\nEst arrivavano a piedi prima della sirena, e la fabbri-\n"
        "ca dava da vivere a tutti quelli che un accordo socio-\neconomico aveva legato alla valle, come scrive il piano socio-economico\n"
        "del consorzio che per primo aveva contato le famiglie."
    )
    found = cleaned(text)
    assert "Nord-Est arrivavano" in found.text
    assert "la fabbrica dava" in found.text
    assert "accordo socio-economico" in found.text
    assert found.restore() == text


def test_a_last_line_of_one_word_is_the_articles_where_it_is_a_sentence() -> None:
    assert cleaned(f"Il bilancio è approvato\n\n{PLAIN}\n\nE dell'opposizione che resta?\n\nNulla.").text.endswith(
        "Nulla."
    )


def test_short_lines_between_paragraphs_are_no_menu_by_their_shape_alone() -> None:
    signature = "Con stima,\nFranca Donati\nBorgo Orsa\nRisponde il direttore"
    assert (
        signature
        in cleaned(
            f"Il treno che non passa\n\n{PLAIN}\n\n{signature}\n\nCara signora, ha ragione lei e ne scriveremo domani."
        ).text
    )


def test_a_summary_in_points_between_title_and_text_stays() -> None:
    point = "- La maggioranza ha votato compatta per il bilancio"
    assert point in cleaned(f"Il bilancio è approvato\n\n{point}\n\n{PLAIN}").text


def test_a_short_title_above_a_long_subtitle_is_the_title() -> None:
    menu = "Il giornale di chi legge\nCronaca\n"
    page = f"{menu}Il bilancio approvato\nSei ore di discussione in consiglio comunale tra i banchi della maggioranza\n\n{PLAIN}"
    assert cleaned(page).metadata.title == "Il bilancio approvato"


def test_rows_of_words_alone_are_a_table() -> None:
    rows = "Comune | Sindaco | Partito\nValbona | Franca Donati | Lista civica\nRiva | Ugo Ferri | Indipendente"
    assert rows in cleaned(f"I sindaci della valle\n\n{PLAIN}\n\n{rows}").text


def test_an_agency_behind_the_last_sentence_is_metadata_and_the_sentence_stays() -> None:
    found = cleaned(
        f"Il bilancio è approvato\n\n{PLAIN}\n\nIl voto è previsto per la prossima settimana in aula. (ANSA)"
    )
    assert found.text.endswith("Il voto è previsto per la prossima settimana in aula.")
    assert found.metadata.source == "ANSA"
