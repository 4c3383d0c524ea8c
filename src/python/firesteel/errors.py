"""The error that a user's mistake raises."""


class FiresteelError(ValueError):
    """A mistake in one line: what is wrong, where, the value, and what was expected."""
