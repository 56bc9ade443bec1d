package dev.plinto.polar.postgres;

/// What calls read of Polar's objects, each as complete as its list at Polar once reconciliation has read that.
public enum ReadModel {
    PRODUCTS("product", "products", "products:read"),
    ORDERS("order", "orders", "orders:read"),
    CHECKOUTS("checkout", "checkouts", "checkouts:read"),
    MEMBERS("member", "members", "members:read"),
    SEATS("seat", "seats", "customer_seats:read"),
    METERS("meter", "meters", "meters:read"),
    CUSTOMER_METERS("customer_meter", "customers' meters", "customer_meters:read");

    private final String kind;
    private final String listed;
    private final String scope;

    ReadModel(String kind, String listed, String scope) {
        this.kind = kind;
        this.listed = listed;
        this.scope = scope;
    }

    /// In the table `reconciliation_lists`.
    String kind() {
        return kind;
    }

    /// What is in the list, for people.
    String listed() {
        return listed;
    }

    /// That `POLAR_ACCESS_TOKEN` needs to read the list.
    String scope() {
        return scope;
    }
}
