"""Rasa's comparison of its domain with an empty one, which it makes anew for every message: here the empty one is kept."""

from __future__ import annotations


def keep() -> None:
    """Make the empty domain once; before Rasa serves."""
    from rasa.shared.core.domain import Domain

    empty = Domain.empty().as_dict()
    Domain.is_empty = lambda domain: domain.as_dict() == empty
