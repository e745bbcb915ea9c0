"""What a binding says of an MCP server."""

import shlex

from pydantic import model_validator

from sopc_runtime.connectors.secret import Secret, SecretOrText
from sopc_runtime.connectors.settings import Settings


class McpSettings(Settings):
    """How an MCP server is reached: by the command that starts it, or by its URL."""

    command: str | None = None
    """the program that is the server; it is started in the organization file's folder"""

    args: str = ""
    """what follows the command, as on a command line"""

    env: str = ""
    """names of the environment variables that it gets beside the usual ones, with spaces between"""

    url: SecretOrText | None = None
    """where it answers, as `https://mcp.stripe.example/mcp`"""

    token: Secret | None = None
    """what it is shown as a bearer token"""

    @model_validator(mode="after")
    def _one_way(self) -> "McpSettings":
        if (self.command is None) == (self.url is None):
            raise ValueError("either `command` or `url` says where the server is")
        if self.token is not None and self.url is None:
            raise ValueError("`token` goes with `url`; a command gets secrets by `env`")
        if isinstance(self.url, str) and not self.url.startswith(("https://", "http://")):
            raise ValueError("`url` begins with https:// or http://")
        try:
            shlex.split(self.args)
        except ValueError:
            raise ValueError("`args` has a quotation mark that is not closed") from None
        return self

    @property
    def arguments(self) -> list[str]:
        """What follows the command."""
        return shlex.split(self.args)

    @property
    def variables(self) -> tuple[Secret, ...]:
        """The environment variables that the command gets; any of them may be a secret."""
        return tuple(Secret(name) for name in self.env.replace(",", " ").split())

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets that the settings name."""
        return (*super().secrets, *self.variables)
