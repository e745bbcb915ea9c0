"""How far a procedure acts: in the shadow of people, with their approval of every act, or alone."""

from enum import StrEnum


class Mode(StrEnum):
    """The three modes of the rollout."""

    SHADOW = "shadow"
    ASSIST = "assist"
    AUTONOMOUS = "autonomous"
