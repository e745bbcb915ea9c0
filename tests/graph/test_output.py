"""What steps give to later ones."""

from sopc.graph import ComputedValue, ComputeStep, DataField, DataType, ForEach, HumanTaskStep
from sopc.graph.output import given_by, outputs_of


def test_a_step_done_for_each_element_gives_lists() -> None:
    """What is sensitive of one element is so of all."""
    code = DataField(name="code", type=DataType.STRING, sensitive=True)
    step = HumanTaskStep(
        id="a", title="A", for_each=ForEach(items="doors", name="door"), outputs=(code,)
    )
    assert outputs_of(step) == (code,)
    (given,) = given_by(step)
    assert (given.type, given.items, given.sensitive) == (DataType.LIST, DataType.STRING, True)


def test_other_steps_give_what_they_declare() -> None:
    value = ComputedValue(name="total", type=DataType.INTEGER, cel="1 + 1")
    step = ComputeStep(id="a", title="A", values=(value,))
    assert given_by(step) == outputs_of(step) == (value,)
