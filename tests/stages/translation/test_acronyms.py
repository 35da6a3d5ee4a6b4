"""Acronyms garbled by a letter are put right; those that English writes otherwise stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.translation.acronyms import garbled_acronyms, same_in_english
from pipeline.stages.translation.repair import repair


def mended(source: str, target: str, fixed: frozenset[str] = frozenset()) -> str:
    return repair(source, target, fixed).target


@pytest.mark.parametrize(
    ("acronym", "garbled"),
    [
        ("FBI", "IBI"),
        ("FBI", "FDI"),
        ("UEFA", "EUFA"),
        ("NHS", "UNHS"),
        ("KTUU", "KTUUU"),
        ("CNN", "CNNN"),
        ("USA", "USs"),
        ("WZQP", "WZZQP"),
    ],
)
def test_a_letter_too_many_or_another_one_is_put_right(acronym: str, garbled: str) -> None:
    made = repair(f"Ieri si è parlato della {acronym} a lungo.", f"Yesterday the {garbled} was talked about at length.")
    assert made.target == f"Yesterday the {acronym} was talked about at length."
    assert [(r.kind, r.before, r.after) for r in made.repairs] == [("name", garbled, acronym)]


def test_an_article_that_was_run_into_an_acronym_stands_apart_again() -> None:
    assert mended("L'NTS cura palazzi.", "TheNTS cares for palaces.") == "The NTS cares for palaces."
    assert mended("Un giocatore dell'LSU.", "A player of theLSU.") == "A player of the LSU."


def test_every_place_of_an_acronym_is_put_right_with_its_possessive() -> None:
    assert mended("L'FBI e i capi dell'FBI.", "The IBI and the IBI's heads.") == "The FBI and the FBI's heads."


@pytest.mark.parametrize(
    ("italian", "english"),
    [
        # the English for it
        ("UE", "EU"),
        ("ONU", "UN"),
        ("ONU", "UNO"),
        ("OMS", "WHO"),
        ("USA", "US"),
        ("USA", "UK"),
        ("PIL", "GDP"),
        ("AIDS", "HIV"),
        ("AIEA", "IAEA"),
        ("FMI", "IMF"),
        ("BCE", "ECB"),
        ("ONG", "NGO"),
        ("ONG", "NGOs"),
        ("URSS", "USSR"),
        ("OLP", "PLO"),
        ("DDR", "GDR"),
        ("RDC", "DRC"),
        ("TAS", "CAS"),
        ("ISIS", "ISIL"),
        ("OMM", "WMO"),
        ("GNL", "LNG"),
        ("OCSE", "OECD"),
        ("BPCO", "COPD"),
        ("AESA", "EASA"),
        ("OCI", "OIC"),
        ("IVA", "VAT"),
        # another one, a plural, a number, a word
        ("USA", "USS"),
        ("NBA", "NBC"),
        ("CIA", "CNN"),
        ("HTTP", "HTTPS"),
        ("SUV", "SUVs"),
        ("LXX", "LXXX"),
        ("XVI", "XIV"),
        ("MAI", "MAIN"),
        ("NON", "NONE"),
        ("CHE", "CHEF"),
        ("FBI", "Ibi"),
        ("FBI", "IBIS"),
        ("FBI", "O'IBI"),
    ],
)
def test_what_english_calls_otherwise_stays(italian: str, english: str) -> None:
    source, target = f"Ieri si è parlato di {italian} a lungo.", f"Yesterday {english} was talked about at length."
    assert not garbled_acronyms(source, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Parla l'FBI oggi.", "The IBI and the FDI speak today."),  # two spellings
        ("Parla l'FBI oggi.", "The FBI speaks to the IBI today."),  # it is there
        ("L'IBI e l'FBI parlano.", "The IBI speaks."),  # the word is of the source
        ("La KTUU e la KTUV parlano.", "The KTUUV speaks."),  # two that it may be
        ("L'FBI INDAGA SU TUTTI", "The IBI investigates all"),
        ("Un sito: www.FBI.esempio.it di oggi.", "A site: www.IBI.esempio.it of today."),
        ("Le NERE sono là.", "The NEREE are there."),  # a word, in capitals to be heard
    ],
)
def test_what_may_be_meant_otherwise_stays(source: str, target: str) -> None:
    assert not garbled_acronyms(source, target)


def test_a_glossarys_rendering_is_not_garbled() -> None:
    assert mended("Parla l'FBI.", "The IBI speaks.", frozenset({"ibi"})) == "The IBI speaks."


ACRONYMS = st.sampled_from(sorted(same_in_english())) | st.text("ABNOSU", min_size=3, max_size=5)


@given(st.lists(ACRONYMS, max_size=5), st.lists(ACRONYMS, max_size=5))
def test_a_target_that_has_all_acronyms_is_never_touched(acronyms: list[str], others: list[str]) -> None:
    source = " ".join(["ieri è", *acronyms])
    assert not garbled_acronyms(source, " ".join(["the", *acronyms, *others]))


@given(st.lists(ACRONYMS, max_size=3), st.lists(ACRONYMS, max_size=5))
def test_what_was_put_right_stays(acronyms: list[str], others: list[str]) -> None:
    source, target = " ".join(["ieri la era di", *acronyms]), " ".join(["the", *others])
    once = mended(source, target)
    assert mended(source, once) == once
