"""Whatever the prose, it compiles to a graph that can be written and read again."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from passes.scripted_gateway import Quotes, compiled
from sopc.graph.file import dump_graph, loads_graph
from sopc_compiler.llm import Request

BLOCKS = st.sampled_from(
    ["# ", "## ", "### ", "- ", "  - ", "1. ", "2. ", "> ", "| ", "", "", "```\n", "    ", "- [ ] "]
)
PHRASES = st.sampled_from(
    [
        *(
            "The manager must ",
            "approve the refund ",
            "in Asana ",
            "send the mail ",
            "Escalate to ",
        ),
        *("the store manager ", "within 2 hours ", "after 3 days ", "promptly ", "every Monday "),
        *("If the cost is over 150 USD, ", "If it fails, ", "Otherwise, ", "When a form arrives, "),
        *(
            "retry it twice",
            "wait 2 days",
            "decide who is right",
            "pay Bob’s bill",
            "Trigger",
            ". ",
        ),
        *("with template `done`", "[the policy](p.md)", "**now**", "#desk", "$1,000,000", "5%"),
        *(
            "Purpose",
            "Escalation",
            "Failure to reply is noted.",
            "at Ann's request",
            ":",
            "? ",
            ", ",
        ),
        *(
            " | ",
            "|\n|---|---|\n|",
            "\n",
            "—",
            "é",
            "e\u0301",
            "\u00a0",
            "\u2028",
            "שלום",
            "😀",
            "\0",
        ),
    ]
)
TEXTS = st.one_of(PHRASES, PHRASES, PHRASES, st.text(max_size=8))
LINES = st.builds(lambda mark, words: mark + "".join(words), BLOCKS, st.lists(TEXTS, max_size=7))
PROSE = st.builds(
    lambda lines, end: end.join(lines),
    st.lists(LINES, min_size=1, max_size=12),
    st.sampled_from(["\n", "\n\n", "\r\n"]),
)
TITLE = "# Desk\n\n"
"""So that there is always something to read."""
quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def everything(passage: str, _request: Request) -> Quotes:
    """Quote each pair of words, as all that can be quoted."""
    words = passage.split()
    pairs = [" ".join(words[index : index + 2]) for index in range(0, len(words), 2)]
    return {"do": pairs, "people": pairs, "tools": words}


@quick
@given(PROSE)
@example("1. If the cost is over 150 USD, the manager must pay. Otherwise, the manager must wait.")
def test_any_prose_compiles_without_quotes(prose: str) -> None:
    """Rules alone make a graph of whatever is written, and it loads from its own dump."""
    graph = compiled(TITLE + prose).graph
    text = dump_graph(graph)
    assert loads_graph(text).graph == graph
    assert dump_graph(loads_graph(text).graph) == text


@quick
@given(PROSE)
def test_any_prose_compiles_with_a_model_that_quotes_everything(prose: str) -> None:
    """A model that quotes every word of a passage breaks nothing either."""
    graph = compiled(TITLE + prose, everything).graph
    assert loads_graph(dump_graph(graph)).graph == graph
