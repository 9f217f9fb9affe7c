"""Tokenizers for stand-ins, trained here on a page of our own words: nothing of a published vocabulary."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PAGE = """\
You are an expert radiographer. Describe accurately what you see in this image.
The following image is a radiology scan. Deeply analyze and diagnose this image.
Is there any human skin disease in the image? Identify the skin disease.
Where is the skin disease located on the human body? Answer in short words.
USER: What does this chest radiograph show? ASSISTANT: The lungs are clear and the heart is not enlarged.
Human: Is there a fracture of the left wrist? Assistant: There is no visible fracture in this view.
A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed,
and polite answers to the user's questions.
An axial CT of the abdomen with contrast shows the liver, the spleen and both kidneys. No free fluid is seen.
The MR image of the brain shows a rounded lesion in the right frontal lobe with surrounding oedema.
An ultrasound image of the gallbladder with two echogenic foci and posterior shadowing.
The photograph shows a well-defined red plaque with silvery scale on the elbow, likely psoriasis.
A brown asymmetric lesion with irregular border on the back; a melanocytic naevus or a melanoma.
Chest X-Ray. Brain MRI. Abdominal CT Scan. Mammography. Fluoroscopy. Dermoscopy. Ultrasound of the thyroid.
Pleural effusion, consolidation, atelectasis, cardiomegaly, pneumothorax, calcification, degenerative change.
Eczema, urticaria, folliculitis, tinea, herpes zoster, drug rash, insect bite, contact dermatitis.
yes no left right upper lower normal abnormal mild moderate severe with without and the of in on a an is are
user assistant system 0 1 2 3 4 5 6 7 8 9 mm cm
"""
"""What the vocabularies are trained on. Ours."""


def byte_bpe(size: int, *, suffix: str = "") -> Tokenizer:
    """A byte-level BPE of `size` entries (256 bytes, doubled where words end in `suffix`, then merges).

    It has no special tokens yet; they follow as in the published vocabularies.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    ends: dict[str, Any] = {"end_of_word_suffix": suffix} if suffix else {}
    tokenizer = Tokenizer(models.BPE(**ends))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
        **ends,
    )
    tokenizer.train_from_iterator(PAGE.splitlines(), trainer)
    return tokenizer


def write_sentencepiece(path: Path, size: int) -> None:
    """Write a ``tokenizer.model`` of at most `size` pieces that keeps every space and every byte.

    With other rules the space at the end of ``USER: `` is lost and a prompt no longer splits as in training.
    """
    import sentencepiece

    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(PAGE.splitlines()),
        model_writer=out,
        vocab_size=size,
        model_type="bpe",
        byte_fallback=True,
        remove_extra_whitespaces=False,
        add_dummy_prefix=True,
        normalization_rule_name="identity",
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=-1,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    path.write_bytes(out.getvalue())
