"""Written scenarios, played through the real bot, told as a transcript. The format: `scripts/README.md`."""

from rehearsal.script.parser import Script, ScriptError, parse_script
from rehearsal.script.player import play

__all__ = ["Script", "ScriptError", "parse_script", "play"]
