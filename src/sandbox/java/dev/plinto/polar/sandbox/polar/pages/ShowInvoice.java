package dev.plinto.polar.sandbox.polar.pages;

import dev.plinto.polar.sandbox.HostedPage;
import dev.plinto.polar.sandbox.polar.pages.Pages.Message;
import dev.plinto.polar.sandbox.polar.rest.LocalApi;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestPath;

/// The invoice of an order, which at Polar is a PDF.
@Singleton
@Path("/sandbox/polar/invoices/{order_id}")
class ShowInvoice {

    private final HostedPolar polar;

    ShowInvoice(HostedPolar polar) {
        this.polar = polar;
    }

    @GET
    public Response show(@RestPath("order_id") String id) {
        LocalApi.Result order = polar.api().get("/orders/" + id);
        if (!order.isSuccess() || !order.body().path("is_invoice_generated").asBoolean()) {
            return HostedPage.answer(404, Pages.message(Message.of(polar.merchant(), "There is no such invoice",
                    "An invoice exists once it was asked for, in the portal or by the API.")));
        }
        return HostedPage.answer(200, Pages.invoice(InvoicePage.of(order.body(), polar.merchant())));
    }
}
