package dev.plinto.polar.sandbox.polar.pages;

import java.util.List;

/// What the shop shows. `bought` is the id of a checkout that was just paid, `problem` why one could not begin; either
/// may be null.
record ShopPage(
        String merchant, String address, List<Offer> products, List<Buyer> customers, List<Invitation> invitations,
        String bought, String problem) {

    /// `seats` where it is sold by the seat.
    record Offer(String id, String name, String price, String period, List<String> benefits, boolean seats) {}

    record Buyer(String id, String organization, String email) {}

    record Invitation(String email, String product, String link) {}
}
