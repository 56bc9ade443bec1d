package dev.plinto.polar.polar.api;

/// A scope that `POLAR_ACCESS_TOKEN` needs for what this service writes at Polar.
public enum WriteScope {
    CHECKOUTS("checkouts:write", "checkouts"),
    CUSTOMERS("customers:write", "checkouts"),
    CUSTOMER_SESSIONS("customer_sessions:write", "the customer portal"),
    MEMBERS("members:write", "the customer portal"),
    SUBSCRIPTIONS("subscriptions:write", "changes of subscriptions"),
    CUSTOMER_SEATS("customer_seats:write", "changes of seats"),
    EVENTS("events:write", "metered events"),
    WEBHOOKS("webhooks:write", "switching the endpoint on again");

    private final String wireName;
    private final String part;

    WriteScope(String wireName, String part) {
        this.wireName = wireName;
        this.part = part;
    }

    /// As Polar names it.
    public String wireName() {
        return wireName;
    }

    /// What needs it, for people.
    public String part() {
        return part;
    }
}
