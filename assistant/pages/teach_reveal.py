"""A case after the commit: the truth beside the learner's answer, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from assistant.pages.desk import Desk
from assistant.pages.teach_places import draw_places
from assistant.pages.teach_viewer import Pictures, draw_viewer
from assistant.pages.words import language, plain, said, told
from assistant.teaching.answer import LearnerAnswer, answered
from assistant.teaching.feedback import Feedback
from assistant.teaching.learner import Learner
from assistant.teaching.way import Revealed
from store.errors import CaseError
from store.teaching.case import TeachingCase

_SIGNS = {
    "found": ":green[:material/check_circle:]",
    "side unnamed": ":orange[:material/help:]",
    "wrong side": ":red[:material/swap_horiz:]",
    "in doubt": ":orange[:material/help:]",
    "missed": ":red[:material/visibility_off:]",
    "extra": ":orange[:material/add_circle:]",
}


def draw_reveal(desk: Desk, here: Revealed, learner: Learner, pictures: Pictures) -> None:
    """Draw all of a case with its pictures, and the way to the next one."""
    draw_revealed(desk, here, replace(pictures, name=f"{pictures.name}-after"))
    if here.feedback is not None:
        _draw_later(here, learner)
    if st.button(said("teach.next"), type="primary", icon=":material/arrow_forward:"):
        learner.go_on()
        st.rerun()


def draw_revealed(desk: Desk, here: Revealed, pictures: Pictures) -> None:
    """Draw all of a case with its pictures."""
    marks = here.answer.marks if here.answer else ()
    draw_viewer(desk, pictures, lambda: marks, truth=here.case.regions)
    if here.timed_out:
        st.warning(said("teach.time_ran_out"), icon=":material/timer_off:")
    if here.feedback is not None and here.answer is not None:
        _draw_verdict(here.feedback, here.answer, here.seconds or 0.0)
    _draw_truth(here.case)
    if here.feedback is not None:
        _draw_findings(here.feedback)
        draw_places(here.feedback, here.case)


def _draw_verdict(feedback: Feedback, answer: LearnerAnswer, seconds: float) -> None:
    rank = feedback.rank
    if feedback.right:
        st.success(said("teach.right"), icon=":material/check_circle:")
    elif rank is not None:
        st.info(said("teach.in_list", rank=rank), icon=":material/info:")
    else:
        st.warning(said("teach.not_in_list"), icon=":material/info:")
    if feedback.overruled or feedback.note:
        st.info(f"{said('teach.overruled')} {plain(feedback.note)}", icon=":material/school:")
    named = [
        f"{one.diagnosis} ({one.confidence} %)" if one.confidence is not None else one.diagnosis
        for one in answer.differential
    ]
    if not named:
        st.markdown(said("teach.said_nothing", seconds=round(seconds)))
        return
    st.markdown(said("teach.you_said", differential=plain(", ".join(named)), seconds=round(seconds)))


def _draw_truth(case: TeachingCase) -> None:
    st.subheader(said("teach.truth"), anchor=False)
    st.markdown(f"**{plain(case.diagnosis)}**")
    sure = said(f"teach.certainty_{case.certainty.replace(' ', '_')}")
    proven = said("teach.proven", how=case.proven_by) if case.proven_by else ""
    st.caption(plain(f"{sure} {proven}"))
    captions = [image.caption for image in case.images if image.caption]
    lists = (
        ("teach.findings", case.findings),
        ("teach.captions", tuple(captions)),
        ("teach.differential", case.differential),
        ("teach.discussion", (case.discussion,) if case.discussion else ()),
        ("teach.references", case.references),
        ("teach.credits", tuple(filter(None, (case.author, case.licence)))),
    )
    told_before = set[str]()  # a library case says one sentence of itself, which stands for all three
    for title, texts in lists:
        if fresh := [text for text in texts if text not in told_before]:
            lines = "\n".join(f"- {plain(text)}" for text in fresh)
            st.markdown(f"**{said(title)}**\n\n{lines}")
        told_before |= set(texts)


def _draw_findings(feedback: Feedback) -> None:
    if not feedback.findings:
        return
    st.markdown(f"**{said('teach.compared')}**")
    for one in feedback.findings:
        side = said(f"teach.side_{one.side}") if one.side else ""
        where = f" ({side})" if side else ""
        outcome = said(f"teach.outcome_{one.outcome.replace(' ', '_')}")
        st.markdown(f"{_SIGNS[one.outcome]} {plain(one.term)}{where}: {outcome}")
    st.caption(said("teach_how.findings"))


def _draw_later(here: Revealed, learner: Learner) -> None:
    first = here.later.differential[0].diagnosis if here.later and here.later.differential else ""
    with st.form("later", border=False):
        now = st.text_input(said("teach.now"), first, max_chars=200, help=said("teach.now_help"))
        if st.form_submit_button(said("teach.keep_now")):
            try:
                learner.change_later(answered("", [(now, None)], language=language()))
            except CaseError as error:
                st.warning(told(error), icon=":material/info:")
            else:
                st.rerun()
