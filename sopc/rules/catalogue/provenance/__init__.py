"""Family 7: citations, and how much of the prose is covered."""

from sopc.rules.catalogue.provenance.contradicting_citations import contradicting_citations
from sopc.rules.catalogue.provenance.fuzzy_citation import fuzzy_citation
from sopc.rules.catalogue.provenance.inferred_fact import inferred_fact
from sopc.rules.catalogue.provenance.uncited_step import uncited_step
from sopc.rules.catalogue.provenance.uncovered_prose import uncovered_prose
from sopc.rules.catalogue.provenance.unlocated_quote import unlocated_quote
from sopc.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    uncited_step,
    unlocated_quote,
    uncovered_prose,
    fuzzy_citation,
    inferred_fact,
    contradicting_citations,
)
