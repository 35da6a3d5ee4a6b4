"""What the model is not given to read, and where it stands in the English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.document import Document, Generation, Segment, Segments, Translation
from pipeline.engines.engine import Engine, Forgetful
from pipeline.settings import Run, Translate
from pipeline.stages import translate as module
from pipeline.stages.translate import TranslateStage
from pipeline.stages.translation.marks import around_marks, held


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("🇮🇹🎉 L'Italia vince! 🥇🏊", "L'Italia vince!"),
        ("• Il comune riapre", "Il comune riapre"),
        ("- I lavori finiscono", "I lavori finiscono"),
        ("– I lavori finiscono", "I lavori finiscono"),
        ("1) Portare un documento", "Portare un documento"),
        ("2. Presentarsi allo sportello", "Presentarsi allo sportello"),
        ("a) la domanda", "la domanda"),
        ("★★★★☆ Un film da vedere", "Un film da vedere"),
        ("\uf00c Iscrizioni aperte", "Iscrizioni aperte"),
        ("Il gatto 🐱 dorme.", "Il gatto dorme."),
        ("Il gatto🐱dorme.", "Il gatto dorme."),
        ("Grazie 🙏🏽!", "Grazie!"),
        ("Che festa ❤️, amici", "Che festa, amici"),
        ("Bella giornata! #sole #mare 🌊", "Bella giornata!"),
        ("Bella giornata #sole #mare", "Bella giornata"),
        ("Bella foto di @a @luigi.verdi", "Bella foto di"),
    ],
)
def test_the_model_reads_no_mark(text: str, read: str) -> None:
    assert held(text).text == read


@pytest.mark.parametrize(
    "text",
    [
        "-3 gradi a Torino",
        "1.500 persone",
        "© Ansa",
        "25 °C a Roma",
        "La Juve-Toro 2-1",
        "Il #1 al mondo",
        "A. Rossi",
        "Tifo #Italia",
        "Sono #1 #2",
        "x ≤ 3",
    ],
)
def test_what_belongs_to_the_sentence_is_read(text: str) -> None:
    assert held(text).text == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Cronaca • Politica", ("Cronaca", "•", "Politica")),
        ("Roma → Milano in tre ore", ("Roma", "→", "Milano in tre ore")),
        ("Che bella gara! 🥇 domani si replica", ("Che bella gara!", "🥇", "domani si replica")),
        ("Vince la gara ieri 🥇 Domani la festa comincia", ("Vince la gara ieri", "🥇", "Domani la festa comincia")),
    ],
)
def test_what_parts_sentences_stays_between_its_parts(text: str, parts: tuple[str, ...]) -> None:
    assert around_marks(held(text).text) == parts


@pytest.mark.parametrize(
    ("text", "said", "target"),
    [
        ("🇮🇹🎉 L'Italia vince! 🥇🏊", "Italy wins!", "🇮🇹🎉 Italy wins! 🥇🏊"),
        ("Il gatto 🐱 dorme sul divano.", "The cat sleeps on the sofa.", "The cat 🐱 sleeps on the sofa."),
        ("Grazie 🙏!", "Thank you!", "Thank you 🙏!"),
        ("Che serata, 😍 grazie amici", "What an evening, thank you friends", "What an evening, 😍 thank you friends"),
        ("Verdi ⚽⚽ 2 – Rossi ⚽ 1.", "Verdi 2 – Rossi 1.", "Verdi ⚽⚽ 2 – Rossi ⚽ 1."),
        ("- Chi parla?", "- Who speaks?", "- Who speaks?"),
        ("- Chi parla?", "", ""),
        ("Cronaca • Politica", "•", ""),
        ("• Piove 🎉", "•It rains🎉", "• It rains 🎉"),
        ("1. Piove", "1.", ""),
        ("3. 3,5 milioni di euro per le strade", "3.5 million euros for roads", "3. 3.5 million euros for roads"),
        ("3. 3,5 milioni di euro per le strade", "3. 3.5 million euros for roads", "3. 3.5 million euros for roads"),
        ("1. Un milione e mezzo di euro", "1.5 million euros", "1. 1.5 million euros"),
        ("- Meno 5 gradi a Cortina", "-5 degrees in Cortina", "- -5 degrees in Cortina"),
        ("Bella giornata #sole #mare", "A fine day in C#sole #mare", "A fine day in C#sole #mare #sole #mare"),
    ],
)
def test_marks_stand_where_they_stood(text: str, said: str, target: str) -> None:
    assert held(text).within(said) == target


class Sayer(Engine):
    """Says the next of its texts, whatever it is asked."""

    limit = 50

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts, self.asked = texts, list[str]()

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(t.split()) for t in texts]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Generation]]:
        for i, text in enumerate(texts):
            said = self.texts[len(self.asked) % len(self.texts)]
            self.asked.append(text)
            yield i, Generation(said, -0.5, len(text.split()), len(said.split()))


EMOJI = ["🎉", "🇮🇹", "❤️", "👍🏽", "👩‍🚒", "1️⃣", "★", "☀️", "→", "▪", "✅", "⚽", "‼️", "\uf0a9"]
LIST = ["- ", "– ", "* ", "• ", "1) ", "2. ", "a) ", "> ", "#️⃣ ", "(b) "]
WORDS = [
    "il gatto",
    "dorme",
    "Roma",
    "ROMA VINCE LA GARA",
    "2023",
    "1,5",
    ",",
    "!",
    ".",
    "«",
    "»",
    "#sole",
    "e",
    "(ieri)",
    "\u00a0",
    "•",
]
SOURCES = st.tuples(
    st.lists(st.sampled_from(LIST + EMOJI), max_size=2).map("".join),
    st.lists(st.sampled_from(WORDS + EMOJI), min_size=1, max_size=12),
    st.sampled_from([" ", ""]),
).map(lambda t: t[0] + t[2].join(t[1]))
SAID = st.lists(
    st.sampled_from(
        ["the cat", "sleeps", ".", "", "🎉", "- ", "«", "1.5", "→ no", "1.5 million", "-5 degrees", "2.5", "1)"]
    ),
    max_size=6,
).map(" ".join)


def made_of(text: str) -> Counter[str]:
    """Its emoji and arrows, character by character, and what it begins with as a list does."""
    signs = Counter(c for c in text if c in "".join(EMOJI) and not c.isalnum() and c not in "#*")
    opening = re.match(r"[-–*•>]+(?=\s)|\d{1,3}[.)](?=\s)|[a-z]\)(?=\s)|\([a-z]\)(?=\s)", text)
    return signs + Counter([opening[0]] if opening else [])


@settings(max_examples=300, deadline=None)
@given(SOURCES, st.lists(SAID, min_size=1, max_size=3))
@example("😍 a 😍 bb cc 😍 dd", ["😍 x"])
@example("! 🎉 il gatto 🎉", [""])
@example("il gatto→•(ieri)", [""])
def test_no_emoji_and_no_list_mark_is_lost_whatever_the_engine_says(text: str, said: list[str]) -> None:
    engine = Sayer(said)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "open_engine", lambda *_: engine)
        stage = TranslateStage(Translate(model="echo"), Run())
        stage.open(Forgetful())
        document = Document("d", "d").plus(Segments((Segment(1, 0, 0, len(text), "paragraph", text, ""),)))
        ((_, made),) = stage.make([document])
    assert isinstance(made, Translation)
    (pair,) = made.pairs
    assert made_of(text) - made_of(pair.target.removeprefix("[untranslated] ")) == Counter()
    assert not any(made_of(asked) for asked in engine.asked)
    assert all(pair.target[r.start : r.end] == r.after for r in pair.repairs)


@settings(max_examples=300, deadline=None)
@given(SOURCES, SAID)
@example("2. il gatto", "2.5 million")
@example("- il gatto", "-5 degrees")
@example("« 🎉 il gatto", "-5 degrees")
@example("il gatto1️⃣", "2.5")
def test_no_number_of_the_english_is_lost_to_a_mark(text: str, said: str) -> None:
    target = held(text).within(said)
    number = r"(?<![\w.,-])-?\d+(?:\.\d+)?(?!\w|\.\d)"
    assert not target or Counter(re.findall(number, said)) - Counter(re.findall(number, target)) == Counter()


def test_a_long_row_of_emoji_takes_no_longer_than_its_length() -> None:
    row = "😀" * 20_000 + " e poi " + "🎉 a " * 5_000 + "fine"
    bare = held(row)
    assert "🎉" not in bare.text
    assert Counter(bare.within("the end of it"))["🎉"] == 5_000
