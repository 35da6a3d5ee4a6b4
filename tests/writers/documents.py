"""Documents to write: a rich one of the project's own prose, and others that lack or hold everything awkward."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from pipeline.document import (
    Checks,
    CleanText,
    Document,
    Failure,
    Flag,
    Kept,
    Metadata,
    Pair,
    Removed,
    Repair,
    Segment,
    Segments,
    Skip,
    Source,
    Summary,
    SummarySentence,
    Translation,
)
from pipeline.writers import Writer
from pipeline.writers.run_info import RunInfo


def whole(write: Writer) -> Callable[[Document, RunInfo], dict[str, str]]:
    """A writer whose files come in one piece."""
    return lambda document, run: {name: "".join(pieces) for name, pieces in write(document, run).items()}


RUN = RunInfo(
    name="prova",
    signature="it2en:0.1.0|clean:v1|segment:v1|translate:own-tiny@1a2b3c4|beam:4|summarise:lexrank.v1",
    models=(("translate", "own-tiny@1a2b3c4"), ("summarise", "lexrank.v1")),
    version="0.1.0",
)
PLACEHOLDER = replace(
    RUN, notices=("Embedded placeholder translator: the English on this page is not a usable translation.",)
)

Keep = tuple[str, list[tuple[str, str]]]  # block kind, (Italian, English) of each sentence
Cut = tuple[str, str, str]  # rule, kind, text

ARTICLE: list[Keep | Cut] = [
    ("menus.breadcrumb", "menu", "Home › Cronaca › Valdimonte"),
    (
        "title",
        [
            (
                "Il ponte di Valdimonte riapre dopo due anni di lavori",
                "Valdimonte bridge reopens after two years of works",
            )
        ],
    ),
    (
        "subtitle",
        [
            (
                "Costo finale 4,2 milioni di euro: «Una ferita che si chiude», dice la sindaca",
                "Final cost 4.2 million euros: “A wound that closes,” says the mayor",
            )
        ],
    ),
    ("credits-datelines.published", "dateline", "Pubblicato il 14 marzo 2023 alle 18:05 di Elena Rinaldi"),
    ("social-share.buttons", "share buttons", "Facebook Twitter WhatsApp E-mail Copia il link"),
    (
        "paragraph",
        [
            (
                "Ha riaperto al traffico martedì mattina, con tre settimane di anticipo, il ponte che unisce le due metà di Valdimonte.",
                "The bridge joining the two halves of Valdimonte reopened to traffic on Tuesday morning, three weeks early.",
            ),
            (
                "La struttura, lunga 128 metri, era chiusa dal 9 febbraio 2021, quando una piena del torrente Serla aveva scalzato il secondo pilone.",
                "The structure, 128 metres long, had been closed since 9 February 2012, when a flood of the Serla stream undermined the second pier.",
            ),
            (
                "Da allora gli abitanti della riva sinistra impiegavano quaranta minuti per raggiungere l’ospedale.",
                "Since then it had taken residents of the left bank forty minutes to reach the hospital.",
            ),
        ],
    ),
    (
        "paragraph",
        [
            (
                "«Oggi si chiude una ferita», ha detto la sindaca Marta Bellini tagliando il nastro davanti a circa trecento persone.",
                "“Today a wound closes,” said mayor Marta Bellini as she cut the ribbon in front of some three hundred people.",
            ),
            (
                "«Ma non dimentichiamo chi in questi due anni ha chiuso bottega.»",
                "“But let us not forget those who closed up shop in these two years.”",
            ),
        ],
    ),
    ("newsletter-paywall.signup", "newsletter", "Iscriviti alla newsletter: ogni mattina le notizie di Valdimonte"),
    ("heading", [("Un cantiere difficile", "A difficult building site")]),
    (
        "paragraph",
        [
            (
                "I lavori sono costati 4,2 milioni di euro, 600.000 in più del previsto.",
                "The works cost 4.2 million euros, more than planned.",
            ),
            (
                "Secondo l’ingegner Paolo Ferri, responsabile del progetto, le indagini hanno rivelato sotto il pilone una cavità di cui nessuna mappa dava notizia.",
                "According to engineer Paolo Ferri, who led the project, surveys revealed beneath the pier a cavity that no map had recorded.",
            ),
            (
                "«Abbiamo dovuto fermarci per undici settimane», ha spiegato, «e ripensare le fondazioni da capo.»",
                "“We had to stop for eleven weeks,” he explained, “and rethink the foundations from scratch.”",
            ),
            (
                "Il nuovo pilone poggia su ventiquattro micropali, e sensori a fibra ottica misurano ogni sua vibrazione.",
                "The new pier rests on twenty-four micropiles, and fibre-optic sensors measure every one of its vibrations.",
            ),
        ],
    ),
    (
        "paragraph",
        [
            (
                "Non tutti sono soddisfatti.",
                "Not everyone is satisfied.",
            ),
            (
                "I commercianti di via Roma chiedono che i ristori promessi nel 2021 arrivino prima dell’estate.",
                "Shopkeepers on Via Roma are asking that the compensation promised in 2021 arrive before the summer.",
            ),
            (
                "«Di dodici negozi ne restano sette», racconta Giulia Sala, che gestisce la libreria all’angolo.",
                "«Di dodici negozi ne restano sette», racconta Giulia Sala, che gestisce la libreria all’angolo.",
            ),
        ],
    ),
    ("comments-related.related", "related articles", "Leggi anche: Serla, via libera alle casse di espansione"),
    ("heading", [("Che cosa cambia", "What changes")]),
    (
        "list",
        [("Corsie: due, più una pista ciclabile.", "Lanes: two, plus a cycle path.")],
    ),
    (
        "list",
        [("Limite di velocità: 30 km/h.", "Speed limit: 30 km/h.")],
    ),
    (
        "list",
        [("Autobus: torna la linea 5, ogni venti minuti.", "Buses: line 5 line 5 line 5 line 5 line 5 line 5")],
    ),
    (
        "paragraph",
        [
            (
                "La Provincia ha annunciato che controllerà nei prossimi mesi altri 17 ponti della valle.",
                "The Province has announced that it will inspect another 17 bridges in the valley in the coming months.",
            ),
            (
                "«Nessuno ci restituirà questi due anni», conclude la sindaca, «però possiamo fare in modo che non succeda di nuovo.»",
                "“No one will give us back these two years,” concludes the mayor, “but we can make sure it does not happen again.”",
            ),
        ],
    ),
    ("credits-datelines.copyright", "copyright", "© Il Corriere della Serla – Riproduzione riservata"),
    ("cookie-consent.notice", "cookie notice", "Questo sito utilizza cookie tecnici.\nAccetta tutti   Rifiuta"),
]


def compose(parts: list[Keep | Cut], metadata: Metadata | None = None, id: str = "d") -> Document:
    """A document up to its translation, one source line a part; consistent in every offset."""
    source, kept, removed, items, pairs = "", [], [], [], []
    clean, paragraph = "", 0
    keeps = [i for i, part in enumerate(parts) if len(part) == 2]
    for i, part in enumerate(parts):
        if len(part) == 3:
            rule, kind, text = part
            removed.append(Removed(len(source), len(source) + len(text), rule, kind, text))
            source += text
        else:
            kind, sentences = part
            after = "" if i == keeps[-1] else "\n" if kind == "list" and len(parts[i + 1]) == 2 else "\n\n"
            text = " ".join(italian for italian, _ in sentences)
            kept.append(Kept(len(source), len(source) + len(text), kind, after))
            source += text
            for j, (italian, english) in enumerate(sentences):
                id_, last = len(items) + 1, j == len(sentences) - 1
                gap = after if last else " "
                items.append(Segment(id_, paragraph, len(clean), len(clean) + len(italian), kind, italian, gap))
                score = round(-0.12 - 0.07 * (id_ % 6), 3)
                pairs.append(Pair(id_, italian, english, score, len(italian) // 4 + 1, len(english) // 4 + 1, "model"))
                clean += italian + gap
            paragraph += 1
        if i < len(parts) - 1:
            removed.append(Removed(len(source), len(source) + 2, "line-breaks", "space", "\n\n"))
            source += "\n\n"
    made = Document(
        id,
        f"articoli/{id}.txt",
        source=Source(source, "txt", hashlib.sha256(source.encode()).hexdigest(), len(source.encode()), "utf-8"),
        clean=CleanText(clean, tuple(kept), tuple(removed), metadata or Metadata()),
        segments=Segments(tuple(items)),
        translation=Translation(tuple(pairs), "own-tiny@1a2b3c4"),
    )
    assert made.clean.restore() == source
    assert made.segments.join() == clean
    return made


def find(document: Document, beginning: str) -> int:
    """The id of the segment that begins so."""
    return next(s.id for s in document.segments.items if s.text.startswith(beginning))


def rich() -> Document:
    """Everything a document can have: metadata, repairs, removed lines, flags of all severities, a summary."""
    metadata = Metadata(
        title="Il ponte di Valdimonte riapre dopo due anni di lavori",
        subtitle="Costo finale 4,2 milioni di euro",
        date="14 marzo 2023 alle 18:05",
        date_iso="2023-03-14T18:05",
        section="Cronaca",
        author="Elena Rinaldi",
        source="Il Corriere della Serla",
        tags=("ponti", "Valdimonte"),
    )
    document = compose(ARTICLE, metadata, id="2023/ponte di Valdimonte")
    closed, cost = find(document, "La struttura"), find(document, "I lavori")
    copied, looped = find(document, "«Di dodici"), find(document, "Autobus")
    flags = (
        Flag("over_removed", "info", "31 % of the page was removed as boilerplate."),
        _numbers(document, closed, "2021", "2012", "error", "2021 became 2012."),
        _numbers(document, cost, "600.000", "", "warning", "600.000 has no counterpart in the English."),
        Flag("copied", "warning", "The English repeats the Italian.", copied, None, (), ((0, 94),)),
        Flag("repetition", "error", "“line 5” is repeated 6 times.", looped, None, (), ((7, 48),)),
        Flag("length_ratio", "info", "The English is 1.3 times as long as the Italian.", looped),
        Flag("summary_numbers", "error", "2012 is not in the translation’s evidence.", None, 1, (), ((36, 40),)),
    )
    evidence = (find(document, "Ha riaperto"), closed, cost, find(document, "I commercianti"))
    summary = Summary(
        (
            SummarySentence("The bridge joining the two halves of Valdimonte has reopened, three weeks early.", (4, 3)),
            SummarySentence("It had been closed since 9 February 2012, when a flood undermined a pier.", (closed,)),
            SummarySentence(
                "The works cost 4.2 million euros, and shopkeepers still await compensation.", evidence[2:]
            ),
        ),
        "abstractive",
        "own-summariser@9f8e7d6",
        chunks=2,
        tokens_read=412,
        tokens_total=412,
    )
    pairs = tuple(_varied(p, looped) for p in document.translation.pairs)
    return replace(
        document,
        source=replace(
            document.source, encoding="windows-1252", repairs=(Repair("mojibake", 14), Repair("no-break space", 1))
        ),
        translation=replace(document.translation, pairs=pairs),
        summary=summary,
        checks=Checks(flags),
    )


def _numbers(document: Document, id: int, italian: str, english: str, severity: str, message: str) -> Flag:
    pair = document.translation.pairs[id - 1]
    at = [(text.index(n), text.index(n) + len(n)) for text, n in ((pair.source, italian), (pair.target, english))]
    return Flag("numbers", severity, message, id, None, (at[0],), (at[1],) if english else ())


def _varied(pair: Pair, looped: int) -> Pair:
    if pair.segment == looped:
        return replace(pair, score=-1.874, tokens_out=64, truncated=True)
    if pair.segment == 5:
        return replace(pair, provenance="split")
    if pair.segment == 8:
        return replace(pair, provenance="approved", score=None)
    return pair


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}&amp;<!--",
    "\u202egnp.exe\u202c\u2066",
    "a\tb\\tc\\",
    "👩‍👩‍👧‍👦 🇮🇹 e\u0301",
)


def hostile() -> Document:
    """Every field that can hold text holds something that tries to break out of it."""
    bad = "".join(HOSTILE)
    parts: list[Keep | Cut] = [(bad, bad, bad)]
    parts += [("title", [(bad, bad)])]
    parts += [("paragraph", [(text, text), (bad, bad)]) for text in HOSTILE]
    parts += [("paragraph", [("x" * 100_000, "y" * 100_000)]), (bad, bad, bad)]
    document = compose(parts, Metadata(bad, bad, bad, bad, bad, bad, bad, (bad, bad)), id=f"d {bad} ../#?%ü")
    flags = (
        Flag(bad, "error", bad, 1, None, ((0, 3), (2, 9_999)), ((5, 4), (-3, 8))),
        Flag(bad, "info", bad, None, 0, (), ((0, 99),)),
        Flag(bad, "warning", bad),
        Flag(bad, "warning", bad, segment=999_999),
    )
    summary = Summary((SummarySentence(bad, (1, 999_999)),), "extractive", bad, 1, 10, 20, bad)
    return replace(
        document,
        source=replace(document.source, encoding=bad, repairs=(Repair(bad, 2),)),
        translation=replace(document.translation, model=bad),
        summary=summary,
        checks=Checks(flags),
        ending=Failure(bad, bad, bad),
    )


HOSTILE_RUN = RunInfo(*("".join(HOSTILE),) * 2, ("".join(HOSTILE),), (("".join(HOSTILE),) * 2,), "".join(HOSTILE))


def partial() -> dict[str, Document]:
    """The rich document as each stage left it, switched off or broken."""
    full = rich()
    bare = Document(full.id, full.path)
    return {
        "unread": replace(bare, ending=Failure("inputs", "DocumentError", "the file is not readable")),
        "skipped when read": replace(bare, ending=Skip("inputs", "empty", "The file has no text.")),
        "only read": replace(bare, source=full.source, ending=Failure("clean", "ValueError", "no message")),
        "only cleaned": replace(bare, source=full.source, clean=full.clean),
        "another language": replace(
            bare, source=full.source, clean=full.clean, ending=Skip("clean", "wrong_language", "The text is in German.")
        ),
        "only segmented": replace(full, translation=None, summary=None, checks=None),
        "translate off": replace(full, translation=None, summary=None),
        "summarise off": replace(full, summary=None),
        "check off": replace(full, checks=None),
        "nothing kept": replace(
            bare,
            source=full.source,
            clean=CleanText("", (), (Removed(0, len(full.source.text), "r", "menu", full.source.text),), Metadata()),
            segments=Segments(()),
            translation=Translation((), "m"),
            checks=Checks(()),
        ),
        "full": full,
    }


def long(paragraphs: int = 250) -> Document:
    """A document of 4 segments a paragraph, of newspaper sentence length."""
    four = [s for part in ARTICLE if part[0] == "paragraph" for s in part[1]][:4]
    return compose([("paragraph", four) for _ in range(paragraphs)], id="lungo")
