"""The tables of teaching, beside those of the chats in the same database; made where they are not yet."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from store.chats.database import LONGEST_OWNER, make_tables, open_database
from store.errors import SetupError

_META = sa.MetaData()
CASES = sa.Table(
    "teaching_cases",
    _META,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(LONGEST_OWNER), nullable=False, index=True),
    sa.Column("made_at", sa.Float, nullable=False),
    sa.Column("withdrawn_at", sa.Float),
)
VERSIONS = sa.Table(
    "teaching_versions",
    _META,
    sa.Column("case_id", sa.ForeignKey("teaching_cases.id"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("made_at", sa.Float, nullable=False),
)
SESSIONS = sa.Table(
    "teaching_sessions",
    _META,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(LONGEST_OWNER), nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("join_code", sa.String(12), nullable=False, unique=True),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("made_at", sa.Float, nullable=False),
    sa.Column("closed_at", sa.Float),
)
SESSION_CASES = sa.Table(
    "teaching_session_cases",
    _META,
    sa.Column("session_id", sa.ForeignKey("teaching_sessions.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("case_id", sa.ForeignKey("teaching_cases.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
PARTICIPANTS = sa.Table(
    "teaching_participants",
    _META,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("session_id", sa.ForeignKey("teaching_sessions.id"), nullable=False, index=True),
    sa.Column("owner", sa.String(LONGEST_OWNER), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("nickname", sa.Text, nullable=False),
    sa.Column("order", sa.Text, nullable=False),
    sa.Column("joined_at", sa.Float, nullable=False),
    sa.Column("left_at", sa.Float),
    sa.UniqueConstraint("session_id", "owner"),
    sa.UniqueConstraint("session_id", "number"),
)
CONSENTS = sa.Table(
    "teaching_consents",
    _META,
    sa.Column("participant_id", sa.ForeignKey("teaching_participants.id"), primary_key=True),
    sa.Column("version", sa.String(40), nullable=False),
)
STEPS = sa.Table(
    "teaching_steps",
    _META,
    sa.Column("participant_id", sa.ForeignKey("teaching_participants.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
COMMITS = sa.Table(
    "teaching_commits",
    _META,
    sa.Column("participant_id", sa.ForeignKey("teaching_participants.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
OVERRULED = sa.Table(
    "teaching_overruled",
    _META,
    sa.Column("participant_id", sa.ForeignKey("teaching_participants.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)

WITHDRAWN = sa.Table(
    "teaching_withdrawn",
    _META,
    sa.Column("session_id", sa.ForeignKey("teaching_sessions.id"), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)


def open_tables(url: str | sa.URL) -> sa.Engine:
    """Open the database of the chats, and make the tables of teaching that are not there yet.

    Raises:
        SetupError: the database cannot be opened.
    """
    engine = open_database(url)
    try:
        make_tables(engine, _META)
    except SQLAlchemyError as error:
        raise SetupError(
            "The tables of teaching cannot be made in the conversation database. Check that it is writable."
        ) from error
    return engine
