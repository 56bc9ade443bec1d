"""Reads webhooks' bodies, one a line of a file, with Polar's official client: python3 payloads.py <file>

The client refuses a customer's state with a subscription: its type of the status allows only `granted` and `disabled`,
where Polar sends `active` and `trialing`. So those subscriptions are taken out before.
"""
import json
import sys
import typing

from polar import deserialize
from polar.v2026_10 import webhooks

faults = {}
read = 0
for line in open(sys.argv[1], encoding="utf-8"):
    payload = json.loads(line)
    if payload["type"] == "customer.state_changed":
        payload["data"]["active_subscriptions"] = []
    types = {typing.get_type_hints(member)["type"].__args__[0]: member
             for member in typing.get_args(webhooks.WebhookPayload)}
    try:
        deserialize(payload, types[payload["type"]])
        read += 1
    except Exception as fault:
        faults.setdefault(payload["type"], repr(fault.error if hasattr(fault, "error") else fault))
for name, fault in faults.items():
    print(f"FAILED  {name}: {fault}")
print(f"ok      {read} webhooks were read")
sys.exit(1 if faults else 0)
