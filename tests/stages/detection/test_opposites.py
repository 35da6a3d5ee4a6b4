"""Words that became their opposite, or another of their set, are told; what the other side accounts for is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.document import Pair
from pipeline.settings import Check
from pipeline.stages.detection.detectors import findings
from pipeline.stages.detection.listed import Listed
from pipeline.stages.detection.opposites import opposite

TURNED = [
    ("Le vendite sono in calo del 3%.", "The figures are rising by 3%.", "calo"),
    ("La disoccupazione è scesa ad agosto.", "Unemployment rose in August.", "scesa"),
    ("L’inflazione è aumentata.", "Inflation decreased.", "aumentata"),
    ("Il vertice si terrà dopo le elezioni.", "The summit will be held before the elections.", "dopo"),
    ("Ha parlato prima del voto.", "He spoke after the vote.", "prima"),
    ("La squadra ha vinto la finale.", "The team lost the final.", "vinto"),
    ("Il porto è chiuso.", "The port is opened.", "chiuso"),
    ("Il tribunale ha respinto il ricorso.", "The court accepted the appeal.", "respinto"),
    ("L’imputato è stato assolto.", "The defendant was convicted.", "assolto"),
    ("Vento forte nelle regioni settentrionali.", "Strong wind in the southern regions.", "settentrionali"),
    ("L’azienda ha venduto tre navi.", "The company bought three ships.", "venduto"),
    ("I due Paesi importano grano.", "Both countries export grain.", "importano"),
    ("I due Paesi sono alleati.", "The two countries are enemies.", "alleati"),
    ("La figlia lo ha detto ai giornali.", "His son told the newspapers.", "figlia"),
    ("Il nonno era contadino.", "Her grandmother was a farmer.", "nonno"),
    ("Si vota martedì.", "The vote is on Thursday.", "martedì"),
    ("L’accordo è in vigore da ieri.", "The agreement comes into force tomorrow.", "ieri"),
    ("Il provvedimento vieta la pesca.", "The measure allows fishing.", "vieta"),
]
RIGHT = [
    ("Le vendite sono in calo del 3%.", "Sales are down 3%."),
    ("La disoccupazione è scesa, i prezzi sono saliti.", "Unemployment fell, prices rose."),
    ("Il porto non è aperto.", "The port is closed."),
    ("L’imputato è innocente.", "The defendant is not guilty."),
    ("Per la prima volta dopo vent’anni.", "For the first time in twenty years."),
    ("Ha parlato dopo il voto.", "He spoke once the vote was over."),
    ("Un ragazzo di 15 anni.", "A 15-year-old boy."),
    ("Il giorno prima della partita.", "The day before the match."),
    ("Ha perso il padre nella guerra.", "She lost her father in the war."),
    ("Vince chi segna di più.", "Whoever scores most wins."),
    ("Aumentano i tagli al personale.", "Staff cuts are rising."),
    ("Il Milan ha battuto la Roma.", "Roma lost to Milan."),
    ("Calano i contagi, crescono i ricoveri.", "Infections fall and admissions grow."),
    ("Si vota da lunedì a martedì.", "Voting runs from Monday to Tuesday."),
    ("Chiude l’ultima libreria.", "The last bookshop is closing."),
    ("Chiuse da un giorno all’altro.", "It closed overnight."),
    ("Se avesse vinto il drago.", "If he defeated the dragon."),
    ("In onore dei vinti.", "In honour of the losers."),
    ("Le barche meno veloci.", "The slower boats."),
    ("La vittoria della squadra ospite.", "A defeat for the home team, and a win for the visitors."),
]


@pytest.mark.parametrize(("source", "target", "word"), TURNED)
def test_a_word_that_became_its_opposite_is_told(source: str, target: str, word: str) -> None:
    turned = opposite(source, target)
    assert turned is not None
    assert source[slice(*turned.source)].lower() == word


@pytest.mark.parametrize(("source", "target"), RIGHT)
def test_what_the_other_side_accounts_for_is_left_alone(source: str, target: str) -> None:
    assert opposite(source, target) is None


def test_evidence_is_the_word_and_what_it_became() -> None:
    pair = Pair(1, "Si vota martedì.", "The vote is on Thursday.", -0.3, 10, 10, "model")
    (found,) = [f for f in findings(pair, Check()) if f.id == "opposite"]
    assert found.message == "martedì became Thursday"
    assert (found.source_spans, found.target_spans) == (((8, 15),), ((15, 23),))


def test_a_list_names_words_with_stars_for_endings_and_beginnings() -> None:
    listed = Listed([("un*", 1), ("*less", 2), ("free", 3)])
    assert listed["unpaid"] == {1}
    assert listed["useless"] == {2}
    assert listed["free"] == {3}
    assert listed["freedom"] == frozenset()


WORDS = st.lists(
    st.sampled_from(
        ["calo", "salita", "prima", "dopo", "martedì", "the", "rise", "fall", "before", "after", "Tuesday"]
    ),
    max_size=9,
)


@given(WORDS)
@hypothesis_settings(max_examples=200, deadline=None)
def test_a_text_is_not_the_opposite_of_itself(words: list[str]) -> None:
    text = " ".join(words)
    turned = opposite(text, text)
    assert turned is None or text[slice(*turned.source)] != text[slice(*turned.target)]
