"""Graphs of any size to check, and a template of as many lines for another linter."""

from pathlib import Path

_HEAD = """\
format: 1
id: large
title: A large procedure
inputs:
  - {name: amount, type: money, currency: USD}
roles:
  - {id: clerk, name: clerk}
  - {id: manager, name: manager}
systems:
  - {id: ledger, name: Ledger}
procedures:
  - id: large
    title: A large procedure
    triggers:
      - id: asked
        kind: request
        says: when the clerk asks for it
        by: clerk
    deadlines:
      - {says: within 900 days, within: P900D}
    escalation:
      - {says: after 30 days the manager takes over, after: P30D, to: manager, via: ledger}
    steps:
"""
_ACTION = """\
      - id: step-{number}
        kind: action
        title: Enter line {number} in Ledger
        role: clerk
        system: ledger
        tier: {{level: 2, reason: an entry is hard to undo}}
        when:
          - {{says: if the amount is over {number}, cel: amount > {number}00}}
        inputs:
          - {{name: line, value: {number}}}
"""
_DECISION = """\
      - id: step-{number}
        kind: decision
        title: Look at the amount of line {number}
        branches:
          - when: {{says: if the amount is over {number}, cel: amount > {number}00}}
            then: step-{next}
        otherwise: step-{after}
"""
_RESOURCE = """\
  Queue{number}:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "${{AWS::StackName}}-{number}"
      VisibilityTimeout: 60
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt Queue0.Arn
        maxReceiveCount: 5
"""
_EVERY = 10
"""One step in so many is a decision."""


def large_graph(steps: int, *, mistakes: bool = False) -> str:
    """Write a graph with one procedure of so many steps.

    With `mistakes`, each action is due at a time that no clock can read.
    """
    text = _HEAD + "".join(_step(number, steps) for number in range(1, steps + 1))
    vague = "        deadlines: [{says: promptly, vague: true}]\n"
    return text.replace("        inputs:\n", f"{vague}        inputs:\n") if mistakes else text


def folder_of_graphs(folder: Path, files: int, *, steps: int = 10) -> None:
    """Write so many graphs into a folder."""
    folder.mkdir(exist_ok=True)
    for number in range(files):
        text = large_graph(steps).replace("id: large", f"id: large-{number}")
        (folder / f"graph-{number}.sop.yaml").write_text(text, encoding="utf-8")


def cloud_template(lines: int) -> str:
    """Write a template of about so many lines, each resource with a reference to the first one."""
    count = max(1, lines // _RESOURCE.count("\n"))
    resources = (_RESOURCE.format(number=number) for number in range(1, count + 1))
    first = "  Queue0:\n    Type: AWS::SQS::Queue\n"
    return "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n" + first + "".join(resources)


def _step(number: int, steps: int) -> str:
    if number % _EVERY or number + 2 > steps:
        return _ACTION.format(number=number)
    return _DECISION.format(number=number, next=number + 1, after=number + 2)
