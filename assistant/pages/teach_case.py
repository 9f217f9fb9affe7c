"""A learner's case: the pictures, what is written of them, help, and the commit; then the reveal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from assistant.pages.afterwards import did, tell
from assistant.pages.desk import Desk
from assistant.pages.teach_back import draw_end
from assistant.pages.teach_forget import draw_taking_back
from assistant.pages.teach_reveal import draw_reveal
from assistant.pages.teach_viewer import LEARNERS, Pictures, draw_viewer
from assistant.pages.words import language, plain, prose, said, told
from assistant.teaching.answer import MOST, NORMAL, LearnerAnswer, answered
from assistant.teaching.learner import Learner
from assistant.teaching.unknown import Unknown
from assistant.teaching.way import Revealed
from assistant.viewer.clock import clock
from store.errors import CaseError
from store.teaching.region import Region

READING = "reading"
"""Where the page remembers the title of the session that was read in: it may end in another window."""

_LINES = 3
_STEP = 5
_ANSWERS = 3  # of the tutor, the latest; ours: more would push the way to commit off the screen


def draw(desk: Desk, learner: Learner) -> None:
    """Draw what the learner has before them."""
    st.title(plain(learner.session.title))
    here = learner.here()
    if here is None:
        _draw_late(learner, learner.place)
        draw_end(desk, learner)
        _draw_leaving(learner)
        return
    case = here.unknown if isinstance(here, Revealed) else here
    parts = [said(f"teach.part_{case.part.replace('-', '_')}")] if case.part else []
    place = said("teach.case_of", place=case.place, count=case.count)
    st.header(" · ".join([*parts, place]), anchor=False)
    if isinstance(here, Unknown):
        _draw_late(learner, case.place)
        _draw_clock(case, learner)
    st.markdown(_about(case))
    load = partial(learner.image, place=case.place)
    pictures = Pictures(f"{learner.who.id}-{case.place}", len(case.images), load)
    if isinstance(here, Revealed):
        draw_reveal(desk, here, learner, pictures)
        draw_taking_back(learner)
        return
    draw_viewer(
        desk,
        pictures,
        partial(getattr, learner, "marks"),
        marking=LEARNERS,
        keep=partial(_mark, learner, case.place),
    )
    _draw_answer(case, learner)
    _draw_help(desk, case, learner)
    _draw_leaving(learner)


def _draw_late(learner: Learner, place: int) -> None:
    """Say that time ran out on the case before this one, where nothing of it was shown."""
    if learner.session.options.feedback != "always" and place - 1 in learner.way.timed_out:
        st.warning(said("teach.time_ran_out_on", place=place - 1), icon=":material/timer_off:")


def _draw_clock(case: Unknown, learner: Learner) -> None:
    if case.seconds_left is None:
        return
    key = f"clock-{learner.who.id}-{case.place}"
    if clock(case.seconds_left, key=key, language=language()):
        st.rerun()


def _about(case: Unknown) -> str:
    """Age, sex and history, as far as they are known."""
    age = said("teach.age", years=f"{case.age_years:g}") if case.age_years is not None else ""
    sex = said(f"teach.sex_{case.sex}") if case.sex != "unknown" else ""
    who = ", ".join(filter(None, (sex, age)))
    history = plain(case.history) or said("teach.no_history")
    return f"**{plain(who)}**  \n{history}" if who else history


def _mark(learner: Learner, place: int, marks: Sequence[Region]) -> None:
    learner.mark(marks, place)
    if marks:
        st.caption(said("teach.marks_kept", count=len(marks)))


def _draw_answer(case: Unknown, learner: Learner) -> None:
    """Where the learner writes; every change is kept as a draft."""
    key = f"answer-{learner.who.id}-{case.place}"
    draft = case.draft
    st.subheader(said("teach.your_answer"), anchor=False)
    description = st.text_area(
        said("teach.describe"), draft.description, help=said("teach.describe_help"), key=f"{key}-text"
    )
    was_normal = any(one.diagnosis == NORMAL for one in draft.differential)
    normal = st.checkbox(said("teach.nothing_abnormal"), was_normal, key=f"{key}-normal")
    lines = [] if was_normal else list(draft.differential)
    named: list[tuple[str, int | None]] = []
    for at in range(1 if normal else min(MOST, max(_LINES, len(lines) + 1))):
        before = lines[at] if at < len(lines) else None
        with st.container(horizontal=True, key=f"{key}-line-{at}"):
            name = "" if normal else st.text_input(
                said("teach.diagnosis", number=at + 1), before.diagnosis if before else "",
                max_chars=200, key=f"{key}-name-{at}",
            )  # fmt: skip
            sure = st.number_input(
                said("teach.confidence", number=at + 1), 0, 100, before.confidence if before else None,
                step=_STEP, key=f"{key}-sure-{at}", width=150,
            )  # fmt: skip
        named.append((name, None if sure is None else int(sure)))
    _keep_or_commit(learner, case.place, description, [(NORMAL, named[0][1])] if normal else named)


def _keep_or_commit(
    learner: Learner, place: int, description: str, named: list[tuple[str, int | None]]
) -> None:
    try:
        answer: LearnerAnswer = answered(description, named, marks=learner.marks, language=language())
        learner.draft(answer, place)
        st.caption(f"{_kept(answer)} {_then(learner)}".strip())
        wish = f"commit-{learner.who.id}-{place}"
        # A drawing can be cut off by the next click before it comes to this line: the wish outlives it.
        st.button(said("teach.commit"), type="primary", icon=":material/gavel:", on_click=_wish, args=(wish,))
        if st.session_state.pop(wish, False):
            learner.commit(answer, place)
            st.rerun()
    except CaseError as error:
        st.warning(told(error), icon=":material/info:")


def _wish(name: str) -> None:
    st.session_state[name] = True


def _then(learner: Learner) -> str:
    """What comes of a commit."""
    if learner.tells_now:
        return said("teach.final")
    later = "teach.told_at_end" if learner.session.options.feedback == "end" else "teach.told_never"
    return f"{said('teach.final_only')} {said(later)}"


def _kept(answer: LearnerAnswer) -> str:
    """What of the answer is kept as a draft; nothing is said of nothing."""
    letters, count = len(answer.description), len(answer.differential)
    if not letters and not count:
        return ""
    if count == 1:
        return said("teach.kept_one", letters=letters)
    return said("teach.kept", letters=letters, count=count)


def _draw_help(desk: Desk, case: Unknown, learner: Learner) -> None:
    if learner.arm == "none":
        st.caption(said("teach.alone"))
        return
    st.subheader(said("teach.help"), anchor=False)
    for number, hint in enumerate(case.hints, 1):
        st.info(f"{said('teach.hint_number', number=number)} {plain(hint)}", icon=":material/lightbulb:")
    if case.more_hints and st.button(said("teach.hint"), icon=":material/lightbulb:"):
        learner.hint()
        st.rerun()
    key = f"tutor-{learner.who.id}-{case.place}"
    with st.form("tutor", border=False, clear_on_submit=True):
        question = st.text_input(said("teach.ask_tutor"), help=said("teach.tutor_knows_nothing"))
        asked = st.form_submit_button(said("teach.ask"), icon=":material/school:")
    # A list that is there before anybody is asked: what is sent meanwhile cuts this drawing off, and
    # what is answered all the same is drawn by the next.
    answered: list[tuple[str, str]] = st.session_state.setdefault(key, [])
    if asked and question.strip():
        with st.spinner(said("teach.thinking")):
            try:
                said_now = desk.tutor.of(desk.assistant.services).ask(learner, question, language())
                answered.append((question, said_now))
            except CaseError as error:
                st.warning(told(error), icon=":material/info:")
    for before, answer in answered[-_ANSWERS:]:
        with st.container(border=True):
            st.markdown(f"**{plain(before)}**")
            st.markdown(prose(answer))


def _draw_leaving(learner: Learner) -> None:
    with st.popover(said("teach.leave"), icon=":material/logout:", type="tertiary"):
        st.markdown(said("teach.leave_this"))
        st.button(said("teach.leave_now"), on_click=_leave, args=(learner,))
    draw_taking_back(learner)


def _leave(learner: Learner) -> None:
    if did(learner.leave):
        tell(said("teach.left"), done=True)
