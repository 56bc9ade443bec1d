def seats_are_bought_assigned_and_revoked(steps):
    studio = steps.polar.products.list(query="Studio").items[0]
    checkout = steps.polar.checkouts.create(products=[studio.id], seats=2, external_customer_id="org-8")
    steps.polar.checkouts.client_confirm(
        checkout.client_secret, confirmation_token_id="ctoken_sandbox_pays", customer_email="kim@example.org",
        customer_name="Kim", customer_billing_address={
            "country": "ES", "line1": "Rúa 1", "postal_code": "36201", "city": "Vigo"})
    subscription = steps.polar.subscriptions.list(external_customer_id="org-8").items[0]
    seat = steps.polar.customer_seats.assign_seat(subscription_id=subscription.id, email="mika@example.org")
    assert seat.status == "pending"
    seats = steps.polar.customer_seats.list_seats(subscription_id=subscription.id)
    assert (seats.available_seats, seats.total_seats) == (1, 2)
    revoked = steps.polar.customer_seats.revoke_seat(seat.id)
    assert (revoked.id, revoked.status, revoked.email) == (seat.id, "revoked", None)


STEPS = [seats_are_bought_assigned_and_revoked]
