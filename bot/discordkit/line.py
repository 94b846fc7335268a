"""The line to Discord: what it raises when there is no answer at all."""

import aiohttp

# The line could not be opened, dropped or fell silent. Not every error of aiohttp's is an `OSError`.
NO_LINE = (aiohttp.ClientError, OSError)
