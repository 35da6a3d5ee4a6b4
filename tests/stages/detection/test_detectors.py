"""Each detector of one pair with a failing example and its nearest harmless neighbours; flags on neighbours; the rates shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.document import Document, Pair, Provenance, Translation
from pipeline.settings import Check, Flags
from pipeline.stages.detection.coverage import coverage
from pipeline.stages.detection.detectors import DETECTORS, findings
from pipeline.stages.detection.language import not_english
from pipeline.stages.detection.lexicon import everyday, shipped, skeleton, stem
from pipeline.stages.detection.names import lost_names
from pipeline.stages.detection.repetition import echo, loop, stutter
from pipeline.stages.flagging.flags import FLAGS, false_alarms
from pipeline.stages.numbers.measures import unexplained

ITALIAN = "Il ministro della Difesa ha incontrato gli ambasciatori a Baku, mentre nella capitale proseguivano le proteste degli studenti."
ENGLISH = "The defence minister met the ambassadors in Baku, while student protests continued in the capital."
NEXT = (
    "Secondo la polizia, tre navi da guerra hanno lasciato il porto prima dell’alba.",
    "According to the police, three warships left the port before dawn.",
)


def pair(source: str, target: str, score: float | None = -0.3, provenance: Provenance = "model") -> Pair:
    return Pair(1, source, target, score, 10, 10, provenance)


def found(source: str, target: str, score: float | None = -0.3) -> list[str]:
    return [f.id for f in findings(pair(source, target, score), Check())]


def test_a_good_translation_raises_nothing() -> None:
    assert found(ITALIAN, ENGLISH) == []
    assert found(*NEXT) == []


FAILING = [
    ("missing_clause", ITALIAN, "The defence minister met the ambassadors in Baku."),
    ("missing_clause", ITALIAN, "Student protests continued in the capital."),
    ("extra_text", NEXT[0], NEXT[1][:-1] + ", and the bakers’ union called a strike over flour prices."),
    ("unrelated", ITALIAN, NEXT[1]),
    ("names", ITALIAN, ENGLISH.replace(" in Baku", "")),
    ("names", "A Londra ha parlato anche Vladimir Petrenko.", "In London he spoke too."),
    ("broken_off", ITALIAN, ENGLISH[:-25]),
    ("numbers", "Il canone è cresciuto del 12%.", "The rent has grown by 12."),
    ("numbers", "La multa è di € 3.000,00.", "The fine is 3,000.00."),
    ("numbers", "Costa 2,3 milioni di euro.", "It costs 2.3 million."),
    ("numbers", "In frigo a 4 °C per un giorno.", "In the fridge at 4 for a day."),
    ("numbers", "La temperatura era di -12,4 °C.", "The temperature was of -12.4 kilome."),
    ("numbers", "Risolto il 98% dei casi.", "All 98 cases are solved."),
    ("numbers", "Il prezzo sale a 100 euro.", "The price goes up to 100."),
    ("numbers", "Una multa di 100 euro al mese.", "A fine of 100 a month."),
    ("numbers", "Lo spread cala di 3 punti base.", "The spread falls by three."),
    ("numbers", "Il tasso è del 2,5 per mille.", "The rate is 2.5 per cent."),
    ("numbers", "Il 10% dei casi è grave.", "In Rome 10 cases are serious."),
    ("numbers", "La minima era di meno 5 gradi.", "The low was 5 degrees."),
    ("numbers", "La minima era di 5 gradi sotto zero.", "The low was 5 degrees."),
    ("numbers", "La minima era di 5° sotto zero.", "The low was 5 degrees."),
    ("numbers", "Il titolo chiude in ribasso (-4,8%).", "The share closes lower (+4.8%)."),
    ("wrong_language", ITALIAN, "Il defence minister ha incontrato gli ambassadors a Baku."),
    ("wrong_language", ITALIAN, ITALIAN),
    (
        "repetition",
        NEXT[0],
        "According to the police, according to the police, three warships left the port before dawn.",
    ),
    ("marks", "Ha detto: “Non andrò”.", "He said he would not go."),
    ("marks", "Il piano (del 2019) resta.", "The plan (of 2019 stands."),
    ("sentence_count", NEXT[0], "The police spoke. Three warships left. The port slept. Dawn came."),
    ("copied", "Il ministro parla ancora oggi di The Voice.", "Il ministro parla ancora oggi di The Voice."),
    ("garbled", "Costa 1.500 € al mese.", "It costs 1,500 \ufffd\ufffd a month."),
    ("numbers", "Costa 3,5 milioni.", "It costs 3.2 million."),
]


@pytest.mark.parametrize(("flag", "source", "target"), FAILING)
def test_a_fault_is_found(flag: str, source: str, target: str) -> None:
    assert flag in found(source, target)


TOLD = "I moduli sono su https://www.comune.torino.it/servizi-e-uffici/moduli-per-la-casa/domanda."
TAGGED = "Usa #restiamo_a_casa_tutti e #andra_tutto_bene."
HARMLESS = [
    ("numbers", "Cadranno fino a 25 cm di pioggia.", "Up to 10 inches of rain will fall."),
    ("numbers", "Il 50% dei voti a 2 euro, 20 gradi.", "Half the votes for €2, at 20 degrees."),
    ("numbers", "È il 60° gol, in grado di costare 100 dollari.", "It is goal 60, able to cost $100."),
    ("numbers", "The city will spend 3 million.", "The city will spend 3 million."),
    ("numbers", "The Voice of Italy: 2.500.000 spettatori", "The Voice of Italy: 2,500,000 spectators"),
    ("numbers", "Live at the Apollo: 1.500 biglietti", "Live at the Apollo: 1,500 tickets"),
    ("numbers", "Costa 1,5 miliardi: The New York Times of today", "It costs 1.5 billion: The New York Times of today"),
    ("numbers", "Il 10% dei casi è grave.", "One case in 10 is serious."),
    ("numbers", "Risolto il 100% dei casi.", "All 100 cases are solved."),
    ("numbers", "Temperature fra 10 e 20 gradi.", "Temperatures between 10 and 20."),
    ("numbers", "Temperature intorno ai 90 gradi.", "Temperatures in the 90s."),
    ("numbers", "Temperature fino a 30 gradi a Roma.", "Temperatures of up to 30 in Rome."),
    ("numbers", "La minima era di meno 5 gradi.", "The low was minus 5 degrees."),
    ("numbers", "La minima era di 5 gradi sotto zero.", "The low was 5 degrees below zero."),
    ("numbers", "Salgono di meno di 5 gradi.", "They rise by 5 degrees at most."),
    ("numbers", "Un maiale di 250 kg.", "A 550 pound pig."),
    ("numbers", "Sei quintali di mele e due etti di burro.", "Six hundred kilos of apples and 200 grams of butter."),
    ("numbers", "Erano 1,7 milioni quattro anni fa.", "They were 1.7 million four years ago."),
    ("names", "Lo ha detto a Londra il capo dell’ONU.", "The head of the U.N. said so in London."),
    (
        "names",
        "La chiesa fu costruita tra il XVI e il XVII secolo.",
        "The church was built between the 16th and 17th centuries.",
    ),
    ("names", "La chiesa fu costruita nel XVI secolo.", "The church was built in the sixteenth century."),
    ("names", "Stoccarda e Parigi tacciono.", "Stuttgart and Paris are silent."),
    ("names", "Il quartier generale è a Naqura.", "The headquarters is in Naqoura."),
    ("names", "Duecentodieci milioni: è la somma promessa.", "Two hundred and ten million: that is the sum promised."),
    ("broken_off", "Cresce la tensione nel porto di Baku", "Tension rises in the port of Baku"),
    ("garbled", "Costa 1.500 \ufffd al mese.", "It costs 1,500 \ufffd a month."),
    ("copied", "The minister will speak again on Tuesday.", "The minister will speak again on Tuesday."),
    ("copied", "«No, no e poi no».", '"No, no and no again."'),
    ("copied", "«No, no, no, no, no».", '"No, no, no, no, no."'),
    ("marks", "È l’“errore” di cui parla.", "It is the 'error' he speaks of."),
    ("copied", "Scrivi a info@comune.torino.it", "Write to info@comune.torino.it"),
    ("copied", TOLD, "The forms are at https://www.comune.torino.it/servizi-e-uffici/moduli-per-la-casa/domanda."),
    ("copied", TAGGED, "Use #restiamo_a_casa_tutti and #andra_tutto_bene."),
    ("wrong_language", "Scrivi a info@comune.torino.it", "Write to info@comune.torino.it"),
    (
        "wrong_language",
        TOLD,
        "The forms are at https://www.comune.torino.it/servizi-e-uffici/moduli-per-la-casa/domanda.",
    ),
    ("wrong_language", TAGGED, "Use #restiamo_a_casa_tutti and #andra_tutto_bene."),
    ("wrong_language", "La dolce vita.", "La dolce vita is back, they say."),
    (
        "repetition",
        "Sempre più in alto, sempre più in alto, grida.",
        "Ever higher and higher, ever higher and higher, he cries.",
    ),
]


@pytest.mark.parametrize(("flag", "source", "target"), HARMLESS)
def test_what_only_looks_like_a_fault_is_left_alone(flag: str, source: str, target: str) -> None:
    assert flag not in found(source, target)


def test_evidence_is_the_clause_that_is_missing() -> None:
    (missing,) = [f for f in findings(pair(ITALIAN, FAILING[0][2]), Check()) if f.id == "missing_clause"]
    ((start, end),) = missing.source_spans
    assert "proteste" in ITALIAN[start:end]
    assert "Baku" not in ITALIAN[start:end]


def test_thresholds_come_from_the_config() -> None:
    source, target = FAILING[0][1:]
    calm = Check(unrelated=99.0, min_length_ratio=0.01)
    assert {"unrelated", "length_ratio"}.isdisjoint(f.id for f in findings(pair(source, target), calm))


@pytest.mark.parametrize("provenance", ["copied", "approved", "source"])
def test_what_no_model_made_is_not_examined(provenance: Provenance) -> None:
    assert findings(pair(ITALIAN, ITALIAN, None, provenance), Check()) == []


def flags(*pairs: Pair) -> list[tuple[str, int | None]]:
    document = Document("d", "d").plus(Translation(tuple(replace(p, segment=i) for i, p in enumerate(pairs, 1)), "m"))
    return [(n, f.segment) for n in ("swapped", "low_score") for f in FLAGS[n].find(document, Check())]


def test_two_translations_in_each_others_place_are_told() -> None:
    assert flags(pair(ITALIAN, NEXT[1]), pair(NEXT[0], ENGLISH)) == [("swapped", 1), ("swapped", 2)]
    assert flags(pair(ITALIAN, ENGLISH), pair(*NEXT)) == []


def test_a_score_is_low_by_itself_or_beside_the_rest_of_the_document() -> None:
    usual = [pair(*NEXT, score=-0.3 - i / 100) for i in range(8)]
    assert flags(*usual) == []
    assert flags(*usual, pair(*NEXT, score=-0.62)) == [("low_score", 9)]
    assert flags(*usual, pair(*NEXT, score=-0.58)) == []
    assert flags(pair(*NEXT, score=-3.5)) == [("low_score", 1)]


def test_a_score_is_not_low_where_the_scores_of_the_document_lie_far_apart() -> None:
    apart = [pair(*NEXT, score=-0.2 - i / 10) for i in range(8)]
    assert flags(*apart, pair(*NEXT, score=-1.0)) == []
    assert flags(*apart, pair(*NEXT, score=-1.2)) == [("low_score", 9)]


def test_every_detector_has_a_level_and_every_rate_a_flag() -> None:
    assert set(DETECTORS) <= set(Flags().model_dump())
    assert set(Flags().model_dump()) == set(FLAGS)
    assert set(false_alarms()) <= set(FLAGS)
    assert {"missing_clause", "extra_text", "numbers", "names"} <= set(false_alarms())


def test_stems_and_skeletons_bring_forms_together() -> None:
    assert stem("proteste", "it") == stem("protesta", "it")
    assert stem("studies", "en") == stem("study", "en")
    assert stem("went", "en") == stem("going", "en")
    assert skeleton("filosofia")[:4] == skeleton("philosophy")[:4]
    assert stem("germany", "en") in everyday()[stem("Germania", "it")]
    assert len(shipped().english) > 5000


@given(st.lists(st.sampled_from("abc7"), max_size=14))
@hypothesis_settings(max_examples=500, deadline=None)
def test_a_loop_or_an_echo_is_found_wherever_words_come_at_once_again(words: list[str]) -> None:
    def again(size: int, times: int) -> bool:
        return any(
            words[i : i + size] * times == words[i : i + size * times]
            and (times == 2 or set(words[i : i + size]) != {"7"})
            for i in range(len(words) - size * times + 1)
        )

    text = " ".join(words)
    assert (loop(text) is not None) == any(again(size, 4 if size == 1 else 3) for size in range(1, 7))
    assert (echo(text) is not None) == any(again(size, 2) for size in range(3, 8))


def test_half_a_text_repeated_at_once_is_an_echo() -> None:
    assert echo("in the end of the war of the war of the war it ended") is not None
    assert echo("the end of the war is the end") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The minister spoke of the war and of peace.", ""),
        ("Il ministro ha parlato della guerra e della pace.", "Italian"),
        ("Der Minister hat gestern lange mit den Botschaftern gesprochen und ging dann fort.", "another language"),
        ("Xi Jinping", ""),
        ("", ""),
    ],
)
def test_function_words_tell_the_language(text: str, language: str) -> None:
    assert not_english(text) == language


def test_a_conversion_takes_only_what_it_explains() -> None:
    source, target = "Tra 5 cm e 40 persone.", "Between 2 inches and 70 people."
    lost, left = unexplained(source, target, "it")
    assert [source[n.start : n.end] for n in lost] == ["40"]
    assert [target[n.start : n.end] for n in left] == ["70"]


@given(st.text(max_size=120), st.text(max_size=120))
@hypothesis_settings(max_examples=60, deadline=None)
def test_any_pair_of_texts_is_examined_without_error_and_with_evidence_inside(source: str, target: str) -> None:
    for finding in findings(pair(source, target), Check()):
        assert all(0 <= s < e <= len(source) for s, e in finding.source_spans)
        assert all(0 <= s <= e <= len(target) for s, e in finding.target_spans)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Erano duecentomila persone in piazza.", "There were two hundred thousand people in the square."),
        ("Hanno perso 40mila posti di lavoro.", "They lost 40 thousand jobs."),
    ],
)
def test_the_words_of_a_number_that_both_sides_have_support_each_other(source: str, target: str) -> None:
    seen = coverage(source, target)
    assert not seen.source.lost
    assert not seen.target.lost


def test_the_words_of_a_number_that_only_one_side_has_do_not() -> None:
    seen = coverage("Erano in piazza.", "There were two hundred thousand people in the square.")
    assert "hundred" in {"There were two hundred thousand people in the square."[a:b] for a, b in seen.target.lost}


def test_a_name_is_not_doubted_for_the_word_that_it_looks_like() -> None:
    """'nato' is born, and 'romano' goes without support often; the alliance and the country hardly ever do."""
    for source, target in [
        ("Il segretario della NATO ha incontrato i ministri.", "The secretary general met the ministers."),
        ("La frontiera con la Romania resta chiusa.", "The border remains closed."),
    ]:
        evidence, place = lost_names(source, target)
        assert evidence > Check().lost_name
        assert source[slice(*place)] in ("NATO", "Romania")


def test_a_word_that_opens_an_item_is_no_name_for_a_name_of_its_stem() -> None:
    assert lost_names("1) Portare un documento valido.", "1) Take something valid.") == (0.0, (0, 0))  # Port-au-Prince


def test_a_coverage_counts_words_of_both_sides() -> None:
    seen = coverage(*NEXT)
    assert sum(seen.source.supported) >= len(seen.source.words) - 1
    assert seen.score("unrelated") < Check().unrelated


@pytest.mark.parametrize("word", ["Congresssss", "banananana", "Hooooo", "prodprodprodprods"])
def test_a_word_that_stutters_is_a_repetition(word: str) -> None:
    source = "Il Congresso ha votato ieri la nuova legge."
    (found,) = [
        f for f in findings(pair(source, f"The {word} passed the new law yesterday."), Check()) if f.id == "repetition"
    ]
    ((start, end),) = found.target_spans
    assert f"The {word} passed the new law yesterday."[start:end] == word
    assert "repetition" not in [f.id for f in findings(pair(f"Il {word} tace.", f"The {word} is silent."), Check())]


@pytest.mark.parametrize(
    "word", ["Mississippi", "bananas", "www.example.org", "2000000", "assessed", "tsk-tsk-tsk-tsk", "XXXV"]
)
def test_an_ordinary_word_does_not_stutter(word: str) -> None:
    assert stutter(word) is None


@pytest.mark.parametrize("mark", ["• ", "🎉 ", "❤️ ", "1) ", "a) ", "* "])
def test_the_first_word_behind_a_list_mark_is_no_name(mark: str) -> None:
    source = mark + "Abbonamento annuale in vendita dal mese di marzo allo sportello."
    assert lost_names(source, "Yearly ticket on sale from March at the desk.") == (0.0, (0, 0))
