"""The shape of lines."""

from __future__ import annotations

import pytest

from pipeline.cleaning.lines import Line, lines


def line(text: str) -> Line:
    (only,) = lines(text)
    return only


@pytest.mark.parametrize(
    "text",
    [
        "Il consiglio comunale ha approvato ieri sera il bilancio.",
        "«Non ci fermeremo davanti a niente e a nessuno», ha detto.",
        "Nel documento, lungo nove pagine, si legge che:",
        "parola " * 30,
    ],
)
def test_running_text_is_recognised(text: str) -> None:
    assert line(text).sentence


@pytest.mark.parametrize("text", ["Home", "Il ponte riapre dopo due anni di lavori in corso", "Sì.", "Chi paga?"])
def test_labels_and_headlines_are_no_running_text(text: str) -> None:
    assert not line(text).sentence


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("Chi paga i danni dell’estate più secca?", True),
        ("Il ghiacciaio si è dimezzato in dieci anni...", True),
        ("«Non ci sto», il sindaco lascia", True),
        ("Il consiglio ha approvato il bilancio.", False),
        ("parola " * 25, False),
    ],
)
def test_headlines_end_without_a_full_stop(text: str, headline: bool) -> None:
    assert line(text).headline is headline


def test_offsets_leave_the_white_space_out() -> None:
    text = "  uno \n\n\t due\n"
    assert [(text[x.start : x.end], x.spaced) for x in lines(text)] == [("uno", False), ("due", True)]


def test_a_list_of_short_lines_is_not_hard_wrapped() -> None:
    text = "\n".join(f"una voce di elenco, la numero {i} di molte altre che seguono" for i in range(8))
    assert len(lines(text.replace("una", "Una"))) == 8
