from datetime import datetime, timedelta, timezone


def usage_is_metered(steps):
    meter = steps.polar.meters.create(
        name="Tokens", filter={"conjunction": "and", "clauses": []},
        aggregation={"func": "sum", "property": "tokens"})
    event = {"name": "llm", "external_customer_id": "org-1", "external_id": "e-1", "metadata": {"tokens": 40}}
    answer = steps.polar.events.ingest(events=[event, event])
    assert (answer.inserted, answer.duplicates) == (1, 1)
    usage = steps.polar.customer_meters.list(external_customer_id="org-1", meter_id=meter.id).items[0]
    assert usage.consumed_units == 40 and usage.balance == -40
    assert steps.polar.customer_meters.get(usage.id) == usage
    listed = steps.polar.events.list(name="llm").items[0]
    assert steps.polar.events.get(listed.id) == listed
    assert steps.polar.events.list_names().items[0].occurrences == 1
    assert steps.polar.meters.list(query="tok").items[0].id == meter.id
    now = datetime.now(timezone.utc)
    quantities = steps.polar.meters.quantities(
        meter.id, start_timestamp=(now - timedelta(days=1)).isoformat(),
        end_timestamp=(now + timedelta(days=1)).isoformat(), interval="day")
    assert quantities.total == 40


STEPS = [usage_is_metered]
