"""Each flag with a failing example of the kind that models produce, and with harmless ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from pipeline.document import (
    Artifact,
    CleanText,
    Document,
    Flag,
    Kept,
    Metadata,
    Pair,
    Provenance,
    Removed,
    Segment,
    Segments,
    Summary,
    SummarySentence,
    Translation,
)
from pipeline.settings import Check, Flags, Run
from pipeline.stages.check import CheckStage
from pipeline.stages.detection import coverage
from pipeline.stages.flagging.flags import FLAGS, list_flags


def pair(source: str, target: str, provenance: Provenance = "model", truncated: bool = False) -> Pair:
    return Pair(1, source, target, -0.2, 10, 10, provenance, truncated)


def flags(*made: Artifact, config: Check | None = None) -> list[Flag]:
    document = Document("a", "a.txt")
    for artifact in made:
        document = document.plus(artifact)
    reads = tuple(type(artifact) for artifact in made)
    ((_, checks),) = CheckStage(config or Check(), Run(), reads).make([document])
    return list(checks.flags)


def flags_of(*pairs: Pair) -> list[Flag]:
    return flags(Translation(tuple(replace(p, segment=i) for i, p in enumerate(pairs, 1)), "m"))


def ids(found: list[Flag]) -> list[str]:
    return [f.id for f in found]


FAILING = [
    ("empty", pair("Il governo tace.", "")),
    ("empty", pair("Il governo tace.", " \n")),
    (
        "copied",
        pair("La visita si pone a complemento dell’incontro.", "La visita si pone a complemento dell’incontro."),
    ),
    (
        "copied",
        pair(
            "La visita si pone a complemento del vertice di giugno.",
            "La visita si pone a complemento del vertice of June.",
        ),
    ),
    ("copied", pair("SVILUPPO E LIMITI DELLA COOPERAZIONE", "SVILUPPO E LIMITI DELLA COOPERAZIONE")),
    (
        "repetition",
        pair(
            "Ogni volta che ci si prova è più difficile.", "Every time it is more and more and more and more difficult."
        ),
    ),
    ("repetition", pair("No, grazie.", "No, no, no, no, no.")),
    (
        "repetition",
        pair(
            "Il ministro ha incontrato gli ambasciatori e poi ha lasciato la città senza parlare.",
            "The minister met the ambassadors and the minister met the ambassadors and left the city, the minister met.",
        ),
    ),
    (
        "length_ratio",
        pair(
            "Il presidente ha lasciato la capitale nella notte, dopo un lungo colloquio con i capi militari.",
            "He left.",
        ),
    ),
    (
        "length_ratio",
        pair(
            "Il ministro tace da giorni.",
            "The minister, who had been asked about the matter by several reporters at the door, has for days been silent.",
        ),
    ),
    ("numbers", pair("La città ha 2.200.112 abitanti.", "The city has 2,200,12 inhabitants.")),
    ("numbers", pair("Si vota il 29 settembre.", "The vote is on 29 October.")),
    ("hit_limit", pair("Il governo tace.", "The government is", truncated=True)),
]
HARMLESS = [
    pair("Il governo tace.", "The government is silent."),
    pair("Sì.", "Yes, indeed."),
    pair("Xi Jinping e Vladimir Putin a Pechino", "Xi Jinping and Vladimir Putin in Beijing"),
    pair("No, no e poi no.", "No, no and no again."),
    pair("La squadra vince, vince, vince e vince ancora.", "The team wins, wins, wins and wins again."),
    pair("Shanghai Cooperation Organization (SCO)", "Shanghai Cooperation Organization (SCO)"),
    pair("Costa 3,5 milioni.", "Costa 3,5 milioni.", "copied"),
    pair("La frase corretta dal revisore.", "La frase corretta dal revisore.", "approved"),
    pair("", ""),
    pair("Il 7 giugno 2018, alle 20:29, 1.200 persone.", "On June 7, 2018, at 8:29 pm, 1,200 people."),
]


@pytest.mark.parametrize(("flag", "example"), FAILING)
def test_a_real_failure_raises_its_flag_before_any_other(flag: str, example: Pair) -> None:
    assert ids(flags_of(example))[:1] == [flag]


@pytest.mark.parametrize("example", HARMLESS)
def test_a_harmless_pair_raises_nothing(example: Pair) -> None:
    assert flags_of(example) == []


def test_evidence_is_where_the_fault_is() -> None:
    source, target = "La città ha 2.200.112 abitanti.", "The city has 2,200,12 inhabitants."
    (found,) = flags_of(pair(source, target))
    assert [source[s:e] for s, e in found.source_spans] == ["2.200.112"]
    assert [target[s:e] for s, e in found.target_spans] == ["2,200,12"]
    assert found.message == "missing 2.200.112, not in the source 2,200,12"
    target = "Every time it is more and more and more and more difficult."
    (found,) = flags_of(pair("Ogni volta che ci si prova è più difficile.", target))
    assert [target[s:e] for s, e in found.target_spans] == ["more and more and more and"]


def clean(kept: str, removed: str, kind: str = "cookie") -> CleanText:
    spans = (Removed(len(kept), len(kept) + len(removed), "rule", kind, removed),)
    return CleanText(kept, (Kept(0, len(kept), "paragraph", ""),), spans, Metadata())


BANNER = "Utilizziamo i cookie per offrirti la migliore esperienza, e puoi rifiutarli quando vuoi cliccando qui."
REPORT = "Il sindaco ha annunciato che il ponte riaprirà lunedì mattina dopo due anni di lavori."


def test_a_page_that_may_have_lost_sentences_of_its_article_is_flagged_as_a_whole() -> None:
    (found,) = flags(clean("Testo breve.", REPORT))
    assert (found.id, found.segment, found.severity) == ("over_removed", None, "warning")
    assert "Il sindaco ha annunciato" in found.message
    assert flags(clean("Testo breve.", "\n" * 500, "space")) == []
    assert flags(clean("Testo breve.", "Home\nCronaca\nSport\n" * 200, "nav")) == []
    assert flags(clean("Testo breve.", REPORT, "comment")) == []


def test_a_page_of_which_most_of_the_running_text_was_removed_is_flagged() -> None:
    (found,) = flags(clean(REPORT, BANNER * 3))
    assert "running text" in found.message
    assert flags(clean(" ".join([REPORT] * 5), BANNER)) == []


def summary(text: str, read: int = 10) -> Summary:
    return Summary(
        (SummarySentence("It was calm.", (1,)), SummarySentence(text, (1,))), "abstractive", "m", 1, read, 10
    )


def test_a_summary_that_did_not_read_all_is_flagged() -> None:
    assert ids(flags(summary("Fine.", read=9))) == ["low_coverage"]
    assert flags(summary("Fine.")) == []


def test_a_number_that_only_the_summary_has_is_flagged_in_its_sentence() -> None:
    translation = Translation((pair("Sono morte 12 persone.", "12 people died."),), "m")
    (found,) = flags(translation, summary("Some 20 people died."))
    assert (found.id, found.segment, found.sentence, found.target_spans) == ("summary_numbers", None, 1, ((5, 7),))
    assert flags(translation, summary("Twelve, or 12, people died.")) == []


def test_levels_are_the_settings_and_off_is_off() -> None:
    translation = Translation((pair("Il governo tace.", ""),), "m")
    loud = Check(flags=Flags(empty="info"))
    assert [f.severity for f in flags(translation, config=loud)] == ["info"]
    assert flags(translation, config=Check(flags=Flags(empty="off"))) == []


def test_what_no_stage_made_is_not_checked() -> None:
    stage = CheckStage(Check(), Run(), (CleanText,))
    assert stage.reads == (CleanText,)
    assert CheckStage(Check(), Run()).reads != (CleanText,)
    assert stage.key({CleanText: "x"})
    ((_, checks),) = stage.make([Document("a", "a", clean=clean("Tutto bene.", ""))])
    assert checks.flags == ()


def test_flags_come_in_document_order() -> None:
    found = flags(
        clean("Breve.", REPORT),
        Translation((pair("Tace.", ""), replace(pair("Costa 3 euro.", ""), segment=2)), "m"),
        summary("It costs 5."),
    )
    assert [(f.id, f.segment) for f in found] == [
        ("over_removed", None),
        ("empty", 1),
        ("empty", 2),
        ("summary_numbers", None),
    ]


def test_every_flag_has_a_level_and_a_meaning() -> None:
    assert set(FLAGS) == set(Flags.model_fields)
    assert all(meaning and name in FLAGS for name, meaning in list_flags())
    assert len(list_flags()) == len(FLAGS)


def test_words_missing_from_the_italian_are_shown_where_they_are_missing() -> None:
    text = "Lo scoppio della guerra in ha indotto i due Paesi a coordinarsi."
    (found,) = flags(Segments((Segment(1, 0, 0, len(text), "paragraph", text, ""),)))
    assert (found.id, found.severity, found.segment) == ("source_gap", "warning", 1)
    assert [text[i:j] for i, j in found.source_spans] == ["in ha"]
    assert "'in ha'" in found.message


def test_a_document_of_any_length_asks_for_each_pair_once_and_once_for_each_flag_on_neighbours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: Counter[str] = Counter()
    plain = coverage.units

    def counting(text: str, language: str) -> tuple[coverage.Unit, ...]:
        asked[text] += 1
        return plain(text, language)

    monkeypatch.setattr(coverage, "units", counting)
    count = 2 * coverage._coverage.cache_info().maxsize
    flags_of(
        *(pair(f"Il sindaco di Lecce firma l'atto {i}.", f"The mayor of Lecce signs act {i}.") for i in range(count))
    )
    assert len(asked) == 2 * count
    assert max(asked.values()) == 4  # the pair's own flags together; swapped, missing_clause, extra_text


GERMAN = "Das ist ein schwarzer Tag für unsere Stadt."
LEFT = ("untranslated", "not_italian")


def test_a_sentence_in_another_language_is_told_once() -> None:
    texts = ("Il sindaco di Lecce firma l'atto.", "Das ist ein schwarzer Tag für unsere Stadt.")
    pairs = tuple(replace(pair(t, f"[untranslated] {t}"), segment=i, provenance="source") for i, t in enumerate(texts))
    found = flags(
        Segments(tuple(Segment(i, 0, 0, len(t), "paragraph", t, "") for i, t in enumerate(texts))),
        Translation(pairs, "m"),
    )
    assert [(f.id, f.segment) for f in found] == [("untranslated", 0), ("not_italian", 1)]
    assert "German" in found[1].message


@pytest.mark.parametrize("provenance", ["source", "model"])
@pytest.mark.parametrize("texts", [(GERMAN,) * 3, (GERMAN, GERMAN, "This is a black day for our city.", "Piove.")])
def test_what_stands_untranslated_is_always_told_and_so_is_a_document_in_another_language(
    provenance: Provenance, texts: tuple[str, ...]
) -> None:
    pairs = tuple(replace(pair(t, t), segment=i, provenance=provenance) for i, t in enumerate(texts))
    segments = Segments(tuple(Segment(i, 0, 0, len(t), "paragraph", t, "") for i, t in enumerate(texts)))
    found = [(f.segment, f.id) for f in flags(segments, Translation(pairs, "m")) if f.id in LEFT]
    left = "untranslated" if provenance == "source" else ""
    told = [(i, "not_italian" if t == GERMAN else left) for i, t in enumerate(texts)]
    assert sorted(found) == [(i, flag) for i, flag in told if flag]


def test_a_quotation_in_another_language_is_told_where_it_stands() -> None:
    text = "Ha detto: «This is a black day for our city», e poi ha taciuto."
    (found,) = flags(Segments((Segment(1, 0, 0, len(text), "paragraph", text, ""),)))
    assert (found.id, [text[i:j] for i, j in found.source_spans]) == (
        "not_italian",
        ["«This is a black day for our city»"],
    )
