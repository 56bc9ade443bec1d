from polar.v2026_10 import errors

PAYS = "ctoken_sandbox_pays"
BUYER = {
    "customer_email": "kim@example.org", "customer_name": "Kim",
    "customer_billing_address": {"country": "ES", "line1": "Rúa 1", "postal_code": "36201", "city": "Vigo"},
}


def checkout_is_created_and_paid(steps):
    pro = steps.polar.products.list(query="Pro").items[0]
    checkout = steps.polar.checkouts.create(products=[pro.id], external_customer_id="org-3")
    assert steps.polar.checkouts.get(checkout.id) == checkout
    assert steps.polar.checkouts.update(checkout.id, metadata={"a": 1}).metadata == {"a": 1}
    assert steps.polar.checkouts.client_get(checkout.client_secret).id == checkout.id
    declined = steps.refused(errors.PaymentError, lambda: steps.polar.checkouts.client_confirm(
        checkout.client_secret, confirmation_token_id="ctoken_sandbox_declined", **BUYER))
    assert declined.error.error == "PaymentError"
    confirmed = steps.polar.checkouts.client_confirm(checkout.client_secret, confirmation_token_id=PAYS, **BUYER)
    assert confirmed.status == "confirmed" and confirmed.customer_session_token


def customers_are_created_changed_and_deleted(steps):
    made = steps.polar.customers.create(email="mika@example.org", external_id="org-7")
    assert steps.polar.customers.get_external("org-7") == made
    assert steps.polar.customers.update(made.id, name="Mika").name == "Mika"
    assert steps.polar.customers.get_state(made.id).granted_benefits == []
    session = steps.polar.customer_sessions.create(customer_id=made.id)
    assert session.customer.id == made.id
    steps.polar.customers.delete(made.id)
    steps.refused(errors.ResourceNotFound, lambda: steps.polar.customers.get(made.id))


def orders_are_refunded(steps):
    order = steps.polar.orders.list(external_customer_id="org-1").items[0]
    assert steps.polar.orders.get(order.id) == order
    refund = steps.polar.refunds.create(order_id=order.id, amount=900, reason="customer_request")
    assert steps.polar.refunds.list(order_id=order.id).items == [refund]


def subscriptions_are_changed_and_revoked(steps):
    subscription = steps.polar.subscriptions.list(external_customer_id="org-1").items[0]
    canceling = steps.polar.subscriptions.update(subscription.id, cancel_at_period_end=True)
    assert canceling.cancel_at_period_end
    assert steps.polar.subscriptions.revoke(subscription.id).status == "canceled"
    steps.refused(errors.AlreadyCanceledSubscription, lambda: steps.polar.subscriptions.revoke(subscription.id))


STEPS = [
    checkout_is_created_and_paid, customers_are_created_changed_and_deleted, orders_are_refunded,
    subscriptions_are_changed_and_revoked,
]
