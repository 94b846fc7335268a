"""`python -m bot.storage.migrations URL [BACKUP_FOLDER]` upgrades a database; `-` reads the URL from stdin."""

import sys
from pathlib import Path

from bot.errors import EXIT_OK, EXIT_SETTINGS, StartError
from bot.storage.upgrade import migrate


def main(arguments: list[str]) -> int:
    """Upgrade and return the exit code; the last line on standard error is the sentence for the operator."""
    if len(arguments) not in {1, 2}:
        sys.stderr.write("Give the database's address (- reads it from standard input) and a backup folder.\n")
        return EXIT_SETTINGS
    url = sys.stdin.read().strip() if arguments[0] == "-" else arguments[0]
    try:
        migrate(url, Path(arguments[1]) if len(arguments) == 2 else None)
    except StartError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return error.exit_code
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
