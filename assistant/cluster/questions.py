"""Questions with known answers, asked on a cluster.

Each process has an installation of its own in a folder that goes away with it: chats and images are written
there. Models and the case library are those of the machine's Casebook folder: a question that orders a case
to be kept writes there, as it does without a cluster.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.chat import Assistant
from assistant.cluster.crew import Here, Lost, Sent
from assistant.cluster.joining import Cluster
from assistant.cluster.likeness import computed_with, require_alike
from assistant.cluster.packed import Packed, pack
from assistant.cluster.weights import weights_bytes
from assistant.cluster.worker import Refusal
from assistant.evaluation.asking import Examinee, Replies
from assistant.evaluation.made_with import answered_with
from assistant.evaluation.questions import Question
from assistant.evaluation.run import Ask
from assistant.settings import load_settings
from store.errors import CaseError, SetupError
from tools.files.workplace import workplace

_LOST = (
    "The worker of the cluster that was asked ended three times; its memory may have run out. The same "
    "command asks again."
)
_SHARED = ("models", "library")
"""What of the Casebook folder a process looks into."""


@dataclass(frozen=True)
class QuestionJob:
    """Asking questions.

    Attributes:
        home: the Casebook folder here; a machine that has it not takes its own.
        reader: name of the reader that both must ask; None lets each picture's kind decide.
        alone: whether the reader is asked by itself.
        agent: whether the agent is asked.
        revision: of the agent's language model, where it is known.
    """

    home: Path
    reader: str | None
    alone: bool
    agent: bool
    revision: str | None
    loads_a_model: bool = True

    def open(self) -> _Asking:
        """Make an installation beside the Casebook folder of this machine."""
        settings = load_settings(home=self.home) if self.home.is_dir() else load_settings()
        stack = ExitStack()
        own = stack.enter_context(workplace()) / "home"
        own.mkdir(mode=0o700)
        for name in _SHARED:
            if (there := settings.home / name).exists():
                (own / name).symlink_to(there)
        # Chats are written, so they stay off databases and stores that others share.
        apart = {"home": own, "database_url": None, "pictures_url": None}
        assistant = stack.enter_context(Assistant(settings.model_copy(update=apart)))
        asked = Examinee(assistant, self.reader, self.alone, self.agent, self.revision)
        return _Asking(asked, stack.enter_context(workplace()), stack)


@dataclass(frozen=True)
class _Asking:
    asked: Examinee
    folder: Path
    stack: ExitStack

    @property
    def nbytes(self) -> int:
        return weights_bytes(self.asked)

    def about(self) -> Mapping[str, Any]:
        return _depends_on(self.asked)

    def do(self, item: tuple[Question, tuple[Packed, ...]]) -> Replies:
        question, sent = item
        return self.asked.ask(replace(question, images=tuple(map(self._laid_out, sent))))

    def _laid_out(self, packed: Packed) -> Path:
        """Where a picture lies, by its content: the one of the question before is not decoded again."""
        digest = hashlib.sha256(repr([len(one) for one in packed.files]).encode())
        for one in packed.files:
            digest.update(one)
        place = self.folder / digest.hexdigest()
        return place if place.exists() else packed.lay_out(place)


def asking_over(cluster: Cluster) -> Callable[[Examinee], Ask]:
    """What asks questions on a cluster, as `assistant.evaluation.run.evaluate` takes it."""

    def over(asked: Examinee) -> Ask:
        def ask(questions: Sequence[Question]) -> Generator[Replies, None, None]:
            home = asked.assistant.services.settings.home
            job = QuestionJob(home, asked.reader, asked.alone, asked.agent, asked.revision)
            with cluster.crew(job) as crew:
                require_alike(crew.open().about, _depends_on(asked))
                with closing(crew.map(_sent(questions, asked))) as answers:
                    for answer in answers:
                        yield _replies(answer, asked)

        return ask

    return over


def _depends_on(asked: Examinee) -> dict[str, Any]:
    """What answers depend on, the cases that the agent may find included."""
    with asked.assistant.library.index.reading() as session:
        cases = session.tokens()
    told = {**answered_with(asked), **computed_with(), "case library": cases}
    found: dict[str, Any] = json.loads(json.dumps(told))
    return found


def _sent(questions: Sequence[Question], asked: Examinee) -> Iterator[Sent | Here]:
    """Questions with their pictures; one whose pictures cannot be sent is asked here, which says why."""
    most = asked.assistant.services.decoder.limits.max_bytes
    for question in questions:
        packed = [pack(path, most) for path in question.images]
        there = tuple(one for one in packed if one is not None)
        if len(there) < len(packed):
            yield Here(asked.ask(question))
        else:
            yield Sent((replace(question, images=()), there), sum(one.size for one in there))


def _replies(answer: Any, asked: Examinee) -> Replies:
    if isinstance(answer, Lost):
        return asked.failed(CaseError(_LOST))
    if isinstance(answer, Refusal):
        raise SetupError(f"On a machine of the cluster: {answer.text}")
    replies: Replies = answer
    return replies
