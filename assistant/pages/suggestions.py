"""Questions worth asking next, by what is known of the chat's images. Offered, never asked by themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.pages.words import said
from tools.context import ChatImage

if TYPE_CHECKING:
    from assistant.turn.kept import Turn

_MOST = 4


def suggestions(
    images: Sequence[ChatImage], turns: Sequence[Turn], sorted_domains: Collection[str] = ()
) -> tuple[str, ...]:
    """Up to four next questions, mostly about the newest image.

    Args:
        images: the chat's images in the order they came.
        turns: earlier turns; what was asked, or answered by the same tool, is not offered again.
        sorted_domains: domains whose images a classifier trained on the case library can sort.
    """
    if not images:
        return (said("offers.what_can_you_do"),)
    newest = images[-1]
    asked = {turn.question.strip().lower() for turn in turns}
    evidence = [one for turn in turns if turn.answer for one in turn.answer.evidence]
    ran = {one.tool for one in evidence if one.image_id == newest.id}
    found = [
        q for q, tool in _candidates(images, sorted_domains) if q.lower() not in asked and tool not in ran
    ]
    return tuple(dict.fromkeys(found))[:_MOST]


def _candidates(
    images: Sequence[ChatImage], sorted_domains: Collection[str]
) -> Iterator[tuple[str, str | None]]:
    """Questions, each with the tool whose answer makes it needless, or None."""
    image = images[-1]
    if len(images) > 1 and images[-2].gate.domain == image.gate.domain:
        yield said("offers.compare", first=images[-2].id, second=image.id), None
    yield said("offers.what_is_this"), "inspect_image"
    if image.gate.domain == "dermatology":
        yield said("offers.measure"), "measure_lesion"
    elif image.gate.domain == "radiology":
        yield from _of_radiology(image)
    else:
        yield said("offers.as_dermoscopy", image=image.id), None
        yield said("offers.as_x_ray", image=image.id), None
        return
    yield said("offers.similar"), "find_similar_cases"
    if image.gate.domain in sorted_domains:
        yield said("offers.labels"), "classify_with_my_labels"
    yield said("offers.good_enough"), None


def _of_radiology(image: ChatImage) -> Iterator[tuple[str, str | None]]:
    if image.facts.get("frames", 1) > 1:
        yield said("offers.slice", slice=min(image.index + 2, int(image.facts["frames"]))), None
    if image.gate.modality == "CT":
        yield said("offers.tissue"), None
    if image.facts.get("file_type") == "DICOM":
        yield said("offers.header"), None
