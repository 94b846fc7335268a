"""What people read: the library of snippets, support lines and search words, and the rules that every text obeys.

`load_content` is for the bot; `check_content` and `needs_check` are for whoever writes.
"""

from bot.content.checking import check_content, needs_check
from bot.content.loading import load_content
from bot.content.model import (
    ELSEWHERE,
    Audience,
    Claim,
    Content,
    ContentFaults,
    Directory,
    EmergencyNumber,
    Fault,
    Library,
    OtherNumber,
    SearchWords,
    Snippet,
    SupportLine,
    SupportLines,
    Topic,
)
from bot.content.safety.judging import amounts_in, mentions_danger

__all__ = [
    "ELSEWHERE",
    "Audience",
    "Claim",
    "Content",
    "ContentFaults",
    "Directory",
    "EmergencyNumber",
    "Fault",
    "Library",
    "OtherNumber",
    "SearchWords",
    "Snippet",
    "SupportLine",
    "SupportLines",
    "Topic",
    "amounts_in",
    "check_content",
    "load_content",
    "mentions_danger",
    "needs_check",
]
