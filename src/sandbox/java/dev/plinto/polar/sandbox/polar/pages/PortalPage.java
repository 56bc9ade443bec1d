package dev.plinto.polar.sandbox.polar.pages;

import java.util.List;

/// What the customer portal shows. `problem` and `returnUrl` are null if there is none.
record PortalPage(
        String merchant,
        String email,
        String token,
        String action,
        List<Subscribed> subscriptions,
        List<Ordered> orders,
        List<String> reasons,
        String returnUrl,
        String problem) {

    /// `look` is the colour of the status; `seats` is null for a product without seats.
    record Subscribed(
            String id, String product, String status, String look, String price, String period, String next,
            boolean changeable, boolean canceling, Integer seats, List<Plan> plans, List<SeatRow> members) {}

    record Plan(String id, String name, String price, String period) {}

    record SeatRow(String id, String email, String status) {}

    /// `eligible` for an invoice.
    record Ordered(
            String id, String date, String product, String status, String amount, String number, boolean eligible) {}
}
