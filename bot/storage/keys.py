"""Where the keys come from: the setting, else a file of our own."""

import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

from bot.errors import EXIT_SETTINGS, StartError


def load_or_make_key(setting: str | None, var_dir: Path) -> list[str]:
    """Return the keys, newest first, from `EVENKEEL_KEY` (comma separated) or from `var/key` (a line each).

    On first run the file is made, mode 0600 in a folder of mode 0700. It appears whole and only once: two
    processes that start together end with the same key. Raises `StartError` (settings) when the folder or the file
    can't be made, read or written.
    """
    if setting and setting.strip():
        return _split(setting)
    path = var_dir / "key"
    try:
        var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        var_dir.chmod(0o700)
    except OSError as error:
        raise StartError(
            f"VAR_DIR {var_dir} can't be made or used as a folder: {error.strerror}.", EXIT_SETTINGS
        ) from error
    try:
        if not path.exists():
            _make(path)
        path.chmod(0o600)
        return _split(path.read_text("ascii"))
    except OSError as error:
        raise StartError(f"The key file {path} can't be used: {error.strerror}.", EXIT_SETTINGS) from error
    except UnicodeDecodeError as error:
        raise StartError(f"The key file {path} holds something other than keys.", EXIT_SETTINGS) from error


def _split(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _make(path: Path) -> None:
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # O_EXCL, mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike a rename, this never replaces a key that another process has just made
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()
