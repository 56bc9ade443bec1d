package dev.plinto.polar.sandbox.polar.pages;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/// The templates, in `src/sandbox/resources/templates/sandbox/polar`.
@CheckedTemplate(basePath = "sandbox/polar")
final class Pages {

    static native TemplateInstance message(Message message);

    static native TemplateInstance checkout(CheckoutPage page);

    static native TemplateInstance portal(PortalPage page);

    static native TemplateInstance invoice(InvoicePage page);

    static native TemplateInstance claim(ClaimSeat.ClaimPage page);

    static native TemplateInstance shop(ShopPage page);

    private Pages() {}

    static Response goTo(String address) {
        return Response.seeOther(URI.create(address)).header("Cache-Control", "no-store").build();
    }

    /// A page that only tells something; `link` may be null. `again` loads it anew every second.
    record Message(String merchant, String title, String text, String link, String linkText, boolean again) {

        /// With a way on: to the merchant's shop.
        static Message of(String merchant, String title, String text) {
            return new Message(merchant, title, text, HostedPolar.ROOT, "Go to the shop", false);
        }
    }
}
