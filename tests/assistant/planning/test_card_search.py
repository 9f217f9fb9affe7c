"""Cards that are found by their words, where no form of question says which is meant."""

import itertools
import math
from collections import Counter
from collections.abc import Mapping

import pytest

from assistant.planning import card_search, chosen
from assistant.planning.card_search import nearest
from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.plan import make_tasks
from assistant.planning.teaching import NAMED
from tests.talking.talk import CHEST, row, talk
from tools.language.sayings import languages, say
from tools.language.teaching_cards import Card, asked_in, cards


@pytest.mark.parametrize(
    ("words", "language", "card"),
    [
        ("shoulder blades off the lungs, which projection?", "en", "chest-projections"),
        ("Lisfranc übersehen, Weber-Einteilung", "de", "ankle-foot-film"),
        ("vesícula con pared gruesa y Murphy", "es", "gallbladder-us"),
        ("twinkling artefact behind ureteric stones", "en", "us-twinkling"),
        ("p.a. oder a.p.?", "de", "chest-projections"),
        ("agua alrededor del pulmon, angulo borrado", "es", "effusion-film"),
        ("Wasser neben der Lunge, Winkel stumpf", "de", "effusion-film"),
        ("white tiny specks in a mammo", "en", "calcification-mg"),
    ],
)
def test_the_card_that_shares_most_with_a_question_is_nearest(words, language, card):
    assert nearest(words, language)[0].card.id == card


def test_words_that_no_card_holds_and_words_that_say_nothing_are_near_to_none():
    assert nearest("how do you do, please", "en") == ()
    assert not [one for one in nearest("zzyzx qwvkx", "en") if one.nearness > 1]


def counted(words: Mapping[str, float]) -> Counter[str]:
    """How much words say of what."""
    said: Counter[str] = Counter()
    for word, weight in words.items():
        for one in card_search._said_by(word):
            said[one] += weight
    return said


@pytest.mark.parametrize(
    ("words", "language"),
    [("white tiny specks in a mammo", "en"), ("Lisfranc übersehen, zzyzx", "de"), ("p.a. o a.p.?", "es")],
)
def test_the_index_by_what_is_said_gives_what_bm25_gives_card_by_card(words, language):
    counts = [counted(card_search._worded(card, language)) for card in cards()]
    usual = sum(sum(held.values()) for held in counts) / len(counts)
    with_it = Counter(one for held in counts for one in held)
    rarity = {one: math.log(1 + (len(counts) - n + 0.5) / (n + 0.5)) for one, n in with_it.items()}
    unknown = max(rarity.values()) / 2
    said = counted(dict.fromkeys(card_search._words(words, language), 1.0))
    weights = {one: (0.3 if one[0] == "~" else 1) * rarity.get(one, unknown) for one in said}
    wanted = {}
    for card, held in zip(cards(), counts, strict=True):
        size = 1.2 * (1 - 0.75 + 0.75 * sum(held.values()) / usual)
        score = sum(w * held[one] * 2.2 / (held[one] + size) for one, w in weights.items() if one in held)
        shared = sum(w for one, w in weights.items() if one in held) / sum(weights.values())
        wanted |= {card.id: score * math.sqrt(shared)} if score else {}
    wanted = {one: score for one, score in wanted.items() if score >= max(wanted.values()) / 10}
    found = nearest(words, language)
    assert {one.card.id: one.nearness for one in found} == pytest.approx(wanted, rel=1e-9)
    assert [one.card.id for one in found] == sorted(wanted, key=wanted.__getitem__, reverse=True)


# Of the phrases of a language, one in five left out, 75 to 77 in 100 found their card among the first three
# when this was written, 58 to 60 as the first; 96 in 100 long cards were found by one.
FIRST_THREE, VERY_FIRST, OF_LESSONS, FOLDS, LEFT_OUT = 0.7, 0.52, 0.93, 5, 2


@pytest.fixture
def held_out(monkeypatch):
    """What leaves out one in five of the phrases of every card, beginning with a given one."""

    def leave_out(fold):
        def kept(card: Card, language: str) -> tuple[str, ...]:
            return tuple(one for at, one in enumerate(asked_in(card, language)) if at % FOLDS != fold)

        monkeypatch.setattr(card_search, "asked_in", kept)
        forget()

    def forget():
        card_search._index.cache_clear()
        nearest.cache_clear()

    yield leave_out
    forget()


def test_most_phrases_that_the_search_was_not_given_find_their_card(held_out):
    places: dict[tuple[str, str], list[int]] = {}
    held_out(LEFT_OUT)
    for language, card in itertools.product(languages(), cards()):
        for phrase in asked_in(card, language)[LEFT_OUT::FOLDS]:
            ids = [one.card.id for one in nearest(phrase, language)[:NAMED]]
            place = ids.index(card.id) if card.id in ids else NAMED
            places.setdefault((language, card.id), []).append(place)
    for language in languages():
        found = [place for (spoken, _), those in places.items() if spoken == language for place in those]
        assert sum(place < NAMED for place in found) >= FIRST_THREE * len(found)
        assert sum(place == 0 for place in found) >= VERY_FIRST * len(found)
    lessons = [one.id for one in cards() if one.words]
    found = [one for one in lessons if any(min(places[at, one], default=NAMED) < NAMED for at in languages())]
    assert len(found) >= OF_LESSONS * len(lessons)


@pytest.mark.parametrize("language", languages())
def test_a_phrase_finds_the_card_that_it_stands_under(language):
    asked = [(card.id, one) for card in cards() for one in asked_in(card, language)][::5]
    first = sum(card == found[0].card.id for card, one in asked if (found := nearest(one, language)))
    assert first >= 0.99 * len(asked)


@pytest.mark.parametrize(
    ("words", "language", "card"),
    [
        ("Wie misst man denn an einer verbogenen Wirbelsäule die Grade nach Cobb?", "de", "scoliosis-film"),
        ("¿qué es esa burbuja de aire negra debajo del diafragma en la placa?", "es", "free-air-film"),
        (
            "little white dots in the breast picture, which ones are suspicious calcium?",
            "en",
            "calcification-mg",
        ),
        # Heard as one about pictures, or about an answer, that are not there.
        ("flat versus raised spots, macule against papule", "en", "primary-lesions"),
        (
            "which artery, lens shaped white, and why does it stop at the sutures",
            "en",
            "epidural-or-subdural",
        ),
        ("Wie sieht Rötung bei schwarzer Haut aus?", "de", "redness-dark-skin"),
    ],
)
def test_a_question_in_other_words_than_the_cards_shows_it(words, language, card):
    (task,) = make_tasks(in_english(talk(words, language=language, spoken=language)))
    titles = {one.title: one.id for one in cards()}
    assert card in (task.detail.split() or [titles[task.clause]])


def answer(words, *rows, past=(), **more):
    now = in_english(talk(words, *rows, past=past, **more))
    return compose(make_tasks(now), now)


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_a_card_found_by_its_words_is_shown_after_the_word_that_it_may_not_be_it(language, monkeypatch):
    monkeypatch.setattr(chosen, "SURELY", 1.1)
    words = {
        "en": "coffee bean shape of the bowel",
        "de": "Kaffeebohne, Volvulus des Sigmas",
        "es": "vólvulo, grano de café",
    }
    said = answer(words[language], language=language, spoken=language)
    assert say("teaching.nearest", language) in said and "volvulus" in said.lower().replace("ó", "o")


def test_where_several_are_as_near_the_first_is_shown_and_titles_of_others_are_told():
    said = answer("Which of the following is characteristic of a solid nodule?")
    assert said.startswith(say("teaching.nearest"))
    assert said.splitlines()[-1].startswith(say("teaching.others", titles="").rstrip(" ."))
    assert said.splitlines()[-1].count("“") == NAMED - 1


def test_where_none_is_near_enough_only_titles_are_told():
    said = answer("how many teeth does a shark have in its jaw")
    assert said.startswith(say("teaching.near", titles="").split(":")[0].rsplit(".", 1)[0])
    assert said.count("“") == NAMED


def test_what_no_card_is_near_to_stays_unknown_and_a_danger_is_none_of_it():
    assert answer("what is insulin used for") == say("chat.textbook")
    assert "emergency" in answer("my dad has crushing chest pain and is grey, pneumothorax?")


def test_a_reading_beside_a_picture_is_not_taken_for_a_lesson():
    said = answer("is there a pneumothorax?", row(1, CHEST))
    assert say("teaching.nearest") not in said


def test_a_lesson_goes_on_from_what_was_asked_before():
    past = (PastTurn("so is it BI-RADS 5?", (), (), "I cannot tell."),)
    said = answer("a table of all categories please", row(1, CHEST), past=past)
    assert "BI-RADS" in said and say("chat.textbook") not in said
