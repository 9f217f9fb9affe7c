"""A message with several wishes: each is planned as a message of its own; what is only told gets no answer.

“What is this, and the kV?”, “hi, I teach nurses. Is it sharp?”: a part counts that asks or orders by its own
words, or that names what a file states; a message whose parts are not all understood stays whole.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.hearing.talk import heard_as_talk
from assistant.planning.by_card import is_a_word
from assistant.planning.card_quiz import CARDS, begins
from assistant.planning.conversation import Conversation
from assistant.planning.danger import RULED
from assistant.planning.declined import wanted
from assistant.planning.for_readers import before_options
from assistant.planning.glossed import alone
from assistant.planning.harked import SHORTER
from assistant.planning.judge import asked
from assistant.planning.looked_back import BY_SOURCE, NUMBER
from assistant.planning.named_facts import facts_named
from assistant.planning.polite import is_polite
from assistant.planning.reference import is_elliptical
from assistant.planning.set_right import set_right
from assistant.planning.slices import window_wished
from assistant.planning.small_talk import TOLD
from assistant.planning.task import Task
from assistant.planning.words import Intent, intent_of
from tools.language.header_names import names_in
from tools.language.rules import heard

_APART, _JOINED, _ALSO, _OPENS, _OF_ONESELF, _STANDS_FOR, _POINTS_BACK = (
    heard("questions", one)
    for one in ("apart", "joined", "and_also", "opens", "of_oneself", "stands_for", "points_back")
)
# What is asked by its name alone.
_NAMED: frozenset[Intent] = frozenset({"facts", "header", "quality", "tissue", "slice", "what_is"})
_OF_THE_FILE: frozenset[Intent] = frozenset({"facts", "header"})
# What nothing is done of beside a wish; what words about oneself are taken for besides.
_TELLING: frozenset[Intent] = frozenset({"unclear", "describe", "thanks", "greeting", "claim", "disagree"})
_OF_CASEBOOK: frozenset[Intent] = frozenset({"reader_quality", "capabilities", "textbook"})
# What is told of in several sentences, and answered first: somebody's danger; a region, its shape and place.
_WHOLE: frozenset[Intent] = frozenset({*RULED, "region"})
# What was not understood, or is told by words rather than by what a part asks.
_OPEN: frozenset[Intent] = frozenset({"unclear", "textbook", "claim", "disagree", "limit"})
# What is made of a whole message that holds more than one wish.
_LOOSE: frozenset[Intent] = frozenset({*_OPEN, "talk", "read", "describe", "material", "teach", "glossary"})
_VAGUE: frozenset[Intent] = frozenset({*_OPEN, "read", "describe", "recall", "display"})
_TAUGHT: frozenset[Intent] = frozenset({"teach", "glossary"})
# Ours: more parts are a letter; what is asked by its name alone is shorter; so much talk is only told.
_MOST, _FEW, _ENOUGH = 6, 5, 0.36

_TOLD = frozenset({*TOLD, "sorry"})

Plan = Callable[[Conversation], list[Task]]


def each_wish(talk: Conversation, plan: Plan) -> list[Task]:
    """The tasks of a message: those of its wishes one by one, or of it as a whole.

    Args:
        talk: the conversation.
        plan: makes the tasks of a message that is one wish.
    """
    whole = plan(talk)
    said = talk.said or talk.question
    in_a_quiz = not begins(talk) and any(one.detail == CARDS for one in whole)
    if talk.readers or talk.reader or in_a_quiz or _intents(whole) & _WHOLE or _is_one(said, whole, talk):
        return whole
    parts = _parts(said, talk)
    if not 1 < len(parts) <= _MOST or any(is_elliptical(one, talk) for one in parts):
        return whole
    planned = [(part, plan(alone(part, talk))) for part in parts]
    if any(one.intent == "declined" for _, some in planned for one in some):
        return whole  # “don't just describe it, measure it too”
    wished = [(part, some) for part, some in planned if not (_only_told(part, some, talk) or _of_form(some))]
    tasks = _once([one for _, some in wished for one in some])
    return tasks if _all_understood(wished) and _says_more(tasks, whole) else whole


def _is_one(said: str, whole: list[Task], talk: Conversation) -> bool:
    """Whether the parts of a message mean something together: options, what is set right or left undone."""
    leaves_out, options = wanted(talk.question).declined, before_options(talk.question)
    by_source = any(one.detail == BY_SOURCE for one in whole)  # “which did you read, and which estimate?”
    return bool(leaves_out or options) or by_source or set_right(said, talk.language) is not None


def _parts(said: str, talk: Conversation) -> list[str]:
    """The sentences of a message, and those of their clauses that ask, order or name a fact by themselves."""
    parts: list[str] = []
    for sentence in (one.strip() for one in _APART.split(said)):
        pieces = [_ALSO.sub("", one.strip(" ,;")) for one in _JOINED.split(sentence)]
        begun, stands = False, False
        for piece in (one for one in pieces if any(map(str.isalnum, one))):
            wishes = bool(_OPENS.search(piece)) or _by_name(piece, talk)
            # “Before I add anything, do you look at it”: what does not stand by itself belongs to what does.
            if begun and not (wishes and stands):
                parts[-1] = f"{parts[-1]}, {piece}"
            else:
                parts.append(piece)
            begun, stands = True, stands or wishes
        if sentence.endswith("?") and begun and parts[-1][-1] != "?":
            parts[-1] = f"{parts[-1]}?"
    return parts


def _by_name(piece: str, talk: Conversation) -> bool:
    """Whether a few words name what is asked of a file or its slice: “kV”, “the bone window”."""
    if len(piece.split()) > _FEW or not talk.ids or any(map(str.isdigit, piece)):
        return False
    words = alone(piece, talk).question
    return bool(names_in(piece) or window_wished(words)) or asked(words, talk).intent in ("tissue", "slice")


def _only_told(part: str, tasks: list[Task], talk: Conversation) -> bool:
    """Whether a part greets, thanks or tells, and wishes nothing."""
    if "?" in part or _OPENS.search(part):
        return False
    told = heard_as_talk(part, talk.language)
    if is_polite(part) or (told.kind in _TOLD and told.score >= _ENOUGH and told.lead > 0):
        return True
    if intent_of(alone(part, talk).question)[0] == "describe":
        return False  # “describe it”
    intents = _intents([one for one in tasks if one.intent != "recall" or one.detail])
    return intents <= _TELLING or (bool(_OF_ONESELF.search(part)) and intents <= _TELLING | _OF_CASEBOOK)


def _of_form(tasks: list[Task]) -> bool:
    """Whether a part only says in which form the rest is wished: “numbers only”."""
    return all(one.intent == "recall" and one.detail in (NUMBER, SHORTER) for one in tasks)


def _all_understood(wished: list[tuple[str, list[Task]]]) -> bool:
    """Whether every part is a wish by its own words that is answered."""
    before: frozenset[Intent] = frozenset()
    for part, tasks in wished:
        intents = _intents(tasks)
        if not intents or intents & (RULED | _OPEN):
            return False
        by_name = intents <= _NAMED and len(part.split()) <= _FEW
        if before and not (by_name or _OPENS.search(part) or "?" in part or intents <= {"talk"}):
            return False
        if before and (_STANDS_FOR if before & _TAUGHT else _POINTS_BACK).search(part):
            return False  # “what is a pneumothorax, and how is it treated?”
        before = intents
    return bool(wished)


def _says_more(tasks: list[Task], whole: list[Task]) -> bool:
    """Whether the parts ask for more than was heard in the whole, and for all of that."""
    of_parts, of_whole = _intents(tasks), _intents(whole)
    if of_parts <= _OF_THE_FILE and all(facts_named(one) for one in tasks):
        return True  # what only a file states is asked for by its names
    new, lost = of_parts - of_whole, of_whole - of_parts
    if lost == {"measure"} and new and new <= _OF_THE_FILE:
        return True  # “how large is a pixel” is no size of a lesion
    if not of_whole & _LOOSE and len(whole) >= len(tasks):
        return False
    if of_parts & _OF_THE_FILE:
        lost -= _OF_THE_FILE  # “what are slope and intercept”: by name it is asked for all the same
    if lost == {"glossary"} and new == {"teach"}:
        return not any(is_a_word(one) for one in whole)
    cards = {one.clause for one in tasks if one.intent == "teach"}
    return lost <= _LOOSE - _TAUGHT - {"talk"} and bool(new - _VAGUE or lost or len(cards) > 1)


def _once(tasks: list[Task]) -> list[Task]:
    """The tasks, each once."""
    return list({(one.intent, one.images, one.detail, one.clause.lower()): one for one in tasks}.values())


def _intents(tasks: list[Task]) -> frozenset[Intent]:
    return frozenset(one.intent for one in tasks)
