"""Questions worth asking next, by what is known of the chat's images. Offered, never asked by themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from assistant.pages.asked_back import asked_back
from assistant.pages.words import language
from tools.context import ChatImage
from tools.language.sayings import say

if TYPE_CHECKING:
    from assistant.turn.kept import Turn

_MOST = 4


def suggestions(
    images: Sequence[ChatImage], turns: Sequence[Turn], sorted_domains: Collection[str] = ()
) -> tuple[str, ...]:
    """Up to four next questions, mostly about the newest image, in the language of the last answer.

    Where that answer asked back, they are the readings that it named.

    Args:
        images: the chat's images in the order they came.
        turns: earlier turns; what was asked, or answered by the same tool, is not offered again.
        sorted_domains: domains whose images a classifier trained on the case library can sort.
    """
    spoken = [turn.answer.language for turn in turns if turn.answer]
    offer = partial(say, language=spoken[-1] if spoken else language())
    if turns and (readings := asked_back(turns[-1])):
        return readings
    if not images:
        return (offer("offers.what_can_you_do"),)
    newest = images[-1]
    asked = {turn.question.strip().lower() for turn in turns}
    evidence = [one for turn in turns if turn.answer for one in turn.answer.evidence]
    ran = {one.tool for one in evidence if one.image_id == newest.id}
    possible = _candidates(images, sorted_domains, offer)
    found = [q for q, tool in possible if q.lower() not in asked and tool not in ran]
    return tuple(dict.fromkeys(found))[:_MOST]


def _candidates(
    images: Sequence[ChatImage], sorted_domains: Collection[str], offer: Callable[..., str]
) -> Iterator[tuple[str, str | None]]:
    """Questions, each with the tool whose answer makes it needless, or None."""
    image = images[-1]
    if len(images) > 1 and images[-2].gate.domain == image.gate.domain:
        yield offer("offers.compare", first=images[-2].id, second=image.id), None
    yield offer("offers.what_is_this"), "inspect_image"
    if image.gate.domain == "dermatology":
        yield offer("offers.measure"), "measure_lesion"
    elif image.gate.domain == "radiology":
        yield from _of_radiology(image, offer)
    else:
        yield offer("offers.as_dermoscopy", image=image.id), None
        yield offer("offers.as_x_ray", image=image.id), None
        return
    yield offer("offers.similar"), "find_similar_cases"
    if image.gate.domain in sorted_domains:
        yield offer("offers.labels"), "classify_with_my_labels"
    yield offer("offers.good_enough"), None


def _of_radiology(image: ChatImage, offer: Callable[..., str]) -> Iterator[tuple[str, str | None]]:
    if image.facts.get("frames", 1) > 1:
        yield offer("offers.slice", slice=min(image.index + 2, int(image.facts["frames"]))), None
    if image.gate.modality == "CT":
        yield offer("offers.tissue"), None
    if image.facts.get("file_type") == "DICOM":
        yield offer("offers.header"), None
