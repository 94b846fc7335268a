"""The `evenkeel` command."""

import asyncio
import sys

from bot.errors import StartError


def main() -> None:
    """Run the command; a problem that the host can mend is one plain sentence and an exit code of its own."""
    try:
        if sys.argv[1:] == ["run"]:
            _run()
        else:
            from bot.command_line import app

            app(prog_name="evenkeel")
    except StartError as error:
        sys.stderr.write(error.sentence + "\n")
        raise SystemExit(error.exit_code) from None


def _run() -> None:
    # Without the library that reads the other commands: a bot would carry its memory for as long as it runs.
    from bot.app import serve
    from bot.settings import load_settings

    asyncio.run(serve(load_settings()))


if __name__ == "__main__":
    main()
