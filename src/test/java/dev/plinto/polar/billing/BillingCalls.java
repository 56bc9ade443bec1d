package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.billing.SellingClient.with;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// Every call of `billing` that names something of one organization.
final class BillingCalls {

    /// What a sender of a call may name.
    record Things(String organization, String checkout, String subscription, String seat, String order,
            String product) {

        /// What an organization has that bought seats, and opened another checkout.
        static Things of(SellingClient of) {
            SeatClient seats = new SeatClient(of);
            String order = await().atMost(SellingClient.PATIENCE).until(() -> of.database.column(
                    "SELECT id FROM orders WHERE subscription_id = ? AND created_at IS NOT NULL", seats.subscription),
                    found -> !found.isEmpty()).getFirst();
            String product = of.freeProduct("group-" + UUID.randomUUID(), "public");
            JsonNode checkout = json(
                    of.call("POST /api/v1/polar/checkout", List.of(), "", "{\"product_id\":\"" + product + "\"}",
                            with(of.owner())),
                    201);
            return new Things(of.organization, checkout.path("checkout_id").asText(), seats.subscription,
                    seats.firstId(),
                    order, product);
        }
    }

    /// A call as documented, with the things in it.
    ///
    /// @param isRead    whether every member of the organization may make it
    /// @param takesBody whether it has fields
    record Call(String operation, List<String> ids, String query, String body, boolean isRead, boolean takesBody) {

        /// The same with other fields, of which the braces belong to the call.
        Call withFields(String more) {
            return new Call(operation, ids, query, body.equals("{}") || body.isEmpty()
                    ? "{" + more + "}"
                    : body.substring(0, body.length() - 1) + "," + more + "}", isRead, takesBody);
        }

        @Override
        public String toString() {
            return operation;
        }
    }

    private static final String API = " /api/v1/polar/";

    static List<Call> all(Things of) {
        String organization = "?organization_id=" + of.organization;
        return List.of(
                new Call("GET" + API + "checkout/{checkout_id}", List.of(of.checkout), "", "", true, false),
                new Call("GET" + API + "checkout/{checkout_id}/activation", List.of(of.checkout), "?wait=0", "", true,
                        false),
                new Call("GET" + API + "subscriptions/{subscription_id}/seats", List.of(of.subscription), "", "", false,
                        false),
                new Call("GET" + API + "orders", List.of(), organization, "", false, false),
                new Call("GET" + API + "orders/{order_id}/invoice", List.of(of.order), "", "", false, false),
                new Call("GET" + API + "routing", List.of(), organization, "", false, false),
                new Call("GET" + API + "customer/portal", List.of(), organization, "", false, false),
                writing("POST", "checkout", List.of(), forOrganization("product_id", of.product, of)),
                writing("POST", "customers", List.of(), forOrganization("email", "attacker@evil.example", of)),
                writing("POST", "subscriptions", List.of(), forOrganization("product_id", of.product, of)),
                writing("PATCH", "subscriptions/{subscription_id}", List.of(of.subscription), "{\"seats\":9}"),
                writing("POST", "subscriptions/{subscription_id}/cancel", List.of(of.subscription), "{}"),
                writing("POST", "subscriptions/{subscription_id}/uncancel", List.of(of.subscription), ""),
                writing("POST", "subscriptions/{subscription_id}/pause", List.of(of.subscription), ""),
                writing("POST", "subscriptions/{subscription_id}/resume", List.of(of.subscription), ""),
                writing("POST", "subscriptions/{subscription_id}/seats", List.of(of.subscription),
                        "{\"user_id\":\"usr_attacker\",\"email\":\"attacker@evil.example\"}"),
                writing("DELETE", "subscriptions/{subscription_id}/seats/{seat_id}",
                        List.of(of.subscription, of.seat), ""));
    }

    /// Those that change something at Polar by the fields of a body.
    static Stream<Call> withBody(Things of) {
        return all(of).stream().filter(Call::takesBody);
    }

    static Call one(String operation, Things of) {
        return all(of).stream().filter(one -> one.operation().equals(operation)).findFirst()
                .orElseThrow();
    }

    /// How many customers, checkouts and subscriptions Polar has.
    static List<Integer> countsAtPolar(SellingClient of) {
        return Stream.of("/customers/", "/checkouts/", "/subscriptions/")
                .map(list -> of.polar(list + "?limit=1").at("/pagination/total_count").asInt()).toList();
    }

    private static String forOrganization(String field, String value, Things of) {
        return "{\"" + field + "\":\"" + value + "\",\"organization_id\":\"" + of.organization + "\"}";
    }

    private static Call writing(String method, String path, List<String> ids, String body) {
        return new Call(method + API + path, ids, "", body, false, !body.isEmpty());
    }

    private BillingCalls() {}
}
