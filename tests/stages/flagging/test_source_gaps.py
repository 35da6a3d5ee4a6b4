"""Where the Italian lacks words, and where it only looks like it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.stages.flagging.source_gaps import gaps

LACKING = {
    "Hanno ribadito l’amicizia che lega e Kazakhstan, nonché l’impegno comune.": "che lega e Kazakhstan",
    "È un’alleanza di cui e Kazakhstan sono entrambi membri.": "cui e Kazakhstan",
    "La valle è importante per la sotto il profilo economico.": "la sotto",
    "Sviluppano la dimensione della propria attraverso iniziative comuni.": "della propria attraverso",
    "Lo scoppio della guerra in ha indotto i due governi a parlarsi.": "in ha",
    "Il presidente della è arrivato in ritardo.": "della è",
    "Il confine tra e la Svizzera è chiuso.": "tra e",
    "Il vertice si terrà tra il e il, secondo fonti diplomatiche.": "tra il e",
    "La nave è ferma nel porto di, dove era entrata martedì.": "di,",
    "L’accordo fu firmato dal di della.": "di della",
    "Ha parlato a lungo della.": "della.",
    "Il numero dei occidentali è cresciuto.": "dei occidentali",
    "La corte dell’il doge apre la sfilata.": "dell’il",
    "Un incontro con il avrebbe chiarito tutto.": "il avrebbe",
    "Le armi, a cominciare dai che girano nelle strade.": "dai che",
}
WHOLE = [
    "Il rapporto che lega Cina e Kazakhstan è antico.",
    "Il film di cui e per cui tutti hanno pianto.",
    "Passava da e verso la costa, con e senza bagagli.",
    "Il sì e il no si equivalgono, al di là di tutto.",
    "Il che è strano, e il perché non si sa.",
    "Ci ha messo del proprio per riuscire, un vero e proprio azzardo.",
    "La ha vista e gli ha detto di sì.",
    "Ha votato, con, tra gli altri, il sindaco di Bari.",
    "La famiglia alla cui tavola sedeva era numerosa.",
    "Gli dei dell’Olimpo e i nei sul viso.",
    "Lo stato d’animo, l’ieri e l’oggi, gli sci e lo gnomo.",
    "La moschea di al-Aqsa e Kim Jong-un in visita.",
    "Studi di Rossi et al. sul clima.",
    "Dai! Il porto sta cambiando.",
    "L’uomo all’interno dell’auto è quello della foto.",
    "IL PRESIDENTE DELLA È IN CITTÀ",
]


@pytest.mark.parametrize(("text", "spot"), LACKING.items(), ids=LACKING.values())
def test_a_place_where_words_are_missing_is_found(text: str, spot: str) -> None:
    assert spot in [text[g.start : g.end] for g in gaps(text)]


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_sentence_raises_no_alarm(text: str) -> None:
    assert gaps(text) == []


@given(st.text(st.sampled_from("ilade'’ ,.cuhnopè-1A"), max_size=60))
@hypothesis_settings(max_examples=200, deadline=None)
def test_gaps_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    found = gaps(text)
    assert all(0 <= g.start < g.end <= len(text) for g in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
