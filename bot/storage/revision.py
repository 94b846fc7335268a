"""Which schema this code was written for."""

from bot.errors import EXIT_REVISION, StartError
from bot.storage.interface import Database

REVISIONS: tuple[str, ...] = ("0001", "0002", "0003")
"""Every revision, oldest first; a test holds it against `migrations/versions`, so that nobody needs Alembic to know."""

HEAD: str = REVISIONS[-1]


async def current_revision(database: Database) -> str | None:
    """Return the database's revision with one plain query, or None when it was never migrated."""
    return await database.revision()


def require_known(found: str | None) -> None:
    """Raise `StartError` (revision) for a revision that this code has never heard of."""
    if found is not None and found not in REVISIONS:
        raise StartError(
            f"The database was written by a newer Evenkeel (revision {found}, this one knows {HEAD}): update Evenkeel.",
            EXIT_REVISION,
        )


async def require_head(database: Database) -> None:
    """Raise `StartError` (revision) unless the database has exactly the schema of this code."""
    found = await current_revision(database)
    if found == HEAD:
        return
    require_known(found)
    raise StartError(
        f"The database is at revision {found or 'none'} and this Evenkeel needs {HEAD}: run `evenkeel migrate`.",
        EXIT_REVISION,
    )
