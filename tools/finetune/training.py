"""Train an adapter: transformers' Trainer and PEFT, by the recipe, resumable after a kill.

Order: rows → the folder is free → every picture opened, every row counted in tokens → base → adapter on it →
train, validating after each epoch → adapter, curve and card.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.errors import CaseError
from tools.files.decoding import Decoder
from tools.finetune.adapter_out import write_adapter
from tools.finetune.batches import BATCHERS, Batcher, Lesson
from tools.finetune.curve import draw_curve
from tools.finetune.recipe import Recipe
from tools.finetune.rows import Example, check_each, read_examples, split_by_group
from tools.finetune.run_folder import CHECKPOINTS, CURVE, LOSSES, check_free, claim, describe, last_checkpoint
from tools.models.stand_ins.files import write_json
from tools.models.systems.packages import require_packages
from tools.models.weights.assembling import assemble, control_words, find_parts, load_processor

Told = Callable[[int, int, float], None]
"""Called after each step with the step, how many there are, and the loss."""

ADAPTER = ".lora_"
"""In the name of every parameter of a LoRA adapter. Source: PEFT."""


@dataclass(frozen=True)
class Finished:
    """What came of a run.

    Attributes:
        adapter: the folder, which holds the adapter, its card, the curve and the losses.
        steps: taken in all.
        resumed_at: the step at which an earlier run was taken up, 0 for a fresh one.
        training: (step, loss) of each step.
        validation: (step, loss) after each epoch.
        parameters: how many numbers were trained.
    """

    adapter: Path
    steps: int
    resumed_at: int
    training: tuple[tuple[int, float], ...]
    validation: tuple[tuple[int, float], ...]
    parameters: int


def finetune(
    recipe: Recipe,
    table: Path,
    base: Path,
    out: Path,
    *,
    device: str = "auto",
    save_every: int = 50,
    told: Told | None = None,
) -> Finished:
    """Train an adapter on the rows of `table`.

    Args:
        recipe: how.
        table: a CSV file, see `rows`.
        base: folder of the base's whole weights.
        out: folder for everything that is written; a run that was cut off goes on from its last checkpoint.
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        save_every: steps between two checkpoints.
        told: progress.

    Raises:
        CaseError: the table or the folder cannot be used.
        SetupError: the base is missing, another model, or does not run here.
    """
    require_packages(recipe.system)
    examples = read_examples(table)
    training, validation = split_by_group(examples)
    model_class, config_class, processor_class, kind = _classes(recipe.system)
    parts = find_parts(base, None, system=recipe.system, architecture=kind, base_name=recipe.base)
    batcher = BATCHERS[recipe.system](
        processor := load_processor(parts, processor_class, system=recipe.system)
    )
    check_free(out, run := describe(recipe, examples, base))
    with Decoder() as decoder:
        _check(examples, recipe, batcher, control_words(processor.tokenizer), decoder)
        claim(out, run)
        assembled = assemble(parts, model_class, config_class, (), system=recipe.system, device=device)
        model = _with_adapter(assembled.model, recipe, base)
        arguments = _arguments(recipe, out, save_every, device=assembled.device, rows=len(training))
        kept_aside = _Lessons(validation, recipe, decoder)
        trainer = _trainer(model, arguments, _Lessons(training, recipe, decoder), kept_aside, batcher)
        if told:
            trainer.add_callback(_progress(told))
        resumed = last_checkpoint(out)
        trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
    finished = _finished(out, trainer, resumed)
    _write(finished, model, recipe, parts.stand_in, (len(training), len(validation)))
    return finished


def _classes(system: str) -> tuple[Any, Any, Any, str]:
    import transformers

    name, kind = {"radiographer": ("Mllama", "mllama"), "derm-captioner": ("PaliGemma", "paligemma")}[system]
    ends = ("ForConditionalGeneration", "Config", "Processor")
    model, config, processor = (getattr(transformers, name + end) for end in ends)
    return model, config, processor, kind


def _check(
    examples: Sequence[Example], recipe: Recipe, batcher: Batcher, controls: Sequence[str], decoder: Decoder
) -> None:
    """Open every picture and count every row's tokens before hours are spent.

    Raises:
        CaseError: names the rows that cannot be used by line.
    """

    def problem(one: Example) -> str | None:
        question = one.question or recipe.question
        for control in controls:
            if control in question or control in one.text:
                return f"it holds {control!r}, which {recipe.system} reads as a command."
        if (size := batcher.tokens(question, one.text)) > recipe.longest:
            return f"question and text take {size} tokens of {recipe.longest}."
        try:
            found = decoder.read(one.image)
        except CaseError as error:
            return f"its picture cannot be used. {error}"
        return None if len(found) == 1 else "its file holds several pictures; give one."

    check_each(examples, problem)


class _Lessons:
    """Rows with their pictures, decoded when they are needed."""

    def __init__(self, examples: Sequence[Example], recipe: Recipe, decoder: Decoder) -> None:
        self._examples, self._recipe, self._decoder = examples, recipe, decoder

    def __len__(self) -> int:
        return len(self._examples)

    def __getitem__(self, place: int) -> Lesson:
        one = self._examples[place]
        image = self._decoder.read(one.image)[0]
        return Lesson(image.pixels, one.question or self._recipe.question, one.text)


def _with_adapter(model: Any, recipe: Recipe, base: Path) -> Any:
    """`model` with a fresh adapter, whose parameters are the only ones that learn."""
    from peft import LoraConfig, get_peft_model
    from transformers import set_seed

    set_seed(recipe.seed)
    config = LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        lora_dropout=0.0,
        bias="none",
        target_modules=list(recipe.targets),
        task_type="CAUSAL_LM",
    )
    model.config.get_text_config().use_cache = False
    # Else PEFT asks the hub for the base's settings each time it saves.
    model.name_or_path = str(base)
    return get_peft_model(model, config)


def _arguments(recipe: Recipe, out: Path, save_every: int, *, device: str, rows: int) -> Any:
    """The recipe in the Trainer's words."""
    from transformers import TrainingArguments

    on_gpu = device != "cpu"
    return TrainingArguments(
        output_dir=str(out / CHECKPOINTS),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch,
        per_device_eval_batch_size=recipe.batch,
        gradient_accumulation_steps=recipe.accumulate,
        learning_rate=recipe.learning_rate,
        weight_decay=recipe.weight_decay,
        lr_scheduler_type="linear",
        seed=recipe.seed,
        data_seed=recipe.seed,
        # Activations are computed again instead of kept: the base fills most of the memory.
        activation_checkpointing=True,
        activation_checkpointing_kwargs={"use_reentrant": False},
        bf16=on_gpu,
        use_cpu=not on_gpu,
        logging_steps=1,
        # After each epoch, counted in steps: so it comes before a checkpoint of the same step, and is in it.
        eval_strategy="steps",
        eval_steps=-(-rows // (recipe.batch * recipe.accumulate)),
        prediction_loss_only=True,
        save_strategy="steps",
        save_steps=save_every,
        save_total_limit=2,
        remove_unused_columns=False,
        label_names=["labels"],
        report_to=[],
        disable_tqdm=True,
        dataloader_pin_memory=on_gpu,
    )


def _trainer(model: Any, arguments: Any, training: _Lessons, validation: _Lessons, batcher: Batcher) -> Any:
    from transformers import PrinterCallback, Trainer

    trainer = Trainer(
        model=model, args=arguments, data_collator=batcher, train_dataset=training, eval_dataset=validation
    )
    # It prints to standard output.
    trainer.remove_callback(PrinterCallback)
    return trainer


def _progress(told: Told) -> Any:
    from transformers import TrainerCallback

    class Progress(TrainerCallback):  # type: ignore[misc]
        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:  # noqa: ARG002
            if logs and "loss" in logs:
                told(state.global_step, state.max_steps, float(logs["loss"]))

    return Progress()


def _finished(out: Path, trainer: Any, resumed: Path | None) -> Finished:
    log: Sequence[Mapping[str, Any]] = trainer.state.log_history
    return Finished(
        adapter=out,
        steps=int(trainer.state.global_step),
        resumed_at=int(resumed.name.removeprefix("checkpoint-")) if resumed else 0,
        training=tuple((int(one["step"]), float(one["loss"])) for one in log if "loss" in one),
        validation=tuple((int(one["step"]), float(one["eval_loss"])) for one in log if "eval_loss" in one),
        parameters=sum(one.numel() for one in trainer.model.parameters() if one.requires_grad),
    )


def _write(finished: Finished, model: Any, recipe: Recipe, stand_in: bool, counts: tuple[int, int]) -> None:
    out = finished.adapter
    write_json(out / LOSSES, {"training": finished.training, "validation": finished.validation})
    draw_curve(out / CURVE, finished.training, finished.validation)
    facts = {
        "rows": f"{counts[0]} to train on, {counts[1]} to validate on, split by group",
        "steps": str(finished.steps),
        "numbers trained": str(finished.parameters),
        "loss on the training rows, first and last step": (
            f"{finished.training[0][1]:.4f}, {finished.training[-1][1]:.4f}"
        ),
        "loss on the validation rows, last": f"{finished.validation[-1][1]:.4f}",
    }
    write_adapter(out, model, recipe, stand_in=stand_in, facts=facts)
