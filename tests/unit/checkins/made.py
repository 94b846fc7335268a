"""What the tests of the check-ins' rules draw from."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from cogs.checkins.rules import Stay

ZONES = (
    "UTC", "Europe/London", "Europe/Berlin", "Europe/Istanbul", "America/New_York", "America/Los_Angeles",
    "America/St_Johns", "America/Sao_Paulo", "America/Nuuk", "America/Havana", "Africa/Casablanca", "Asia/Kathmandu",
    "Asia/Tehran", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati",
    "Pacific/Pago_Pago", "Asia/Gaza",
)  # fmt: skip
SINCE = datetime(1996, 1, 1, tzinfo=UTC)

zones = st.sampled_from([ZoneInfo(name) for name in ZONES])
moments = st.integers(0, 40 * 365 * 24 * 60).map(lambda minutes: SINCE + timedelta(minutes=minutes))


@st.composite
def journeys(draw: st.DrawFn, most: int = 6) -> list[Stay]:
    """Where somebody lives and travels: stays of half an hour to ten days, after one of a week at home."""
    stays = [Stay(draw(moments), draw(zones))]
    gap = timedelta(days=7)
    for _ in range(draw(st.integers(0, most))):
        stays.append(Stay(stays[-1].since + gap, draw(zones)))
        gap = timedelta(minutes=draw(st.integers(30, 10 * 1440)))
    return stays
