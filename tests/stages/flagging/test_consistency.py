from __future__ import annotations

from dataclasses import replace

from pipeline.document import Document, Pair, TermUse, TextRepair, Translation
from pipeline.settings import Check
from pipeline.stages.flagging.consistency import addresses, glossary, inconsistent, leaked, repaired, untranslated


def pair(segment: int, source: str, target: str, provenance: str = "model") -> Pair:
    return Pair(segment, source, target, -0.2, 9, 9, provenance)  # type: ignore[arg-type]


def document(*pairs: Pair) -> Document:
    return Document("d", "d.txt").plus(Translation(pairs, "m"))


def said(flag: object, *pairs: Pair) -> list[tuple[int | None, str]]:
    return [(f.segment, f.message) for f in flag(document(*pairs), Check())]  # type: ignore[operator]


def test_a_name_that_is_spelt_in_two_ways_is_told_with_both() -> None:
    pairs = [
        pair(1, "Ieri a Shanghai si è deciso.", "In Shanghai it was decided yesterday."),
        pair(2, "Il vertice di Shanghai è finito.", "The Shanghai summit is over."),
        pair(3, "Oggi a Shanghai si tace.", "Today in Shangai all are silent."),
    ]
    assert said(inconsistent, *pairs) == [(3, "Shanghai is rendered as Shanghai (2), Shangai (1)")]
    (found,) = inconsistent(document(*pairs), Check())
    assert [pairs[2].target[a:b] for a, b in found.target_spans] == ["Shangai"]
    assert [pairs[2].source[a:b] for a, b in found.source_spans] == ["Shanghai"]


def test_an_adjective_or_possessive_of_a_name_is_no_other_rendering() -> None:
    assert not said(
        inconsistent,
        pair(1, "Oggi la Russia tace.", "Russia is silent today."),
        pair(2, "Le navi della Russia", "The Russian ships"),
        pair(3, "I porti della Russia", "Russia's ports"),
    )


def test_a_word_with_a_capital_at_the_opening_of_a_sentence_is_no_name() -> None:
    assert not said(
        inconsistent,
        pair(1, "Presidente tace.", "President is silent."),
        pair(2, "«Presidente», disse.", '"Presidents," he said.'),
    )


def test_a_glossary_term_with_two_renderings_is_told() -> None:
    def use(rendering: str) -> TermUse:
        return TermUse("glossary", "accordo", "agreement", "satisfied", 2, 9, rendering)

    pairs = [
        replace(pair(i, "L'accordo", f"The {r}"), terms=(use(r),)) for i, r in enumerate(["deal", "deal", "agreement"])
    ]
    assert said(inconsistent, *pairs) == [(2, "accordo is rendered as deal (2), agreement (1)")]


def test_an_acronym_that_is_expanded_in_two_ways_is_told() -> None:
    pairs = [
        pair(1, "x", "The Shanghai Cooperation Organisation (SCO) met."),
        pair(2, "x", "The SCO met."),
        pair(3, "x", "The Shanghai Organisation of Cooperation (SCO) met."),
    ]
    assert said(inconsistent, *pairs) == [
        (
            3,
            "SCO is rendered as Shanghai Cooperation Organisation (1), Shanghai Organisation of Cooperation (1)",
        )
    ]


def test_what_was_put_right_is_told_where_it_stands() -> None:
    number = replace(pair(1, "12", "12 men"), repairs=(TextRepair("number", "1,2", "12", 0, 2),))
    leak = replace(pair(2, "Sì!", "Yes!"), repairs=(TextRepair("leak", " (Translated by Google)", "", 4, 4),))
    (found,) = repaired(document(number, leak), Check())
    assert (found.message, found.target_spans) == ("number '1,2' became '12'", ((0, 2),))
    assert said(leaked, number, leak) == [(2, "the model added '(Translated by Google)', which was cut off")]


def test_a_leak_that_was_left_is_told_with_its_place() -> None:
    (found,) = leaked(document(pair(1, "Sì!", "Yes! (Translated by Google)")), Check())
    assert found.target_spans == ((5, 27),)
    assert not said(leaked, pair(1, "Sì!", "Yes! (Translated by Google)", "approved"))


def test_a_lost_address_is_told() -> None:
    assert said(addresses, pair(1, "Vedi www.esempio.it.", "See www.example.it.")) == [
        (1, "not in the English: www.esempio.it")
    ]
    assert not said(addresses, pair(1, "Vedi www.esempio.it.", "See www.esempio.it."))


def test_a_term_that_is_not_rendered_is_told() -> None:
    terms = (
        TermUse("glossary", "nave", "vessel", "unsatisfied", 0, 4),
        TermUse("keep", "Alfa", "Alfa", "unsatisfied", 5, 9),
        TermUse("glossary", "gas", "gas", "repaired", 10, 13, "gas"),
    )
    assert said(glossary, replace(pair(1, "nave Alfa gas", "ship Alpha gas"), terms=terms)) == [
        (1, "'vessel' is not there"),
        (1, "'Alfa' must stay as it is"),
    ]


def test_a_pass_through_is_told() -> None:
    assert said(untranslated, pair(1, "Piove.", "[untranslated] Piove.", "source"), pair(2, "-", "-", "copied")) == [
        (1, "no decoding gave a translation: this is the Italian")
    ]
