package dev.plinto.polar.sandbox.polar;

import java.util.UUID;

/// Where buyers and customers find Polar's pages: at Polar, or at a sandbox that serves them itself.
final class HostedPages {

    private String base = "https://sandbox.polar.sh";
    private boolean ownPages;

    /// The sandbox serves the pages below this address.
    void serveAt(String newBase) {
        base = newBase;
        ownPages = true;
    }

    String checkout(String clientSecret) {
        return base + "/checkout/" + clientSecret;
    }

    /// Where a buyer goes after a purchase if the merchant has named no page.
    String confirmation(String clientSecret) {
        return checkout(clientSecret) + "/confirmation";
    }

    String invoice(UUID order) {
        return base + "/invoices/" + order;
    }

    String receipt(UUID order) {
        return base + "/receipts/" + order;
    }

    String portal(SimulatedMerchant merchant, String sessionToken) {
        String path = ownPages ? "/portal" : "/" + merchant.slug() + "/portal";
        return base + path + "?customer_session_token=" + sessionToken;
    }
}
