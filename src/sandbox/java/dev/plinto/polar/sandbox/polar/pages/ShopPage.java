package dev.plinto.polar.sandbox.polar.pages;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What the shop shows. `bought` is what was just paid, `problem` why a checkout could not begin; either may be null.
record ShopPage(
        String merchant, String address, List<Offer> products, List<Buyer> customers, List<Invitation> invitations,
        Bought bought, String problem) {

    record Bought(String checkout, String organization) {

        /// The console's page of the organization.
        public String account() {
            return "/ops/accounts?account=" + URLEncoder.encode(organization, StandardCharsets.UTF_8);
        }
    }

    /// `seats` where it is sold by the seat.
    record Offer(String id, String name, String price, String period, List<String> benefits, boolean seats) {}

    record Buyer(String id, String organization, String email) {}

    record Invitation(String email, String product, String link) {}
}
