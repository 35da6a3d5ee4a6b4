"""What recurring does to a line: evidence where a page's furniture stands, nothing where an article's own words do."""

from __future__ import annotations

from pipeline.cleaning import clean
from pipeline.cleaning.cleaner import explain
from pipeline.cleaning.lines import key, lines
from pipeline.document import CleanText, Recurrence, Source
from pipeline.settings import Clean

TITLE = "Il ponte di Valbona riapre dopo due anni"
BODY = [
    "Il ponte di Valbona riaprirà lunedì mattina al traffico, ha annunciato ieri sera il sindaco.",
    "I lavori sono costati quattro milioni di euro, uno in più di quanto era stato previsto.",
    "I commercianti della valle hanno perso metà dei clienti, che ora sperano di ritrovare.",
]
PORTRAIT = "La Voce della Valle racconta ogni giorno i paesi delle nostre montagne, con una redazione di otto persone."
SLOGAN = "La valle si legge qui ogni mattina."
HEADING = "I precedenti"
BACKGROUND = "Il ponte di Valbona fu costruito nel 1931 e fu chiuso dopo la frana di due anni fa."


def source(*parts: str) -> Source:
    text = "\n".join(parts)
    return Source(text, "txt", "0" * 64, len(text.encode()), "utf-8")


def recurrence(*, many: tuple[str, ...] = (), most: tuple[str, ...] = ()) -> Recurrence:
    def keys(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(key(lines(text)[0].plain) for text in texts))

    return Recurrence(keys(many), keys(most))


def cleaned(page: Source, told: Recurrence) -> CleanText:
    made = clean(page, Clean(), "", told)
    assert made.restore() == page.text
    return made


PAGE = source(TITLE, BODY[0], HEADING, BODY[1], BODY[2], SLOGAN, PORTRAIT)


def test_without_other_documents_the_page_is_judged_by_itself() -> None:
    text = clean(PAGE, Clean()).text
    assert SLOGAN in text
    assert PORTRAIT in text


def test_running_text_at_the_end_goes_where_half_of_the_articles_have_it_and_it_speaks_of_us() -> None:
    text = cleaned(PAGE, recurrence(most=(SLOGAN, PORTRAIT))).text
    assert PORTRAIT not in text
    assert all(sentence in text for sentence in BODY)


def test_what_reads_like_the_article_and_joins_on_to_it_stays_even_where_every_article_has_it() -> None:
    page = source(TITLE, *BODY, BACKGROUND, "Le indagini continuano.")
    assert cleaned(page, recurrence(most=(BACKGROUND, "Le indagini continuano."))).text == clean(page, Clean()).text


def test_what_reads_like_the_article_goes_beyond_the_frame_of_the_page() -> None:
    page = source(TITLE, *BODY, "Condividi su Facebook", SLOGAN, BACKGROUND)
    assert BACKGROUND in clean(page, Clean()).text
    assert cleaned(page, recurrence(most=(SLOGAN, BACKGROUND))).text.split("\n") == [TITLE, *BODY]


def test_entries_of_a_list_stay_though_several_articles_end_with_them() -> None:
    page = source(
        TITLE,
        *BODY,
        "Per la zuppa della valle servono pochi ingredienti, quasi tutti di casa:",
        "- sale grosso",
        "- olio di oliva",
    )
    assert "- olio di oliva" in cleaned(page, recurrence(many=("- sale grosso", "- olio di oliva"))).text


def test_what_recurs_within_a_menu_still_counts_as_its_entry() -> None:
    menu = ("Cronaca nera", "Vita di valle", "Sport di valle", "Borsa e lavoro")
    page = source(TITLE, BODY[0], "Condividi su Facebook", *menu, BODY[1], BODY[2])
    assert cleaned(page, recurrence(many=menu[:1])).text == clean(page, Clean()).text


def test_running_text_that_several_articles_share_stays() -> None:
    told = recurrence(many=(PORTRAIT, BODY[2]))
    assert cleaned(PAGE, told).text == clean(PAGE, Clean()).text


def test_a_sentence_between_sentences_stays_even_where_every_article_has_it() -> None:
    assert BODY[1] in cleaned(PAGE, recurrence(most=(BODY[1],))).text


def test_a_heading_between_sentences_stays_even_where_every_article_has_it() -> None:
    assert HEADING in cleaned(PAGE, recurrence(most=(HEADING,))).text


def test_a_fragment_beside_boilerplate_goes_where_several_articles_have_it() -> None:
    page = source(TITLE, BODY[0], "Condividi su Facebook", "Le nostre firme", BODY[1], BODY[2])
    assert "Le nostre firme" in clean(page, Clean()).text
    assert "Le nostre firme" not in cleaned(page, recurrence(many=("Le nostre firme",))).text


def test_another_version_of_an_article_loses_nothing() -> None:
    told = recurrence(most=(TITLE, *BODY, PORTRAIT))
    assert cleaned(PAGE, told).text == clean(PAGE, Clean()).text


def test_the_title_stays_though_every_page_of_a_series_has_it() -> None:
    assert TITLE in cleaned(PAGE, recurrence(most=(TITLE,))).text


def test_the_evidence_says_how_many_articles_have_the_line() -> None:
    verdicts = explain(PAGE, Clean(), "", recurrence(most=(PORTRAIT,)))
    (one,) = [v for v in verdicts if PAGE.text[v.start : v.end] == PORTRAIT]
    assert (one.action, one.rule, one.evidence) == (
        "dropped",
        "recurs",
        "stands in at least half of the articles of the site",
    )
