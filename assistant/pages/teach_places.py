"""The places that a learner marked beside those of the case, in words."""

from __future__ import annotations

import streamlit as st

from assistant.pages.words import language, plain, said
from assistant.teaching.feedback import Feedback
from assistant.teaching.figures import how
from assistant.teaching.places import Place, PlaceOutcome
from store.teaching.case import TeachingCase

_SIGNS = {
    "found": ":green[:material/check_circle:]",
    "other slice": ":orange[:material/layers:]",
    "missed": ":red[:material/visibility_off:]",
    "extra": ":orange[:material/add_circle:]",
}


def draw_places(feedback: Feedback, case: TeachingCase) -> None:
    """Draw how each region came out, and how that is computed; nothing where the case has no regions."""
    if not feedback.places:
        return
    st.markdown(f"**{said('teach.places')}**")
    for number, one in enumerate(feedback.places, 1):
        st.markdown(f"{_SIGNS[one.outcome]} {plain(place_told(number, one, len(case.images)))}")
    st.caption(how("places", language()))


def place_told(number: int, one: Place, images: int) -> str:
    """One place in a sentence.

    Args:
        number: of the place, counted from 1.
        one: the place.
        images: how many the case has.
    """
    drawn = one.drawn
    name = f"“{drawn.caption}”" if drawn.caption else said(f"viewer.{drawn.shape}").lower()
    where = said("teach.place_slice", slice=drawn.slice)
    if images > 1:
        where = f"{said('teach.picture_name', number=drawn.image)}, {where}"
    told = f"{number}. {name} ({where}): {outcome_told(one.outcome)}."
    parts = [told, _covered(one), said("teach.overruled") if one.overruled else ""]
    return " ".join(filter(None, parts))


def outcome_told(outcome: PlaceOutcome) -> str:
    """What an outcome is called on the page."""
    return said(f"teach.place_{outcome.replace(' ', '_')}")


def _covered(one: Place) -> str:
    """How the mark covers the region; "" where there is nothing to tell."""
    if one.region is None or one.mark is None:
        return ""
    if one.iou is None:
        return said("teach.by_arrow")
    covered = said("teach.covered", iou=one.iou, dice=one.dice)
    return (
        covered
        if one.mark.slice == one.region.slice
        else f"{covered} {said('teach.on_slice', slice=one.mark.slice)}"
    )
