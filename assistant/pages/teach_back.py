"""The end of a session: what was gone through may be looked at again, as far as the session reveals it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from assistant.pages.desk import Desk
from assistant.pages.teach_reveal import draw_revealed
from assistant.pages.teach_viewer import Pictures
from assistant.pages.words import said
from assistant.teaching.learner import Learner


def draw_end(desk: Desk, learner: Learner) -> None:
    """Draw that all is done, and one case again that the learner chooses."""
    if learner.session.options.seconds_in_all is not None and learner.way.unanswered:
        st.warning(said("teach.session_over", count=learner.way.unanswered), icon=":material/timer_off:")
    else:
        st.success(said("teach.finished"), icon=":material/check_circle:")
    places = learner.to_look_back()
    if not places:
        return
    cases = {place: learner.look_back(place) for place in places}
    right = sum(one.feedback is not None and one.feedback.right for one in cases.values())
    st.markdown(said("teach.your_result", right=right, count=len(cases)))
    place = st.selectbox(
        said("teach.look_back"), places, index=None, key=f"back-{learner.who.id}",
        format_func=lambda one: said("teach.case_of", place=one, count=len(learner.who.order)),
    )  # fmt: skip
    if place is None:
        return
    here = cases[place]
    load = partial(learner.image, place=place)
    pictures = Pictures(f"{learner.who.id}-{place}-again", len(here.case.images), load)
    draw_revealed(desk, here, pictures)
