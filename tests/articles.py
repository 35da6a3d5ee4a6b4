"""Small Italian articles of our own, with the dirt of a real page around them."""

from __future__ import annotations

from pathlib import Path

PORT = """Il porto di Ancona riapre dopo la mareggiata

Pubblicato il 3 marzo 2022 alle 09:15 in Cronaca

FacebookTwitterLinkedInEmailCopy Link

Il porto di Ancona ha riaperto mercoledì mattina dopo la mareggiata che lo aveva chiuso per 4 giorni. “Abbiamo lavorato anche di notte”, ha dichiarato il comandante della Capitaneria, ricordando che i danni superano i 2 milioni di euro.

Le navi ferme in rada erano 12. Secondo la Regione, i collegamenti con la Croazia e con la Grecia torneranno regolari entro la fine della settimana, mentre il molo nord resterà chiuso per lavori.

I pescatori chiedono aiuti al governo. La richiesta, presentata martedì, riguarda il fermo delle barche e la perdita delle reti.

di Redazione

Questo sito utilizza i cookie di profilazione di terze parti. Chiudendo questo banner acconsenti all’uso dei cookie.
"""

SCHOOL = """La scuola di Prato avrà una nuova palestra

Il Comune di Prato ha approvato il progetto per la nuova palestra della scuola media. I lavori cominceranno in aprile e costeranno 850.000 euro.

Il sindaco ha detto che la struttura sarà aperta anche alle associazioni sportive del quartiere. Gli studenti, che oggi fanno ginnastica in un capannone, aspettano da 6 anni.

Leggi anche: Mensa, le iscrizioni fino al 30 aprile
"""

ENGLISH = """The harbour reopens after the storm

The harbour of Ancona reopened on Wednesday morning after the storm that had kept it closed for four days. The commander of the coast guard said that the damage was considerable and that his people had worked through the night.

Ships that had been waiting outside were let in one after the other, and the region expects regular connections with Croatia and Greece before the end of the week.
"""


def write_articles(folder: Path) -> Path:
    """Two articles in a folder and one below it; returns the folder."""
    (folder / "scuola").mkdir(parents=True, exist_ok=True)
    (folder / "porto.txt").write_text(PORT, encoding="utf-8", newline="\n")
    (folder / "scuola/palestra.txt").write_text(SCHOOL, encoding="utf-8", newline="\n")
    return folder
