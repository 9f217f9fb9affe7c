"""Train the ear on the examples, judge it on writers left out, and write ``ear.npz`` and ``CARD.md``.

    python -m assistant.hearing.train --out assistant/hearing [--general]

With ``--general`` only what is asked in general or of what was said before, what wants no tool, and what is
said in a quiz are learned anew, beside the ear as it is. The same examples give the same file. Needs
scikit-learn (``make ears``).
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

from assistant.hearing.card import write_card, write_general_card, write_talk_card
from assistant.hearing.chats import chats, said_in
from assistant.hearing.ear import MODEL_FILE, heard_with
from assistant.hearing.examples import Example, examples
from assistant.hearing.figures import general_left_out, left_out, talk_left_out, thresholds
from assistant.hearing.fit import DANGERS, NONE, fit, fit_general, fit_harks, fit_talk, fit_undone
from assistant.hearing.general import MODEL_FILE as GENERAL_FILE
from assistant.hearing.grams import VERSION
from assistant.hearing.harks import MODEL_FILE as HARKS_FILE
from assistant.hearing.quiz_moves import MODEL_FILE as QUIZ_FILE
from assistant.hearing.talk import MODEL_FILE as TALK_FILE
from assistant.hearing.talk import OTHER
from prompts import HARKS, QUIZ, TALK, UNDONE
from tools.language.declined import declined
from tools.language.learned import read_learned

# The languages that the examples of ``prompts/undone`` are in.
ANSWERED = ("en", "de", "es")
DECLINED = "declined"
"""The intent of messages that only say what is not to be done."""
# What denies, if anything, how somebody is: a message of another intent may say besides what not to do.
NO_WISHES = ("personal", "none", "advice", "harm", "glossary", "treat_as", "limit", *DANGERS)

# What may ask of what was said before.
_MAY_HARK = ("chat", "talk", "recall", "why", "claim", "disagree", "sent", "declined", "compare", "matches")
# Ours: a few thousand of those that ask nothing of it are enough.
_EVERY_OTHER = 12
# Ours: of these as many as of what is said in a quiz are enough beside it.
_BESIDE_A_QUIZ = 6
NOTHING = "none"
"""The intent of messages on other subjects."""
OF_SOMETHING = ("general", "picture", "chat", "library")
"""What messages of chats are about that are no talk."""
# Intents that hold some talk, each in its way.
LIKE_TALK = ("capabilities", "other", "personal", "advice", "harm", "privacy", "disagree", "claim", *DANGERS)

# Ours: enough beside the talk itself.
_SELDOM = 10
# Ours: clauses are short, and a few thousand of those that leave nothing undone are enough.
_LONGEST, _EVERY = 14, 5

LOG = logging.getLogger("casebook.ears")


def main(arguments: list[str] | None = None) -> None:
    """Run the whole training. See the module's text for the arguments."""
    parser = argparse.ArgumentParser(prog="python -m assistant.hearing.train")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="where ear.npz and CARD.md go"
    )
    parser.add_argument("--general", action="store_true", help="only general, harks, talk and quiz")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if not options.general:
        train(options.out)
    train_general(options.out)
    train_harks(options.out)
    train_talk(options.out)
    train_quiz(options.out)


def train(out: Path) -> None:
    """Train on all examples; judge, and set the thresholds, on one writer left out after the other."""
    known = examples()
    LOG.info("%d examples", len(known))
    judged = left_out(known)
    learned = fit(known)
    learned["thresholds"] = thresholds(judged)
    np.savez_compressed(out / "ear.npz", allow_pickle=False, **learned)
    undone = fit_undone(examples(UNDONE), others_of(known))
    np.savez_compressed(out / "undone.npz", allow_pickle=False, **undone)
    write_card(out / "CARD.md", known, judged, learned["thresholds"])


def train_general(out: Path) -> None:
    """Train on the chats, with what the ear in this folder hears; judge on one writer left out at a time."""
    known = said_in(chats())
    learned = read_learned(out / MODEL_FILE.name, VERSION)
    heard = [heard_with(learned, one.text) for one in known]
    scores = general_left_out(known, heard)
    np.savez_compressed(out / GENERAL_FILE.name, allow_pickle=False, **fit_general(known, heard))
    write_general_card(out / "GENERAL.md", known, scores)


def train_harks(out: Path) -> None:
    """Train on what asks of what was said before, beside what does not, with what the ear here hears."""
    learned = read_learned(out / MODEL_FILE.name, VERSION)
    known = [*examples(HARKS), *_of_none()]
    heard = [heard_with(learned, one.text) for one in known]
    np.savez_compressed(out / HARKS_FILE.name, allow_pickle=False, **fit_harks(known, heard))


def _of_none() -> list[Example]:
    """Messages that ask nothing of what was said before: of chats, and some of every other intent."""
    of_chats = [one for one in said_in(chats()) if one.intent not in _MAY_HARK]
    others = [
        one
        for one in examples()
        if one.intent not in _MAY_HARK
        and len(one.text.split()) <= _LONGEST
        and crc32(one.text.encode()) % _EVERY_OTHER == 0
    ]
    return [Example(NONE, one.writer, one.text) for one in (*of_chats, *others)]


def train_quiz(out: Path) -> None:
    """Train on what people say in a quiz, beside what they say out of one, with what the ear here hears."""
    learned = read_learned(out / MODEL_FILE.name, VERSION)
    own = examples(QUIZ)
    told = {one.text.casefold() for one in own}
    apart = (one for one in _of_none() if one.text.casefold() not in told)
    known = [*own, *(one for one in apart if crc32(one.text.encode()) % _BESIDE_A_QUIZ == 0)]
    heard = [heard_with(learned, one.text) for one in known]
    np.savez_compressed(out / QUIZ_FILE.name, allow_pickle=False, **fit_talk(known, heard))


def train_talk(out: Path) -> None:
    """Train on messages that want no tool, and on others beside them; judge on a fifth left out at a time."""
    known = [*examples(TALK), *beside_talk()]
    learned = read_learned(out / MODEL_FILE.name, VERSION)
    heard = [heard_with(learned, one.text) for one in known]
    np.savez_compressed(out / TALK_FILE.name, allow_pickle=False, **fit_talk(known, heard))
    write_talk_card(out / "TALK.md", known, talk_left_out(known, heard))


def beside_talk() -> list[Example]:
    """Messages of chats and of intents that want something else, and some that are about other subjects."""
    told = {one.text.casefold() for one in examples(TALK)}
    in_chats = [one for one in said_in(chats()) if one.intent in OF_SOMETHING]
    wished = [one for one in examples() if one.language in ANSWERED and one.intent not in LIKE_TALK]
    some = [one for one in wished if crc32(one.text.encode()) % _SELDOM == 0]
    return [
        Example("off_topic" if one.intent == NOTHING else OTHER, one.writer, one.text)
        for one in (*in_chats, *some)
        if one.text.casefold() not in told
    ]


def others_of(known: Sequence[Example]) -> list[Example]:
    """Messages that leave nothing undone: what is wished without a word that denies, and what is no wish."""
    denies = (declined().taking_back, declined().denying)
    return [
        one
        for one in known
        if one.language in ANSWERED
        and one.intent != DECLINED
        and len(one.text.split()) <= _LONGEST
        and crc32(one.text.encode()) % _EVERY == 0
        and (one.intent in NO_WISHES or not any(pattern.search(one.text) for pattern in denies))
    ]


if __name__ == "__main__":
    main()
