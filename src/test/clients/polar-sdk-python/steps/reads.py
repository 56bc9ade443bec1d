from polar.v2026_10 import errors

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def customers_are_listed_and_read(steps):
    listed = steps.polar.customers.list(sorting=["created_at"])
    assert [customer.external_id for customer in listed.items] == ["org-1", "org/2 ä"]
    assert steps.polar.customers.get(listed.items[0].id) == listed.items[0]
    assert steps.polar.customers.list(query="org-1", active=True).pagination.total_count == 1


def unknown_customer_is_an_error_of_the_clients_class(steps):
    error = steps.refused(errors.ResourceNotFound, lambda: steps.polar.customers.get(UNKNOWN))
    assert error.status_code == 404 and error.error.error == "ResourceNotFound"


def wrong_id_is_a_validation_error(steps):
    error = steps.refused(errors.HTTPValidationError, lambda: steps.polar.customers.get("7"))
    assert error.error.detail[0].loc == ["path", "id"]


def subscriptions_are_listed_and_read(steps):
    listed = steps.polar.subscriptions.list(status=["active"], metadata={"organization_id": "org-1"})
    assert listed.items[0].product.name == "Pro"
    assert steps.polar.subscriptions.get(listed.items[0].id) == listed.items[0]


def grants_are_listed(steps):
    listed = steps.polar.benefit_grants.list(external_customer_id="org-1", is_granted=True)
    assert {grant.benefit.type for grant in listed.items} == {"feature_flag", "custom"}


def endpoints_are_created_and_listed(steps):
    made = steps.polar.webhooks.create_webhook_endpoint(
        url="http://127.0.0.1:9/none", format="raw", events=["order.paid"])
    assert steps.polar.webhooks.list_webhook_endpoints().items == [made]
    assert steps.polar.webhooks.list_webhook_deliveries().items == []


STEPS = [
    customers_are_listed_and_read, unknown_customer_is_an_error_of_the_clients_class, wrong_id_is_a_validation_error,
    subscriptions_are_listed_and_read, grants_are_listed, endpoints_are_created_and_listed,
]
