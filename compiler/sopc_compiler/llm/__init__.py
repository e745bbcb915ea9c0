"""Questions to a language model: the only place of sopc that knows a model client.

A pass builds `Request`s and gets `Reply`s from a `Gateway`, in the same order. Which model answers
(an OpenAI-compatible endpoint or the embedded one) is `ModelSettings`' business.
"""

from sopc_compiler.llm.budget import TokenBudget
from sopc_compiler.llm.cache import ReplyCache
from sopc_compiler.llm.gateway import Gateway, GatewayStats
from sopc_compiler.llm.progress import Progress, progress_reporter
from sopc_compiler.llm.request import Message, Reply, Request
from sopc_compiler.llm.settings import ModelSettings, resolve_settings

__all__ = [
    "Gateway",
    "GatewayStats",
    "Message",
    "ModelSettings",
    "Progress",
    "Reply",
    "ReplyCache",
    "Request",
    "TokenBudget",
    "progress_reporter",
    "resolve_settings",
]
