"""Names that a target garbles beyond likeness are put right where their neighbours settle it; what may be meant otherwise stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.translation.neighbours import names_by_neighbours
from pipeline.stages.translation.repair import repair


def mended(source: str, target: str, fixed: frozenset[str] = frozenset()) -> str:
    return repair(source, target, fixed).target


@pytest.mark.parametrize(
    ("name", "garbled"),
    [
        ("Theresa May", "Yessa May"),
        ("Theresa May", "Hsa May"),
        ("Marks & Spencer", "Marks & Spr"),
        ("Christine Blasey Ford", "Christine Bristiny Ford"),
        ("Mario Scarzella Lugosi", "Mario Dreamzoll Lugosi"),  # between two, a name that looks Italian too
        ("Hugh Jackman", "HughGackman"),
        ("Donald Trump", "Donaldrump"),
        ("Guiyang Evening News", "GuiyangEventing News"),
        ("War Memorial Stadium", "Warmorial Stadium"),
    ],
)
def test_a_name_is_known_by_the_names_beside_it(name: str, garbled: str) -> None:
    source, target = f"Ieri ha parlato a lungo {name} a casa.", f"Yesterday {garbled} spoke at length at home."
    assert mended(source, target) == f"Yesterday {name} spoke at length at home."


def test_a_repair_tells_the_word_that_it_changed() -> None:
    made = repair("Il governo di Theresa May non cede.", "The Yessa May government does not give way.")
    assert [(r.kind, r.before, r.after) for r in made.repairs] == [("name", "Yessa", "Theresa")]


def test_the_names_possessive_and_every_place_of_it_are_put_right() -> None:
    source = "Il negozio di Marks & Spencer chiude, dice Marks & Spencer."
    target = "Marks & Spr's shop closes, Marks & Spr says."
    assert mended(source, target) == "Marks & Spencer's shop closes, Marks & Spencer says."


def test_one_of_two_places_of_a_name_may_be_run_into_another() -> None:
    source = "Trump lascia la guida della Trump Organization al figlio."
    assert "the Trump Organization to" in mended(source, "Trump leaves the lead of the Trumpganization to his son.")


@pytest.mark.parametrize(
    ("source", "english"),
    [
        # other forms of the name
        ("Boris Eltsin", "Boris Yeltsin"),
        ("Vladimir Zelensky", "Volodymyr Zelensky"),
        ("Jurij Gagarin", "Yuri Gagarin"),
        ("Vladimir Vladimirovič Putin", "Vladimir Vladimirovich Putin"),
        ("Evgenij Prigozhin", "Yevgeny Prigozhin"),
        ("Lech Walesa", "Lech Wałęsa"),  # with bars, which are no accents
        ("Novak Djokovic", "Novak Đoković"),
        ("Naypyidaw Myanmar", "Nay Pyi Taw Myanmar"),  # in several words
        ("Kazakistan Open", "Kazakhstan Open"),
        ("Martin Lutero", "Martin Luther"),
        ("Nicola Copernico", "Nicolaus Copernicus"),
        ("Giovanni Keplero", "Johannes Kepler"),
        ("Carlo Windsor", "Charles Windsor"),
        ("Giacomo Stuart", "James Stuart"),
        ("Vittorio Emanuele Orlando", "Vittorio Emmanuel Orlando"),
        ("Thailandia Open", "Thailand Open"),
        ("Ugo Sempronio Bolton", "Ugo Sempronius Bolton"),
        ("Bolton Carlotta", "Bolton Quirpotta"),  # with one neighbour, what looks Italian may have an English form
        ("Boston Marsh", "Bostonian Marsh"),
        # short forms, nicknames, titles
        ("Christopher Nolan", "Chris Nolan"),
        ("Patrick Stewart", "Rick Stewart"),
        ("Warner Brothers", "Warner Bros"),
        ("Hewlett Packard Corporation", "Hewlett Packard Corp"),
        ("Theresa May", "Baroness May"),
        ("Theresa May", "Mrs May"),
        ("Theresa May", "Prime Minister May"),
        ("John Fitzgerald Kennedy", "John F Kennedy"),
        ("Robert Fitzgerald Kennedy", "Robert 'Bobby' Kennedy"),
        # demonyms, titles of works, institutions, places with their kind
        ("Monte Kenya", "Mount Kenya"),
        ("Isole Cook", "Cook Islands"),
        ("Nuova Delhi", "New Delhi"),
        ("Croce Rossa", "Red Cross"),
        ("Nazioni Unite", "United Nations"),
        ("Guerre Stellari", "Star Wars"),
        ("Kurdistan Iracheno", "Iraqi Kurdistan"),
        ("Partito Bolscevico", "Bolshevik Party"),
        ("Papua Nuova Guinea", "Papua New Guinea"),
        # two words that English writes as one
        ("You Tube", "YouTube"),
        ("Black Rock", "BlackRock"),
        ("Abdel Fattah", "Abdelfatah"),
        ("Hong Kong", "Hongkongers"),
        ("Ovie Bolton", "Oviebolton"),
    ],
)
def test_other_forms_and_what_english_calls_otherwise_stay(source: str, english: str) -> None:
    italian, target = f"Ieri si è parlato di {source} a lungo.", f"Yesterday {english} was talked about at length."
    assert not names_by_neighbours(italian, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Parla oggi Theresa May con la sua Melyssa May.", "Yessa May speaks today."),  # two names it may be
        ("Parla oggi Theresa May a lungo di Theresa May.", "Yessa May speaks of Hsa May at length."),  # two spellings
        ("Arriva Theresa May.", "Theresa comes, not Yessa May."),  # the name is there
        (
            "Arriva Hugh Jackman con la sua Theresa.",
            "Hugh Jackman comes with HughGackman.",
        ),  # these are there, she is not
        ("Arriva Theresa May.", "Yessa comes in May."),  # not beside its neighbour
        ("Arriva Theresa May.", "Yessa, May comes."),  # a comma between
        ("Arriva Theresa, Mayfield resta a casa.", "Yessa, Mayfield stays at home."),  # two names, not one
        ("Arriva Theresa May.", "Quirpo May comes."),  # nothing of the name in it
        ("Arriva Theresa May.", "L'Yessa May comes."),
        ("Arriva Theresa May.", "Yessa's May comes."),
        (
            "Ieri ha cantato con Cardi B e Shawn Mendes.",
            "Yesterday Cardi Bhawn Mendes sang.",
        ),  # something between is lost
        ("ARRIVA THERESA MAY A LONDRA", "Yessa May comes to London"),
        ("Theresa May Contro Jeremy Corbyn", "Yessa May against Jeremy Corbyn"),  # Title Case
        ("Scrivete a theresa.may@esempio.it oggi.", "Write to yessa.May@esempio.it today."),
        (
            "Ieri il Presidente Kovacs ha parlato.",
            "Yesterday the Presidente Tovecs spoke.",
        ),  # an office anchors nothing
        ("Per Theresa è un giorno lungo.", "Per Yessa it is a long day."),  # nor a word of grammar
        ("La scuola di Theresa.", "Yessa's school."),
        ("Parla la Sylvanian Bank.", "The Transvanian bank speaks."),
    ],
)
def test_what_its_neighbours_do_not_settle_stays(source: str, target: str) -> None:
    assert not names_by_neighbours(source, target)


def test_a_glossarys_rendering_is_not_garbled() -> None:
    source, target = "Parla Theresa May in aula.", "Yessa May speaks in the chamber."
    assert mended(source, target, frozenset({"yessa"})) == target


NAMES = st.sampled_from(["Theresa", "May", "Blasey", "Ford", "Spencer", "Marks", "Hugh", "Jackman", "Trump", "Roma"])
WORDS = st.sampled_from(["ha", "visto", "con", "il", ",", "&", "ieri."])
ENGLISH = st.sampled_from(
    ["has", "seen", "Yessa", "Spr", "Donaldrump", "Bristiny", "Quirpo", "&", "the", "HughGackman"]
)


@given(st.lists(NAMES | WORDS, max_size=9), st.lists(ENGLISH, max_size=6), st.randoms(use_true_random=False))
def test_a_target_that_has_all_names_is_never_touched(words: list[str], others: list[str], random: object) -> None:
    names = [word for word in words if word[0].isupper()]
    target = names + others
    random.shuffle(target)  # type: ignore[attr-defined]
    assert not names_by_neighbours(" ".join(words), " ".join(target))


@given(st.lists(NAMES | WORDS, max_size=9), st.lists(NAMES | ENGLISH, max_size=9))
def test_what_was_put_right_is_of_the_source_and_stays(words: list[str], english: list[str]) -> None:
    source, target = " ".join(words), " ".join(english)
    made = repair(source, target)
    assert all(repaired.after in source for repaired in made.repairs if repaired.kind == "name")
    assert repair(source, made.target).target == made.target
