"""Read the server's settings from environment variables, or say in a sentence what is wrong."""

import errno
import os
import socket
import tempfile


class SettingError(ValueError):
    """The server cannot start with a setting; the message says what to do."""


def whole_number(name, default):
    """Return the number above 0 that an environment variable gives.

    Parameters
    ----------
    name : str
    default : int
        If the variable is not set, or empty.

    Returns
    -------
    int

    Raises
    ------
    SettingError
    """
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or int(value) == 0:
        raise SettingError(f"{name} is {value!r}: give a whole number above 0.")
    return int(value)


def listen_address():
    """Return the name and port to listen on.

    Returns
    -------
    name : str
        From ``GRADIO_SERVER_NAME``, else this machine alone.
    port : int
        From ``GRADIO_SERVER_PORT``, else 7860.

    Raises
    ------
    SettingError
        If the port is no number from 1 to 65535, or the address cannot be bound.
    """
    name = os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1"
    # The same where Gradio looks, which takes no empty one.
    port = os.environ["GRADIO_SERVER_PORT"] = os.environ.get("GRADIO_SERVER_PORT") or "7860"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise SettingError(f"GRADIO_SERVER_PORT is {port!r}: give a number from 1 to 65535.")
    try:
        socket.create_server((name, int(port))).close()
    except OSError as error:
        why, *_ = error.strerror.partition(" (while")
        is_port = error.errno in (errno.EADDRINUSE, errno.EACCES)
        advice = (
            "choose another port with GRADIO_SERVER_PORT."
            if is_port
            else "give an IPv4 address of this machine in GRADIO_SERVER_NAME."  # Gradio has no IPv6
        )
        raise SettingError(f"Cannot listen on {name}:{port} ({why}): {advice}") from error
    return name, int(port)


def check_temporary_folder():
    """Raise a SettingError that says what to do if uploads cannot be written anywhere."""
    try:
        folder = os.environ.get("GRADIO_TEMP_DIR") or os.path.join(tempfile.gettempdir(), "gradio")
        os.makedirs(folder, exist_ok=True)  # it may be another user's
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise SettingError(
            "There is no writable folder with free space for uploads: mount one on /tmp, or name "
            "one in TMPDIR."
        ) from error
