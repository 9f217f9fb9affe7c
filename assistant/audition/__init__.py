"""A language model is tried with short tasks of ours before it may speak, or choose tools."""

from assistant.audition.perform import Found, audition
from assistant.audition.tasks import Call, Phrase, tasks

__all__ = ["Call", "Found", "Phrase", "audition", "tasks"]
