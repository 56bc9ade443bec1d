from polar.v2026_10 import errors


def product_of_each_kind_is_created(steps):
    meter = steps.polar.meters.create(
        name="Calls", filter={"conjunction": "and", "clauses": []}, aggregation={"func": "count"})
    for prices in (
            [{"amount_type": "fixed", "price_amount": 0}],
            [{"amount_type": "custom", "preset_amount": 900}],
            [{"amount_type": "seat_based", "seat_tiers": {"tiers": [{"min_seats": 1, "price_per_seat": 700}]}}],
            [{"amount_type": "metered_unit", "meter_id": meter.id, "unit_amount": "0.5"}]):
        made = steps.polar.products.create(name="Night", recurring_interval="month", prices=prices)
        assert [price.amount_type for price in made.prices] == [prices[0]["amount_type"]]
        assert steps.polar.products.get(made.id) == made


def products_are_listed_changed_and_deleted(steps):
    listed = steps.polar.products.list(is_recurring=True, limit=100).items
    assert {"Pro", "Team", "Studio", "Night"} == {product.name for product in listed}
    night = next(product for product in listed if product.name == "Night")
    changed = steps.polar.products.update(night.id, is_archived=True, metadata={"kind": 1})
    assert changed.is_archived and changed.metadata == {"kind": 1}
    assert steps.polar.products.update_benefits(night.id, benefits=[]) == changed
    steps.polar.products.delete(night.id)
    pro = next(product for product in listed if product.name == "Pro")
    error = steps.refused(errors.ProductNotDeletable, lambda: steps.polar.products.delete(pro.id))
    assert error.error.error == "ProductNotDeletable"


STEPS = [product_of_each_kind_is_created, products_are_listed_changed_and_deleted]
