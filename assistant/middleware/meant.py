"""Keep LangChain from warning about exceptions that are meant.

Its callback manager logs every exception of a callback, also of those that end a reply on purpose
(``Listener``). Other callbacks' exceptions are still logged. Nothing is caught here.
"""

from __future__ import annotations

import logging

from assistant.middleware.listening import Listener


class _NotMeant(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is about anything but an ending on purpose."""
        return not (isinstance(record.args, tuple) and record.args[:1] == (Listener.__name__,))


_FILTER = _NotMeant()


def keep_endings_quiet() -> None:
    """Drop LangChain's warnings of endings on purpose; calling it again changes nothing."""
    logging.getLogger("langchain_core.callbacks.manager").addFilter(_FILTER)
