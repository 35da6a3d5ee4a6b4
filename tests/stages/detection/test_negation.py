"""Negations that are lost or put in are told; what English says without a *not*, and Italian with two, is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.document import Pair
from pipeline.settings import Check
from pipeline.stages.detection.detectors import findings
from pipeline.stages.detection.negation import odd_negation
from pipeline.stages.detection.negators import negators

LOST = [
    ("Il governo non ha firmato l’accordo.", "The government has signed the agreement."),
    ("Il sindaco non ha ancora risposto alla lettera.", "The mayor has already answered the letter."),
    ("Nessuno dei testimoni ha riconosciuto l’imputato.", "The witnesses recognised the defendant."),
    ("Il ponte non è mai stato collaudato.", "The bridge has been tested."),
    ("La squadra non giocherà in casa domenica.", "The team will play at home on Sunday."),
    ("Il presidente non vuole dimettersi.", "The president wants to resign."),
    ("I medici non possono garantire le cure.", "The doctors can guarantee treatment."),
    ("Non è vero che la fabbrica chiuderà.", "It is true that the factory will close."),
    ("L’azienda non pagherà gli stipendi di marzo.", "The company will pay the March salaries."),
    ("Il treno è partito senza aspettare i passeggeri.", "The train left with the passengers waiting."),
    ("Il ministro dice che la riforma non costerà nulla.", "The minister says that the reform will be costly."),
    ("Il giudice non ha accolto il ricorso.", "The judge has upheld the appeal."),
    ("Non c’è pace senza giustizia.", "There is peace with justice."),
    ("La legge non è costituzionale, dicono i giudici.", "The law is constitutional, the judges say."),
    ("I sindacati non hanno proclamato lo sciopero.", "The unions have called the strike."),
    ("Nemmeno il vescovo ha parlato ai fedeli.", "The bishop spoke to the faithful."),
    ("Il paese non è sicuro, avverte l’ambasciata.", "The country is safe, the embassy warns."),
    ("Se il Parlamento non approva la legge, si vota.", "If Parliament approves the law, there will be a vote."),
    ("Che non abbia firmato l’accordo conta meno", "That he signed the agreement counts less"),  # a title
]
ADDED = [
    ("Il governo ha firmato l’accordo.", "The government has not signed the agreement."),
    ("Il sindaco ha risposto alla lettera.", "The mayor never answered the letter."),
    ("Tutti i testimoni hanno riconosciuto l’imputato.", "None of the witnesses recognised the defendant."),
    ("Il ponte è stato collaudato.", "The bridge wasn’t tested."),
    ("La squadra giocherà in casa domenica.", "The team won't play at home on Sunday."),
    ("I medici possono garantire le cure.", "The doctors cannot guarantee treatment."),
    ("Il treno è partito con i passeggeri.", "The train left without the passengers."),
    ("La nonna abita in campagna.", "No one lives in the countryside."),
    ("Il porto è aperto alle navi straniere.", "The port is not open to foreign ships."),
    ("Piove da tre giorni sulla Liguria.", "It has not rained in Liguria for three days."),
    ("Il consiglio approverà il bilancio a luglio.", "The council will not approve the budget in July."),
    ("Le scuole riaprono lunedì.", "Schools do not reopen on Monday."),
]
RIGHT = [
    (
        "Minacciò una guerra se il premier non si fosse dimesso.",
        "He threatened war unless the prime minister resigned.",
    ),
    (
        "Attesero finché un valletto in livrea non venne ad annunciarli.",
        "They waited until a footman in livery came to announce them.",
    ),
    ("Niente da fare per il Novara.", "It was all over for Novara."),
    ("Il prodotto interno non cresce nel terzo trimestre.", "Output was flat in the third quarter."),
    ("Niente fiori, ma donazioni alla clinica.", "Donations to the clinic in lieu of flowers."),
    ("Il Novara non vinceva in casa dal 2014.", "Novara won at home for the first time since 2014."),
    ("Basta incidenti, dice il sindaco.", "We say no to accidents, says the mayor."),
    ("Il fiume è più basso che non in passato.", "The river is lower than in the past."),
    ("Non solo il governo, ma anche l’opposizione ha firmato.", "Both the government and the opposition signed."),
    ("Non soltanto piove, ma nevica.", "Not only is it raining, it is snowing."),
    ("Nessuno ha mai visto nulla.", "Nobody has ever seen anything."),
    ("Non ha visto nessuno.", "He saw nobody."),
    ("Non è venuto nemmeno il sindaco.", "Not even the mayor came."),
    ("Non lo sa né il padre né la madre.", "Neither the father nor the mother knows."),
    ("Resterà finché il medico non arriverà.", "She will stay until the doctor arrives."),
    ("Partirà, a meno che non piova.", "He will leave unless it rains."),
    ("Per poco non è caduto dal ponte.", "He almost fell off the bridge."),
    ("Non appena arriva, telefona.", "As soon as he arrives he phones."),
    ("Non resta che aspettare la sentenza.", "All that remains is to wait for the ruling."),
    ("Non ha fatto che peggiorare le cose.", "He has only made things worse."),
    ("Non è riuscito a fermare il treno.", "He failed to stop the train."),
    ("Non è in grado di pagare.", "He is unable to pay."),
    ("Non è chiaro chi pagherà.", "It is unclear who will pay."),
    ("Le organizzazioni non governative protestano.", "Non-governmental organisations are protesting."),
    ("Quattro minori non accompagnati sono sbarcati.", "Four unaccompanied minors landed."),
    ("Il velivolo senza pilota è caduto.", "The unmanned aircraft crashed."),
    ("È rimasta senza parole.", "She was speechless."),
    ("Lasciò i bambini senza casa.", "It left the children homeless."),
    ("Il paese è privo di strade.", "The country has no roads."),
    ("Manca il personale.", "There is no staff."),
    ("Il ministro ha negato di aver ricevuto denaro.", "The minister said he had not received any money."),
    ("È vietato fumare nei corridoi.", "You must not smoke in the corridors."),
    ("Si è rifiutato di rispondere.", "He would not answer."),
    ("La strada è impraticabile.", "The road cannot be used."),
    ("È il più grande mai costruito.", "It is the biggest ever built."),
    ("Chi non si presenta perde il posto.", "Those who fail to appear lose their place."),
    ("Vuole entrare senza pagare.", "He wants to get in without paying."),
    ("Nulla osta al progetto dal Comune.", "The council has given clearance for the project."),
    ("Non avrebbe potuto farlo se non con il loro aiuto.", "He could not have done it except with their help."),
    ("È assente il portavoce.", "The spokesman is not there."),
    ("Il ricorso è inammissibile.", "The appeal cannot be admitted."),
    ("Il teste si è detto innocente.", "The witness said he was not guilty."),
    ("L’imputato, assolto per non aver commesso il fatto, tace.", "The acquitted defendant is silent."),
    ("Non vuole né acqua né vino.", "He wants neither water nor wine."),
    ("Non beve, non fuma e non gioca.", "He does not drink, smoke or gamble."),
    ("Non più tardi di ieri era a Roma.", "Only yesterday he was in Rome."),
    ("È una spesa non trascurabile.", "It is a considerable expense."),
    ("Il no ha vinto nel referendum.", "The no vote won the referendum."),
    ("Non esclude di candidarsi.", "She may well stand."),
    ("Non si escludono temporali nel pomeriggio.", "Thunderstorms are possible in the afternoon."),
    ("Consultate il medico, se non altro per prudenza.", "See the doctor, if only to be careful."),
    ("Senza dubbio pagheranno i contribuenti.", "Taxpayers will undoubtedly pay."),
    ("Il tribunale ha ignorato le prove.", "The court did not consider the evidence."),
    ("Arriva la linea n. 5.", "Line No. 5 is coming."),
    ("È stato trovato privo di vita.", "He was found lifeless."),
    ("Pochi hanno votato.", "Not many voted."),
    ("Il volo è stato evitato per prudenza.", "As a precaution the flight was avoided."),
]


@pytest.mark.parametrize(("source", "target"), LOST)
def test_a_lost_negation_is_told(source: str, target: str) -> None:
    odd = odd_negation(source, target)
    assert odd is not None
    assert odd.what == "lost"


@pytest.mark.parametrize(("source", "target"), ADDED)
def test_a_negation_that_was_put_in_is_told(source: str, target: str) -> None:
    odd = odd_negation(source, target)
    assert odd is not None
    assert odd.what == "added"


@pytest.mark.parametrize(("source", "target"), RIGHT)
def test_a_negation_said_another_way_is_left_alone(source: str, target: str) -> None:
    assert odd_negation(source, target) is None


def test_evidence_is_the_negation_with_what_it_is_about_on_both_sides() -> None:
    source, target = LOST[0]
    (found,) = [f for f in findings(Pair(1, source, target, -0.3, 10, 10, "model"), Check()) if f.id == "negation"]
    assert found.message == "no such negation in the English: non ha firmato"
    assert [source[a:b] for a, b in found.source_spans] == ["non ha firmato"]
    assert [target[a:b] for a, b in found.target_spans] == ["signed", "agreement"]


def test_italian_that_negates_twice_negates_once() -> None:
    found = negators("Non ha mai detto niente a nessuno, né a casa né fuori.", "it")
    assert [found.tokens[i].text for i in found.certain] == ["non"]


def test_a_contraction_negates() -> None:
    found = negators("They don’t know, can't say and cannot ask.", "en")
    assert [found.tokens[i].text for i in found.certain] == ["n't", "n't", "cannot"]


WORDS = st.lists(
    st.sampled_from(["casa", "ponte", "governo", "firma", "domani", "sole", "the", "bridge", "government", "signs"]),
    max_size=9,
)


@given(WORDS, WORDS)
@hypothesis_settings(max_examples=200, deadline=None)
def test_without_a_negation_nothing_is_told(italian: list[str], english: list[str]) -> None:
    assert odd_negation(" ".join(italian), " ".join(english)) is None


@given(st.text(max_size=60), st.text(max_size=60))
@hypothesis_settings(max_examples=200, deadline=None)
def test_places_lie_within_the_texts(source: str, target: str) -> None:
    odd = odd_negation(f"non {source}", target)
    for spans, text in ((odd.source, f"non {source}"), (odd.target, target)) if odd else ():
        assert all(0 <= start < end <= len(text) for start, end in spans)
