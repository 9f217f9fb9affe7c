"""`casebook finetune` on stand-ins: a check of the recipe's code, not a retraining."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant.__main__ import main
from store.errors import CaseError, SetupError
from tests.child import environment
from tests.packages import needs
from tools.finetune import training
from tools.finetune.batches import IGNORED, Lesson, MllamaBatcher, PaliGemmaBatcher
from tools.finetune.recipe import RECIPES, recipe_of
from tools.finetune.rows import read_examples, split_by_group
from tools.finetune.run_folder import last_checkpoint
from tools.models.readers.mllama import load_radiographer
from tools.models.readers.paligemma import load_derm_captioner

pytestmark = needs("torch", "transformers", "peft", "accelerate")

LOADERS = {"radiographer": load_radiographer, "derm-captioner": load_derm_captioner}
TEXTS = ("The lungs are clear.", "A brown lesion on the back.", "No fracture is seen.")
SYSTEMS = tuple(LOADERS)


def quick(system: str):
    """The card's recipe with a tiny model's pace."""
    return replace(RECIPES[system], epochs=3, batch=2, accumulate=2, learning_rate=5e-3)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Tiny matrices are slower on several threads, and much slower on a busy machine."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("rows")
    random = np.random.default_rng(0)
    with (folder / "rows.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("image", "text", "group"))
        for number in range(10):
            pixels = random.integers(0, 80, (60, 90, 3)) + 60 * (number % 3)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number}.png")
            writer.writerow((f"{number}.png", TEXTS[number % 3], f"patient {number // 2}"))
    return folder / "rows.csv"


@pytest.fixture(scope="module")
def bases(radiographer_files, derm_captioner_files) -> dict[str, Path]:
    return {"radiographer": radiographer_files.base, "derm-captioner": derm_captioner_files.base}


@pytest.fixture(scope="module")
def trained(process, table, bases, tmp_path_factory):
    """Both systems trained once, and their base's weights before and after."""
    found = {}
    for system in SYSTEMS:
        kept = {}
        make = training._with_adapter

        def watched(model, recipe, base, kept=kept, make=make):
            kept["before"] = {name: one.clone() for name, one in model.named_parameters()}
            kept["model"] = make(model, recipe, base)
            return kept["model"]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(training, "_with_adapter", watched)
            out = tmp_path_factory.mktemp("runs") / system
            done = training.finetune(quick(system), table, bases[system], out, device="cpu", save_every=4)
        found[system] = (done, kept)
    return found


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_loss_falls(system, trained) -> None:
    done, _ = trained[system]
    first, last = (np.mean([loss for _, loss in part]) for part in (done.training[:2], done.training[-2:]))
    assert last < 0.95 * first
    assert done.validation[-1][1] < done.validation[0][1]
    assert [step for step, _ in done.training] == list(range(1, done.steps + 1))
    assert len(done.validation) == 3


@pytest.mark.parametrize("system", SYSTEMS)
def test_only_the_adapter_changes(system, trained) -> None:
    import torch

    _, kept = trained[system]
    before, after = kept["before"], dict(kept["model"].named_parameters())
    frozen = {
        name.removeprefix("base_model.model.").replace(".base_layer", ""): one
        for name, one in after.items()
        if not one.requires_grad
    }
    assert before.keys() == frozen.keys()
    assert all(torch.equal(one, frozen[name]) for name, one in before.items())
    learned = [name for name, one in after.items() if one.requires_grad]
    assert learned and all(".lora_A." in name or ".lora_B." in name for name in learned)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_adapter_loads_back_and_gives_the_trained_scores(system, trained, bases) -> None:
    import torch

    done, kept = trained[system]
    reader = LOADERS[system](done.adapter, bases[system])
    assert reader.stand_in
    assert reader.adapter.tensors == sum(".lora_" in name for name, _ in kept["model"].named_parameters())
    assert reader.adapter.rank == RECIPES[system].rank
    ids = torch.arange(1, 30)[None]
    with torch.inference_mode():
        loaded, model = (one(input_ids=ids).logits for one in (reader._model, kept["model"].eval()))
    assert torch.allclose(loaded, model, atol=1e-5)


def test_the_card_and_the_curve_lie_beside_the_adapter(trained) -> None:
    folder = trained["radiographer"][0].adapter
    card = (folder / "README.md").read_text()
    assert "| rank, alpha | 32, 32 |" in card and "it knows nothing" in card
    assert str(folder) not in card + (folder / "adapter_config.json").read_text()
    curve = np.asarray(Image.open(folder / "loss.png"))
    assert (curve == (33, 102, 172)).all(axis=-1).sum() > 200
    assert (curve == (178, 24, 43)).all(axis=-1).sum() > 100


@pytest.mark.process
def test_a_run_killed_between_checkpoints_goes_on_with_the_same_losses(
    table, bases, trained, tmp_path
) -> None:
    whole, _ = trained["derm-captioner"]
    program = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from tools.finetune.recipe import RECIPES
from tools.finetune.training import finetune
table, base, out = map(Path, sys.argv[1:])
recipe = replace(RECIPES["derm-captioner"], epochs=3, batch=2, accumulate=2, learning_rate=5e-3)
def told(step, steps, loss):
    if step == 5:
        os.kill(os.getpid(), signal.SIGKILL)
finetune(recipe, table, base, out, device="cpu", save_every=4, told=told)
"""
    base, out = bases["derm-captioner"], tmp_path / "run"
    words = [sys.executable, "-c", program, str(table), str(base), str(out)]
    killed = subprocess.run(
        words, check=False, env=environment(OMP_NUM_THREADS="1"), capture_output=True, timeout=200
    )
    assert killed.returncode == -signal.SIGKILL
    cut = out / "checkpoints" / "checkpoint-6"
    cut.mkdir()
    (cut / "trainer_state.json").write_text('{"epoch": ')
    done = training.finetune(quick("derm-captioner"), table, base, out, device="cpu", save_every=4)
    assert done.resumed_at == 4
    assert done.training == whole.training
    assert done.validation == whole.validation


def test_a_checkpoint_cut_short_is_not_taken_up(tmp_path) -> None:
    for number, text in ((4, "{}"), (8, '{"epoch": ')):
        folder = tmp_path / "checkpoints" / f"checkpoint-{number}"
        folder.mkdir(parents=True)
        (folder / "trainer_state.json").write_text(text)
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoints" / "checkpoint-4"


def test_a_folder_of_another_run_is_left_alone(table, bases, trained, tmp_path) -> None:
    out = trained["derm-captioner"][0].adapter
    recipe, base = quick("derm-captioner"), bases["derm-captioner"]
    with pytest.raises(CaseError, match="finished"):
        training.finetune(recipe, table, base, out, device="cpu")
    with pytest.raises(CaseError, match="another recipe"):
        training.finetune(replace(recipe, epochs=4), table, base, out, device="cpu")
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(CaseError, match="something else"):
        training.finetune(recipe, table, base, tmp_path, device="cpu")


@pytest.mark.process
def test_bad_rows_are_refused_by_line(table, bases, tmp_path) -> None:
    Image.new("RGB", (40, 40), "grey").save(tmp_path / "good.png")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    rows = tmp_path / "rows.csv"

    def refusal(*lines: str) -> str:
        rows.write_text("\n".join(("image,text,group", "good.png,Fine.,a", "good.png,Fine.,b", *lines)))
        with pytest.raises(CaseError) as caught:
            training.finetune(
                quick("radiographer"), rows, bases["radiographer"], tmp_path / "out", device="cpu"
            )
        return str(caught.value)

    assert "Line 4: there is no picture 'lost.png'" in refusal("lost.png,Words.,c")
    assert "Line 4: text empty" in refusal("good.png,,c")
    assert "Line 4: the picture '../rows.csv' lies outside" in refusal("../rows.csv,Words.,c")
    assert "Line 5: it has more cells" in refusal("good.png,Words.,c", "good.png,a,b,c")
    assert "2 rows cannot be trained on. Line 4: " in refusal("broken.png,Words.,c", "good.png,<|image|>,d")
    assert "of 2048" in refusal(f"good.png,{'word ' * 3000},c")


def test_no_group_is_on_both_sides_of_the_split(table) -> None:
    kept, aside = split_by_group(read_examples(table))
    assert kept and aside and len(kept) + len(aside) == 10
    assert not {one.group for one in kept} & {one.group for one in aside}


def test_rows_of_one_patient_only_are_refused(tmp_path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    (tmp_path / "rows.csv").write_text("image,text,group\na.png,One.,p\na.png,Two.,p\n")
    with pytest.raises(CaseError, match="one group"):
        split_by_group(read_examples(tmp_path / "rows.csv"))


def test_the_recipes_are_the_cards() -> None:
    radiographer, derm = recipe_of("radiographer"), recipe_of("derm-captioner")
    assert (radiographer.rank, radiographer.alpha, radiographer.epochs, radiographer.longest) == (
        32,
        32,
        3,
        2048,
    )
    assert (radiographer.batch, radiographer.accumulate) == (2, 16)
    assert (radiographer.learning_rate, radiographer.weight_decay) == (5e-5, 0.02)
    assert (derm.epochs, derm.learning_rate, derm.batch, derm.accumulate) == (10, 2e-5, 6, 4)
    with pytest.raises(CaseError, match="no recipe for 'pubmedclip'"):
        recipe_of("pubmedclip")


def test_llama_learns_the_answer_only_and_its_mask_is_the_processors(radiographer_files, pictures) -> None:
    import torch
    import transformers

    processor = transformers.MllamaProcessor.from_pretrained(radiographer_files.base, backend="pil")
    lessons = [
        Lesson(pictures[0], "What is this?", "A wrist."),
        Lesson(pictures[1], "Where?", "On the left arm."),
    ]
    made = MllamaBatcher(processor)(lessons)
    for row, one in enumerate(lessons):
        learned = made["input_ids"][row][made["labels"][row] != IGNORED]
        assert processor.tokenizer.decode(learned) == f"{one.text}{processor.tokenizer.eos_token}"
        text = processor.tokenizer.decode(made["input_ids"][row][made["attention_mask"][row] == 1])
        given = processor(images=one.pixels, text=text, add_special_tokens=False, return_tensors="pt")
        size = given["cross_attention_mask"].shape[1]
        assert torch.equal(made["cross_attention_mask"][row, :size], given["cross_attention_mask"][0])
        assert torch.equal(made["pixel_values"][row], given["pixel_values"][0])


def test_paligemma_learns_the_answer_only_after_the_readers_prompt(derm_captioner_files, pictures) -> None:
    reader = load_derm_captioner(derm_captioner_files.path, derm_captioner_files.base)
    made = PaliGemmaBatcher(reader._processor)([Lesson(pictures[2], "What is it?", "A mole.")])
    learned = made["labels"][0] != IGNORED
    assert made["input_ids"][0][~learned].tolist() == reader._ids("What is it?")
    assert reader._processor.tokenizer.decode(made["input_ids"][0][learned]) == "A mole.<eos>"


@pytest.mark.process
def test_the_command_trains_and_says_how_to_load(table, bases, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("CASEBOOK_HOME", str(tmp_path / "home"))
    words = ["finetune", "derm-captioner", str(table), "--out", str(tmp_path / "out"), "--epochs", "1"]
    assert main([*words, "--path", str(bases["derm-captioner"]), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["steps"] == 1 and (tmp_path / "out" / "adapter_model.safetensors").is_file()


def test_the_command_needs_a_base_and_a_known_name(table, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("CASEBOOK_HOME", str(tmp_path / "home"))
    assert main(["finetune", "derm-captioner", str(table), "--out", str(tmp_path / "out")]) == 3
    assert main(["finetune", "babydoctor", str(table)]) == 2
    assert main(["finetune", "radiographer", str(table), "--epochs", "0"]) == 2
    assert not (tmp_path / "out").exists()


def test_another_models_weights_are_no_base(table, bases, tmp_path) -> None:
    with pytest.raises(SetupError, match="not mllama"):
        training.finetune(quick("radiographer"), table, bases["derm-captioner"], tmp_path / "out")
    assert not (tmp_path / "out").exists()
