"""Four procedures of a small shop: orders, parcels, a report every five minutes, and refunds."""

import hashlib
from datetime import datetime

from sqlalchemy import Engine, insert

from sopc.graph.file import loads_graph
from sopc_runtime.core.mode import Mode
from sopc_runtime.store.documents import keep
from sopc_runtime.store.tables import procedures

ORGANIZATION = """\
format: 1
name: Tidewater
time_zone: UTC
roles:
  - {id: clerk, name: clerk, holders: [{name: Lena Brandt, email: lena@tidewater.example}]}
  - {id: manager, name: manager, holders: [{name: Omar Reyes, email: omar@tidewater.example}]}
systems:
  - {id: shop, name: Shop}
  - id: stock
    name: Stock
    binding: {connector: moody, settings: {timeout: 0.3}}
    operations: [{name: look, effect: read}]
  - id: ledger
    name: Ledger
    binding: {connector: moody, settings: {timeout: 0.3}}
    operations: [{name: write, effect: write, idempotent: true}]
  - id: mailer
    name: Mailer
    binding: {connector: moody, settings: {timeout: 0.3}}
    operations: [{name: send, effect: send}]
  - id: bank
    name: Bank
    binding: {connector: moody, settings: {timeout: 0.3, max_concurrent: 2}}
    operations: [{name: pay, effect: pay, idempotent: true}]
"""
_HEAD = """\
format: 1
id: {id}
title: {id}
inputs:
  - {{name: order, type: string}}
  - {{name: amount, type: money, currency: USD}}
  - {{name: lines, type: list, items: integer, required: false}}
roles: [{{id: clerk, name: clerk}}, {{id: manager, name: manager}}]
systems:
  - {{id: shop, name: Shop}}
  - {{id: stock, name: Stock}}
  - {{id: ledger, name: Ledger}}
  - {{id: mailer, name: Mailer}}
  - {{id: bank, name: Bank}}
procedures:
"""
_ORDERS = """\
  - id: orders
    title: Orders
    triggers:
      - id: placed
        kind: event
        says: when an order is placed
        system: shop
        event: order placed
        payload: [{name: order, type: string}, {name: amount, type: money, currency: USD}]
    steps:
      - {id: look, kind: action, title: Look, TIER, system: stock, operation: look, RETRY}
      - id: large
        kind: decision
        title: Is it large
        branches: [{when: {says: over 500, cel: amount > 50000}, then: approve}]
        otherwise: enter
      - id: approve
        kind: approval
        title: Approve it
        role: clerk
        deadlines: [{says: within 20 minutes, within: PT20M}]
        escalation: [{says: after 10 minutes the manager, after: PT10M, to: manager}]
      - {id: enter, kind: action, title: Enter, TIER, system: ledger, operation: write, RETRY}
      - {id: confirm, kind: action, title: Confirm, TIER, system: mailer, operation: send}
      - {id: pause, kind: wait, title: Wait a while, duration: PT5M}
      - {id: thank, kind: action, title: Thank, TIER, system: mailer, operation: send}
"""
_PARCELS = """\
  - id: parcels
    title: Parcels
    triggers:
      - id: sent
        kind: event
        says: when a parcel is sent
        system: shop
        event: parcel sent
        payload: [{name: order, type: string}]
    steps:
      - id: arrives
        kind: wait
        title: Wait until it arrives
        deadlines: [{says: within 30 minutes, within: PT30M}]
        event:
          id: arrived
          kind: event
          says: the parcel arrives
          system: shop
          event: parcel arrived
          payload: [{name: arrived, type: string}]
          filter: arrived == order
      - {id: done, kind: action, title: Enter, TIER, system: ledger, operation: write, RETRY}
"""
_REPORT = """\
  - id: report
    title: Report
    triggers: [{id: often, kind: schedule, says: every 5 minutes, cron: "*/5 * * * *"}]
    steps:
      - {id: count, kind: compute, title: Count, values: [{name: n, type: integer, cel: "1 + 1"}]}
      - {id: send, kind: action, title: Send, TIER, system: mailer, operation: send}
"""
_REFUNDS = """\
  - id: refunds
    title: Refunds
    steps:
      - id: pay
        kind: action
        title: Pay
        TIER
        system: bank
        operation: pay
        for_each: {items: lines, name: line}
        RETRY
      - {id: book, kind: call, title: Book it, procedure: booking}
      - {id: check, kind: human_task, title: Check it, role: clerk}
  - id: booking
    title: Booking
    steps:
      - {id: enter, kind: action, title: Enter, TIER, system: ledger, operation: write, RETRY}
"""
_TIER = "tier: {level: 1, reason: safe}"
_RETRY = "retry: {says: twice more, times: 2, delay: PT1M, on: [unavailable, timed-out]}"


def deploy(engine: Engine, at: datetime) -> None:
    """Keep the graphs, and let all procedures act."""
    own = hashlib.sha256(ORGANIZATION.encode()).hexdigest()
    with engine.begin() as connection:
        keep(connection, kind="organization", text=ORGANIZATION, digest=own)
        for name, body in (
            ("orders", _ORDERS),
            ("parcels", _PARCELS),
            ("report", _REPORT),
            ("refunds", _REFUNDS),
        ):
            text = _HEAD.format(id=name) + body.replace("TIER", _TIER).replace("RETRY", _RETRY)
            digest = hashlib.sha256(text.encode()).hexdigest()
            keep(connection, kind="graph", text=text, digest=digest)
            found = loads_graph(text).graph.procedures
            for each in found:
                row = {
                    "name": name if len(found) == 1 else f"{name}/{each.id}",
                    "graph": digest,
                    "organization": own,
                    "procedure": each.id,
                    "path": None,
                    "mode": Mode.AUTONOMOUS.value,
                    "mode_since": at,
                    "deployed_at": at,
                }
                connection.execute(insert(procedures).values(row))
