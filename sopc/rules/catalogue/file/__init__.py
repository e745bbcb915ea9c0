"""Family 0: the file itself, its source, its settings, and what it accepts."""

from sopc.rules.catalogue.file.bad_configuration import bad_configuration
from sopc.rules.catalogue.file.invalid_file import invalid_file
from sopc.rules.catalogue.file.stale_graph import stale_graph
from sopc.rules.catalogue.file.unknown_format import unknown_format
from sopc.rules.catalogue.file.unreadable_source import unreadable_source
from sopc.rules.catalogue.file.unreasoned_suppression import unreasoned_suppression
from sopc.rules.catalogue.file.unused_suppression import unused_suppression
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    stale_graph,
    unreadable_source,
    invalid_file,
    unknown_format,
    bad_configuration,
    unused_suppression,
    unreasoned_suppression,
)
