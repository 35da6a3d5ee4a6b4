from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stages.translation.casing import Casing, begun, restore, style

BODY = [
    "Nel 2018 il governo della Cina ha firmato un accordo con il Kazakhstan.",
    "Secondo la NATO, la riforma approva una nuova legge; il Banco di Sardegna tace.",
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CINA, SVILUPPO E LIMITI", "shouted"),
        ("PIÙ TASSE PER TUTTI", "shouted"),
        ("ONU", "plain"),
        ("C.E.S.I.", "plain"),
        ("La NATO e l'ONU", "plain"),
        ("2 A 1", "plain"),
        ("Il Governo Approva la Nuova Legge", "titled"),
        ("Il governo approva la nuova legge", "plain"),
    ],
)
def test_titles_are_noticed_and_acronyms_are_none(text: str, kind: str) -> None:
    assert style(text) == kind


def test_a_shouted_title_gets_the_capitals_of_its_document() -> None:
    title = "CINA, SVILUPPO E LIMITI DELLA COOPERAZIONE DIFENSIVA CON IL KAZAKHSTAN"
    assert (
        Casing(BODY).sentence(title, "shouted")
        == "Cina, sviluppo e limiti della cooperazione difensiva con il Kazakhstan"
    )


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("L'ACCORDO DELL'ONU SUL G20", "L'accordo dell'ONU sul G20"),
        ("IL C.E.S.I. E LA NATO A ROMA", "Il C.E.S.I. e la NATO a Roma"),
        ("BASTA TASSE! DICE IL BANCO DI SARDEGNA", "Basta tasse! Dice il Banco di Sardegna"),
        ("IL CDP E IL PNRR ALLE REGIONI", "Il CDP e il PNRR alle regioni"),
    ],
)
def test_acronyms_and_known_names_keep_their_capitals(title: str, sentence: str) -> None:
    assert Casing(BODY).sentence(title, "shouted") == sentence


def test_a_title_case_title_is_lowered_where_its_document_lowers_its_words() -> None:
    title = "Il Governo Approva la Nuova Legge della Cina"
    assert Casing(BODY).sentence(title, "titled") == "Il governo approva la nuova legge della Cina"


def test_a_row_of_names_is_no_title() -> None:
    names = "Anna Rossetti, Marco Bianchini, Giulia Verdone"
    assert Casing(BODY).sentence(names, style(names)) == names


@pytest.mark.parametrize(
    ("english", "kind", "restored"),
    [
        ("China and Kazakhstan's limits", "shouted", "CHINA AND KAZAKHSTAN'S LIMITS"),
        ("The government approves the new law of China's", "titled", "The Government Approves the New Law of China's"),
        ("the law", "plain", "the law"),
    ],
)
def test_the_english_gets_the_style_back(english: str, kind: str, restored: str) -> None:
    assert restore(english, kind) == restored  # type: ignore[arg-type]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from(["CINA", "L'ONU", "È", "2018", "legge,", "Perché", "«NO»", "XIX"]), min_size=1).map(
        " ".join
    )
)
def test_casing_changes_nothing_but_case(text: str) -> None:
    for kind in ("shouted", "titled"):
        assert Casing(BODY).sentence(text, kind).lower() == text.lower()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "target", "told"),
    [
        ("Acciaio, l'Europa risponde", "steel: Europe replies", "Steel: Europe replies"),
        ("«Piove», disse.", '"it rains," he said.', '"It rains," he said.'),
        ("È tardi.", "it is late.", "It is late."),
        ("piove", "it rains", "it rains"),
        ("Il telefono", "iPhone sales", "iPhone sales"),
        ("Scrive @anna.", "@anna writes.", "@anna writes."),
        ("Secondo it2en.org piove.", "it2en.org says it rains.", "it2en.org says it rains."),
        ("12 navi", "twelve ships", "twelve ships"),
        ("Sì", "", ""),
    ],
)
def test_the_english_begins_with_a_capital_where_the_italian_does(source: str, target: str, told: str) -> None:
    assert begun(source, target) == told
