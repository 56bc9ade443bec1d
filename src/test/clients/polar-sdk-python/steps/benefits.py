def benefits_are_created_changed_and_deleted(steps):
    meter = steps.polar.meters.create(
        name="Calls", filter={"conjunction": "and", "clauses": []}, aggregation={"func": "count"})
    for kind, properties in (
            ("custom", {"note": "Call us"}), ("feature_flag", {}),
            ("meter_credit", {"meter_id": meter.id, "units": 5, "rollover": False})):
        made = steps.polar.benefits.create(type=kind, description="A benefit", properties=properties)
        assert steps.polar.benefits.get(made.id) == made
        changed = steps.polar.benefits.update(made.id, type=kind, description="Another")
        assert changed.description == "Another" and changed.properties == made.properties
        assert steps.polar.benefits.grants(made.id).items == []
        steps.polar.benefits.delete(made.id)
    assert steps.polar.benefits.list(query="Another").items == []


def discounts_are_created_changed_and_deleted(steps):
    for terms in (
            {"type": "percentage", "basis_points": 100, "duration": "once"},
            {"type": "percentage", "basis_points": 100, "duration": "repeating", "duration_in_months": 2},
            {"type": "fixed", "amounts": {"eur": 100}, "duration": "forever"}):
        made = steps.polar.discounts.create(name="Launch", **terms)
        assert steps.polar.discounts.update(made.id, name="Later").name == "Later"
        assert steps.polar.discounts.get(made.id).name == "Later"
        steps.polar.discounts.delete(made.id)


STEPS = [benefits_are_created_changed_and_deleted, discounts_are_created_changed_and_deleted]
