"""LLaVA v1 written out by hand from its published code and papers: plain tensors, no model class, no cache.

It reads the original files (old names, half precision) and knows nothing of the conversion it is to check.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from torch import Tensor


IMAGE_MARK = -200
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


class LlavaByHand:
    def __init__(self, folder: Path) -> None:
        import sentencepiece
        import torch

        self.weights: dict[str, Tensor] = {}
        for shard in sorted(folder.glob("pytorch_model-*.bin")):
            self.weights |= torch.load(shard, weights_only=True)
        self.weights = {name: tensor.float() for name, tensor in self.weights.items()}
        self.config = json.loads((folder / "config.json").read_text())
        self.pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))

    def ids(self, prompt: str) -> list[int]:
        before, after = prompt.split("<image>")
        return [1, *self.pieces.encode(before), IMAGE_MARK, *self.pieces.encode(after)]

    def greedy(self, prompt: str, pixels: np.ndarray, most: int) -> list[int]:
        ids, seen, new = self.ids(prompt), self.picture(pixels), []
        while len(new) < most:
            token = int(self.logits([*ids, *new], seen)[-1].argmax())
            if token == 2:
                break
            new.append(token)
        return new

    def logits(self, ids: list[int], seen: Tensor) -> Tensor:
        """``(length, vocabulary)``, the places of the picture, as `picture` gives them, included."""
        import torch

        place = ids.index(IMAGE_MARK)
        embed = self.weights["model.embed_tokens.weight"]
        parts = embed[ids[:place]], seen, embed[ids[place + 1 :]]
        hidden = torch.cat(parts)
        for layer in range(self.config["num_hidden_layers"]):
            hidden = self.decoder_layer(hidden, f"model.layers.{layer}.")
        return self.rms(hidden, "model.norm.weight") @ self.weights["lm_head.weight"].T

    def decoder_layer(self, hidden: Tensor, name: str) -> Tensor:
        import torch

        w, heads = self.weights, self.config["num_attention_heads"]
        x = self.rms(hidden, name + "input_layernorm.weight")
        q, k, v = (
            (x @ w[f"{name}self_attn.{one}_proj.weight"].T).unflatten(-1, (heads, -1)).transpose(0, 1)
            for one in "qkv"
        )
        q, k = rotated(q), rotated(k)
        future = torch.ones(len(x), len(x)).triu(1).bool()
        shares = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(future, float("-inf")).softmax(-1)
        hidden = hidden + (shares @ v).transpose(0, 1).flatten(1) @ w[name + "self_attn.o_proj.weight"].T
        x = self.rms(hidden, name + "post_attention_layernorm.weight")
        gate = torch.nn.functional.silu(x @ w[name + "mlp.gate_proj.weight"].T)
        return hidden + (gate * (x @ w[name + "mlp.up_proj.weight"].T)) @ w[name + "mlp.down_proj.weight"].T

    def rms(self, x: Tensor, name: str) -> Tensor:
        return x / (x.pow(2).mean(-1, keepdim=True) + self.config["rms_norm_eps"]).sqrt() * self.weights[name]

    def picture(self, pixels: np.ndarray) -> Tensor:
        """Shortest edge 224, centre 224, last but one layer of CLIP without its class token, projected."""
        import torch

        picture = Image.fromarray(pixels)
        scale = 224 / min(picture.size)
        picture = picture.resize(
            (int(picture.width * scale), int(picture.height * scale)), Image.Resampling.BICUBIC
        )
        left, top = (picture.width - 224) // 2, (picture.height - 224) // 2
        crop = np.asarray(picture)[top : top + 224, left : left + 224] / 255.0
        x = torch.from_numpy(((crop - np.array(MEAN)) / np.array(STD)).transpose(2, 0, 1)).float()
        name = "model.vision_tower.vision_tower.vision_model."
        w = self.weights
        cut = w[name + "embeddings.patch_embedding.weight"]
        patches = torch.conv2d(x[None], cut, stride=cut.shape[-1])[0].flatten(1).T
        hidden = torch.cat([w[name + "embeddings.class_embedding"][None], patches])
        hidden = hidden + w[name + "embeddings.position_embedding.weight"]
        hidden = self.layer_norm(hidden, name + "pre_layrnorm")
        layers = {int(one.split("layers.")[1].split(".")[0]) for one in w if one.startswith(name + "encoder")}
        for layer in range(len(layers) + 1 + self.config["mm_vision_select_layer"]):
            hidden = self.vision_layer(hidden, f"{name}encoder.layers.{layer}.")
        return self.linear(hidden[1:], "model.mm_projector")

    def vision_layer(self, hidden: Tensor, name: str) -> Tensor:
        x = self.layer_norm(hidden, name + "layer_norm1")
        q, k, v = (
            self.linear(x, f"{name}self_attn.{one}_proj").unflatten(-1, (-1, 64)).transpose(0, 1)
            for one in "qkv"
        )
        mixed = (q @ k.mT / 8).softmax(-1) @ v
        hidden = hidden + self.linear(mixed.transpose(0, 1).flatten(1), name + "self_attn.out_proj")
        x = self.linear(self.layer_norm(hidden, name + "layer_norm2"), name + "mlp.fc1")
        return hidden + self.linear(x * (1.702 * x).sigmoid(), name + "mlp.fc2")

    def linear(self, x: Tensor, name: str) -> Tensor:
        return x @ self.weights[name + ".weight"].T + self.weights[name + ".bias"]

    def layer_norm(self, x: Tensor, name: str) -> Tensor:
        import torch

        return torch.layer_norm(
            x, x.shape[-1:], self.weights[name + ".weight"], self.weights[name + ".bias"], 1e-5
        )


def rotated(x: Tensor) -> Tensor:
    """Rotary position embedding, halves rotated against each other, base 10000."""
    import torch

    length, size = x.shape[-2:]
    angles = torch.arange(length)[:, None] / 10000.0 ** (torch.arange(0, size, 2) / size)
    first, second = x.chunk(2, -1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)
