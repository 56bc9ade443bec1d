package dev.plinto.polar.sandbox.polar.pages;

import dev.plinto.polar.sandbox.HostedPage;
import dev.plinto.polar.sandbox.polar.pages.Pages.Message;
import dev.plinto.polar.sandbox.polar.rest.LocalApi;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestPath;

/// The invoice and the receipt of an order, which at Polar are PDFs.
@Singleton
@Path("/sandbox/polar")
class ShowInvoice {

    private final HostedPolar polar;

    ShowInvoice(HostedPolar polar) {
        this.polar = polar;
    }

    @GET
    @Path("/invoices/{order_id}")
    public Response invoice(@RestPath("order_id") String id) {
        LocalApi.Result order = polar.api().get("/orders/" + id);
        return order.body().path("is_invoice_generated").asBoolean()
                ? page("Invoice", order)
                : none("invoice", "An invoice exists once it was asked for, in the portal or by the API.");
    }

    @GET
    @Path("/receipts/{order_id}")
    public Response receipt(@RestPath("order_id") String id) {
        LocalApi.Result order = polar.api().get("/orders/" + id);
        return order.body().path("paid").asBoolean()
                ? page("Receipt of invoice", order)
                : none("receipt", "A receipt exists once the order is paid.");
    }

    private Response page(String kind, LocalApi.Result order) {
        return HostedPage.answer(200, Pages.invoice(InvoicePage.of(kind, order.body(), polar.merchant())));
    }

    private Response none(String what, String why) {
        return HostedPage.answer(404, Pages.message(Message.of(
                polar.merchant(), "There is no such " + what, why)));
    }
}
