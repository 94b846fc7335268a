"""What every feature needs to know of a person in a group: zone, country, quiet hours, breaks, wishes, consent."""

from bot.members.consent import Consents
from bot.members.model import AUDIENCES, WORDINGS, MemberProfile
from bot.members.owner import MemberData
from bot.members.past import Rest
from bot.members.store import Members

__all__ = ["AUDIENCES", "WORDINGS", "Consents", "MemberData", "MemberProfile", "Members", "Rest"]
