"""Missing and invented clauses are flagged by what words, surroundings and a second reader say together."""

from __future__ import annotations

from pipeline.document import Document, Pair, Reread, Rereading, Translation
from pipeline.settings import Check
from pipeline.stages.detection.surroundings import standings, suspicion, verdict
from pipeline.stages.flagging.clauses import extra_text, log_odds, missing_clause

LOST = (
    "Il governo ha approvato la legge sul lavoro, e ha rinviato a settembre la riforma delle pensioni dei medici.",
    "The government has approved the labour law.",
)
INVENTED = (
    "Il governo ha approvato la legge sul lavoro.",
    "The government has approved the labour law, and penguins danced on distant glaciers under green lanterns.",
)


def document(text: tuple[str, str], *heard: Reread) -> Document:
    found = Document("a", "a").plus(Translation((Pair(1, *text, -0.3, 9, 9, "model"),), "m"))
    return found.plus(Rereading(heard, "r")) if heard else found


def test_without_a_reader_words_decide() -> None:
    (found,) = missing_clause(document(LOST), Check())
    assert "riforma delle pensioni" in found.message
    (start, end) = found.source_spans[0]
    assert "pensioni" in LOST[0][start:end]
    (found,) = extra_text(document(INVENTED), Check())
    assert "penguins" in found.message


def test_the_reader_is_quoted_where_it_confirms_what_the_words_say() -> None:
    clause = LOST[0].index("e ha rinviato"), len(LOST[0])
    (found,) = missing_clause(document(LOST, Reread(1, clause, 9.4)), Check())
    assert found.message.endswith("(read again, the English falls 9.4 nats short of accounting for it)")
    elsewhere = missing_clause(document(LOST, Reread(1, (0, 10), 9.4)), Check())
    assert all("nats" not in f.message for f in elsewhere)
    stretch = INVENTED[1].index("and penguins"), len(INVENTED[1])
    (found,) = extra_text(document(INVENTED, Reread(1, stretch=stretch, gain=4.2)), Check())
    assert found.message.endswith("(read again, the Italian is 4.2 nats likelier without it)")


def test_the_reader_can_acquit_a_pair() -> None:
    words = next(s for _, s in standings(document(INVENTED).get(Translation).pairs, "extra_text"))
    told = Reread(1, stretch=(0, 9), gain=-15.0, likely=-3.0)
    limit = (verdict("extra_text", words, told) + suspicion("extra_text", words)) / 2
    config = Check(extra_text=limit)
    assert list(extra_text(document(INVENTED), config))
    assert not list(extra_text(document(INVENTED, told), config))


def test_where_the_reader_was_not_asked_words_decide() -> None:
    standing = next(s for _, s in standings(document(LOST).get(Translation).pairs, "missing_clause"))
    by_words = suspicion("missing_clause", standing)
    assert log_odds("missing_clause", standing, None) == by_words
    assert log_odds("missing_clause", standing, Reread(1, stretch=(0, 4))) == by_words
    assert log_odds("missing_clause", standing, Reread(1, (0, 9), 5.0)) == verdict(
        "missing_clause", standing, Reread(1, (0, 9), 5.0)
    )
