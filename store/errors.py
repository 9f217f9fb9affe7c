"""Every error Casebook raises on purpose, and who has to act on it.

    CasebookError
    ├── ToolUseError   the model can act: the text goes back to the model as the tool's answer
    ├── CaseError      the user can act: the text goes to the page or the command line
    │   └── BusyError  the user can act by waiting: too much is asked at once
    └── SetupError     the operator must act: something is missing or set wrongly

The text of each is a sentence or two for its reader: what was given, what is accepted, what to do.
Errors of other libraries are mapped to one of these at the edge, with ``raise … from``. Anything
else that escapes is a bug and is reported as one.
"""


class CasebookError(Exception):
    """Base of every error that Casebook raises on purpose."""


class ToolUseError(CasebookError):
    """A tool was called in a way that cannot work: unknown image, image outside the tool's domain."""


class CaseError(CasebookError):
    """The user's input cannot be used: unreadable file, unsupported type, unknown chat or case."""


class BusyError(CaseError):
    """Too much is asked at once: the same is taken later."""


class SetupError(CasebookError):
    """The installation cannot do this: bad setting, missing part, encoder that does not match."""
