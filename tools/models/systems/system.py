"""`System`: the card of one published system, and which of a repository's files belong to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from store.records import Domain, Modality
from tools.cards import Card
from tools.models.systems.reading import Sampling

Kind = Literal["reader", "encoder"]
"""``reader`` answers in words; ``encoder`` turns pictures into vectors."""

TRANSFORMERS_FILES = (
    "*.json",
    "*.safetensors",
    "pytorch_model*.bin",
    "adapter_model.bin",
    "tokenizer.model",
    "merges.txt",
    "chat_template.jinja",
)
"""What transformers and PEFT read of a repository, at its top level. Source: their file name constants."""

SAVED_MODEL_FILES = ("saved_model.pb", "fingerprint.pb", "variables/*", "assets/*", "*.json")
"""The parts of a SavedModel. Source: https://www.tensorflow.org/guide/saved_model."""

WEIGHTS = (".safetensors", ".bin")
PROCESSOR = ("preprocessor_config.json", "processor_config.json")
"""A checkpoint with one of these brings its own processor."""


@dataclass(frozen=True)
class System:
    """The card of one published system: all that is known of it before its weights are there.

    Attributes:
        name: what it is called in Casebook.
        checkpoint: repository of its weights.
        base: repository of the weights an adapter sits on, or None.
        domain: which images it is for.
        kind: what it gives back.
        what: what it is in Casebook, after its name.
        architecture: the model, and the class that holds it.
        licence: its name.
        terms: what the licence asks for, in a clause.
        conditions: what whoever pulls it accepts, a sentence each.
        licence_url: where the licence is to be read.
        disk_gb: size of weights and base, rounded up, or None where it is not published.
        values_b: how many numbers the weights are, in thousand millions, counted from the settings of the
            architecture with an adapter merged into its base; None where those are not published.
        extra: the group of packages that runs it.
        revision: branch, tag or commit that is pulled when none is asked for.
        files: patterns of the files that belong to it.
        gated: repositories that need a token whose account has accepted their conditions.
        modalities: DICOM modality codes of the images it is for.
        prompts: questions of its authors, the default first; empty for encoders.
        templates: how a question can be put to it, the default first.
        sampling: how it answers in Casebook.
        authors_sampling: how its authors let it answer, by name; offered, never the default.
        english_only: whether its card names no other language.
        input_contract: shape, dtype and range of what it takes.
        intended_use: what it is for, in a sentence.
        limits: where it ends, a sentence each.
        disclaimers: safety texts that every answer using it carries.
        source: where all this is said.
    """

    name: str
    checkpoint: str
    base: str | None
    domain: Domain
    kind: Kind
    what: str
    architecture: str
    licence: str
    terms: str
    conditions: tuple[str, ...]
    licence_url: str
    disk_gb: float | None
    values_b: float | None
    input_contract: str
    intended_use: str
    limits: tuple[str, ...]
    disclaimers: tuple[str, ...]
    source: str
    modalities: tuple[Modality, ...]
    extra: str = "models"
    revision: str = "main"
    files: tuple[str, ...] = TRANSFORMERS_FILES
    gated: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    authors_sampling: Mapping[str, Sampling] = field(default_factory=dict)
    english_only: bool = True

    def needed(self, names: Iterable[str]) -> list[str]:
        """Those of a repository's file `names` that belong to the system.

        Safetensors make pickled weights of the same kind superfluous. Folders inside the repository
        (intermediate checkpoints, other frameworks) are left alone unless a pattern names them.
        """
        found = [
            name
            for name in names
            if any(name.count("/") == one.count("/") and fnmatchcase(name, one) for one in self.files)
        ]
        stems = {name.split("model")[0] for name in found if name.endswith(".safetensors")}
        pickled = {"": "pytorch_", "adapter_": "adapter_"}
        superfluous = tuple(f"{pickled[stem]}model" for stem in stems if stem in pickled)
        return sorted(
            name
            for name in found
            if not (name.endswith((".bin", ".bin.index.json")) and name.startswith(superfluous))
        )

    def choice_of_base(self, names: Sequence[str]) -> Callable[[list[str]], list[str]] | None:
        """How to choose the base's files to go with a checkpoint of the files `names`; None: no base needed.

        An adapter needs all of its base. Merged weights need the base's processor if they bring none.
        """
        if "adapter_config.json" in names:
            return self.needed
        if any(name in names for name in PROCESSOR):
            return None
        return lambda there: [
            name for name in self.needed(there) if not is_weights(name) and not name.endswith(".index.json")
        ]

    def card(self, revision: str) -> Card:
        """The card that evidence, the page and the README show, for weights of commit `revision`."""
        return Card(
            name=self.name,
            checkpoint=self.checkpoint if self.base is None else f"{self.checkpoint} on {self.base}",
            revision=revision,
            modalities=self.modalities,
            input_contract=self.input_contract,
            labels=(),
            licence=self.licence,
            intended_use=self.intended_use,
            limits=self.limits,
            disclaimers=self.disclaimers,
            source=self.source,
        )

    def to_dict(self) -> dict[str, Any]:
        """The card as one JSON object."""
        import dataclasses

        return dataclasses.asdict(self)


def is_weights(name: str) -> bool:
    """Whether the file called `name` holds weights, so that it is large."""
    return name.endswith(WEIGHTS)


def setting_of(system: System, what: str) -> str:
    """The variable that holds the ``path`` or ``base`` of `system`."""
    return f"CASEBOOK_{system.name.replace('-', '_')}_{what}".upper()
