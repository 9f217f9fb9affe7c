"""What can go wrong between here and the hub, each in a sentence with the next step."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from store.errors import CasebookError, CaseError, SetupError
from tools.models.systems.packages import INSTALL

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
NO_WRITE = (errno.EACCES, errno.EPERM, errno.EROFS)

CONNECTION_RETRIES = 5
"""Attempts in a row without a new byte before a transfer is given up. As huggingface_hub does."""


def require_hub() -> None:
    """Raise unless huggingface_hub is installed.

    Raises:
        SetupError: it is not; says how to get it.
    """
    try:
        import huggingface_hub  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise SetupError(
            f"Pulling weights needs the extra packages, which are not installed: {INSTALL}"
        ) from error


@contextmanager
def told(repository: str, revision: str) -> Iterator[None]:
    """Turn the hub client's errors about `repository` into Casebook's.

    Raises:
        CaseError: there is no such `revision`.
        SetupError: everything else.
    """
    import httpx2
    from huggingface_hub import errors

    try:
        yield
    except CasebookError:
        raise
    except errors.RevisionNotFoundError as error:
        raise CaseError(
            f"{repository} has no revision {revision!r}. Give a branch, a tag or the full commit that its "
            "page lists, or leave --revision out."
        ) from error
    except errors.OfflineModeIsEnabled as error:
        raise offline(repository) from error
    except errors.HfHubHTTPError as error:
        raise _refused(repository, error) from error
    except (httpx2.TransportError, httpx2.TooManyRedirects) as error:
        raise SetupError(
            f"The hub at {_endpoint()} cannot be reached. Check the network, the proxy and HF_ENDPOINT, then "
            "run the command again: it goes on where it was."
        ) from error
    except errors.FileMetadataError as error:
        raise no_hub() from error
    except OSError as error:
        raise disk_error(error) from error


def offline(repository: str, setting: str | None = None) -> SetupError:
    """Nothing may be fetched and `repository` is not here; a folder may be named in `setting`."""
    folder = f", or name a folder that holds the weights in {setting}" if setting else ""
    return SetupError(
        f"HF_HUB_OFFLINE is set and {repository} is not complete in the cache. Unset HF_HUB_OFFLINE and run "
        f"the command again{folder}."
    )


def no_hub() -> SetupError:
    """Somebody answers, but not as a hub does."""
    return SetupError(
        f"{_endpoint()} does not answer like a hub of models. Check HF_ENDPOINT; without it "
        "https://huggingface.co is used."
    )


def disk_error(error: OSError) -> SetupError:
    """What the disk refused while files were written."""
    if error.errno in NO_SPACE:
        return SetupError(
            "The disk with the model cache is full. What arrived is kept: make room, or set HF_HOME to a "
            "folder on a larger disk, and run the command again."
        )
    if error.errno in NO_WRITE:
        return SetupError(
            "The model cache cannot be written. Check the permissions of its folder, or set HF_HOME to one "
            "that can be written."
        )
    return SetupError(
        "The model cache cannot be read or written. Check the disk it is on, or set HF_HOME to another one."
    )


def _refused(repository: str, error: Any) -> SetupError:
    """What the hub answered, by its status."""
    from huggingface_hub import errors, get_token

    page = f"{_endpoint()}/{repository}"
    status = error.response.status_code if error.response is not None else 0
    if isinstance(error, errors.GatedRepoError) and get_token() is None:
        return SetupError(
            f"{repository} is gated. Sign in at {page}, accept its conditions, make a token that may read "
            "(Settings, Access Tokens), set HF_TOKEN to it, and run the command again."
        )
    if isinstance(error, errors.GatedRepoError) or status == 403:
        return SetupError(
            f"The token in use may not read {repository}. Accept the conditions at {page} with the token's "
            "account, and check that the token may read gated repositories; then run the command again."
        )
    if isinstance(error, errors.RepositoryNotFoundError):
        hint = " If it is private, set HF_TOKEN to a token that may read it." if get_token() is None else ""
        return SetupError(
            f"{repository} is not on the hub at {_endpoint()}: the name is wrong, or it was removed or made "
            f"private.{hint} Look for it at {page}."
        )
    if isinstance(error, errors.EntryNotFoundError):
        return SetupError(
            f"A file of {repository} is listed but not there. Try another --revision, or later."
        )
    if status == 401:
        return SetupError(
            "The hub does not accept the token in use. Set HF_TOKEN to a valid one, or unset it, and run the "
            "command again."
        )
    return SetupError(
        f"The hub at {_endpoint()} answered with an error (HTTP {status}) for {repository}. What arrived is "
        "kept; run the command again later."
    )


def _endpoint() -> str:
    from huggingface_hub import constants

    return str(constants.ENDPOINT)
