"""The `casebook` command: arguments in; an answer or a sentence out; an exit code.

      0  answered
      1  a bug of Casebook; the log has the details
      2  the user can act: the file, the question or the arguments cannot be used
      3  the operator can act: something is missing or set wrongly, or the turn failed
    130  stopped with Ctrl-C

Nothing heavy is imported before it is known what is wanted, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from assistant.commands import arguments, console
from store.errors import CasebookError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the arguments; those of the process by default.

    Returns:
        The exit code.
    """
    console.prepare(as_program=argv is None)
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        given = arguments.parse(words)
        code: int = given.run(given)
        sys.stdout.flush()
    except CasebookError as error:
        return console.tell_error(error, as_json="--json" in words)
    except KeyboardInterrupt:
        console.note("Stopped.")
        return console.STOPPED
    except BrokenPipeError:
        return console.reader_is_gone()
    return code


if __name__ == "__main__":
    sys.exit(main())
