"""A teacher writes a case: its pictures, what learners are told, and what is hidden until they commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import streamlit as st

from assistant.pages.afterwards import did, tell
from assistant.pages.desk import Desk, largest_upload_mb
from assistant.pages.wish import let_go
from assistant.pages.words import language, plain, said, told
from assistant.teaching.given_away import refuse_given_away
from assistant.teaching.teacher import Teacher
from store.errors import CasebookError
from store.teaching.case import Certainty, Kind, Sex, TeachingCase, checked
from store.teaching.cases import CaseVersion
from tools.language.described import described

# Stands for the pictures while the words alone are looked at.
_BLANK = {"images": [{"key": "0" * 64}]}
_BY_WORDS = "by words"  # what a case counts as, its diagnosis says
_OLDEST = 130.0  # years, as the case itself allows
_HINTS, _LATER = ("hints",), ("also", "findings", "differential", "references", "tags")


def draw_new(desk: Desk, teacher: Teacher) -> None:
    """Draw the form that makes a case of pictures, sent or of a chat; the case once it is kept."""
    st.header(said("teach.new_case"), anchor=False)
    chats = {chat.id: chat.title for chat in desk.assistant.chats()}
    with st.form("new-case", border=False):
        files = st.file_uploader(
            said("teach.pictures"),
            accept_multiple_files=True,
            max_upload_size=largest_upload_mb(),
            help=said("teach.pictures_help"),
        )
        chat = _chat_choice(chats)
        fields = _fields(None)
        sent = st.form_submit_button(said("teach.make_case"), type="primary", icon=":material/save:")
    if not sent:
        return
    shown = bool(files or chat)
    if not shown or not fields["diagnosis"].strip():
        st.warning(said("teach.no_diagnosis" if shown else "teach.no_pictures"), icon=":material/info:")
        return
    fields["language"] = language()
    try:
        refuse_given_away("", [checked(**fields, **_BLANK)])
        if files:
            data, names = [one.getvalue() for one in files], [repr(one.name) for one in files]
            made = teacher.make.from_files(data, names, **fields)
        else:
            made = teacher.make.from_chat(str(chat), **fields)
    except CasebookError as error:
        st.warning(told(error), icon=":material/info:")
        return
    let_go(files)
    _tell_left_out(made.case, fields)
    st.query_params["case"] = made.id
    st.rerun()


def _chat_choice(chats: Mapping[str, str]) -> str | None:
    """Draw the choice of a chat whose pictures are taken, if there is a chat."""
    if not chats:
        return None
    return st.selectbox(
        said("teach.pictures_of_chat"), list(chats), None, format_func=lambda one: plain(chats.get(one, one))
    )


def draw_change(teacher: Teacher, one: CaseVersion) -> None:
    """Draw the words of a case, to be changed, and the way to withdraw it."""
    with st.expander(said("teach.words")), st.form(f"words-{one.id}-{one.version}", border=False):
        fields = _fields(one.case)
        if st.form_submit_button(said("teach.keep_words"), icon=":material/save:"):
            try:
                refuse_given_away("", [checked(**(one.case.model_dump() | fields))])
                _tell_left_out(teacher.make.change(one.id, **fields).case, fields)
            except CasebookError as error:
                st.warning(told(error), icon=":material/info:")
            else:
                st.rerun()
    st.button(
        said("teach.copy_case"), icon=":material/content_copy:", type="tertiary", on_click=_copy,
        args=(teacher, one.id),
    )  # fmt: skip
    with st.popover(said("teach.withdraw"), icon=":material/block:", type="tertiary"):
        st.markdown(said("teach.withdraw_this"))
        st.button(said("teach.withdraw_now"), on_click=_withdraw, args=(teacher, one.id))


def _tell_left_out(case: TeachingCase, fields: Mapping[str, Any]) -> None:
    """Tell after the next drawing what was left out of the words, or cannot be compared with answers."""
    kept = checked(**fields, **_BLANK)
    if any(getattr(case, name) != getattr(kept, name) for name in fields):
        tell(said("teach.left_out"), done=True)
    if unknown := [one for one in case.findings if not described(one, case.language)]:
        tell(said("teach.not_scored", findings="; ".join(map(plain, unknown))), done=False)


def _copy(teacher: Teacher, case_id: str) -> None:
    made: list[CaseVersion] = []
    if did(lambda: made.append(teacher.make.copy(case_id))):
        st.query_params["case"] = made[0].id
        tell(said("teach.copied"), done=True)


def _withdraw(teacher: Teacher, case_id: str) -> None:
    if did(lambda: teacher.withdraw(case_id)):
        st.query_params["case"] = "all"


def _fields(case: TeachingCase | None) -> dict[str, Any]:
    """Draw the fields inside of a form; what they say."""
    st.markdown(f"**{said('teach.told_first')}**")
    fields: dict[str, Any] = {
        "history": st.text_area(said("share.history"), case.history if case else ""),
        "age_years": st.number_input(
            said("teach.age_field"), 0.0, _OLDEST, case.age_years if case else None, 1.0, format="%g"
        ),
        "sex": _choice("sex", get_args(Sex), case.sex if case else "unknown"),
    }
    fields |= _lines(case, _HINTS)
    st.markdown(f"**{said('teach.told_later')}**")
    fields["diagnosis"] = st.text_input(
        said("share.diagnosis"), case.diagnosis if case else "", max_chars=300
    )
    kinds = get_args(Kind) if case else (_BY_WORDS, *get_args(Kind))
    kind = _choice("kind", kinds, case.kind if case else _BY_WORDS)
    fields |= {} if kind == _BY_WORDS else {"kind": kind}
    fields["certainty"] = _choice("certainty", get_args(Certainty), case.certainty if case else "unknown")
    fields |= _lines(case, _LATER)
    fields["discussion"] = st.text_area(said("teach.discussion"), case.discussion if case else "")
    return fields


def _lines(case: TeachingCase | None, names: Sequence[str]) -> dict[str, list[str]]:
    """Lists, one entry a line."""
    return {
        name: [
            line.strip()
            for line in st.text_area(
                said(f"teach.{name}"),
                "\n".join(getattr(case, name)) if case else "",
                help=said("teach.one_a_line"),
            ).splitlines()
            if line.strip()
        ]
        for name in names
    }


def _choice(name: str, every: Sequence[str], now: str) -> str:
    return st.selectbox(
        said(f"teach.{name}_field"),
        every,
        list(every).index(now),
        format_func=lambda one: said(f"teach.{name}_{one.replace(' ', '_')}"),
    )
