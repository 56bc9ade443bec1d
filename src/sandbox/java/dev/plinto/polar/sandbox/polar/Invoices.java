package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.BusinessFault.INVOICE_IN_PROGRESS;
import static dev.plinto.polar.sandbox.polar.BusinessFault.RECEIPT_IN_PROGRESS;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The invoices and receipts of orders, and whom they are addressed to.
///
/// Polar writes the invoice of a paid order by itself; of any other, and anew after a change, when it is asked to.
public final class Invoices {

    private static final List<String> WITHOUT_INVOICE = List.of("draft", "void");

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Orders orders;
    private final BusinessFaults faults;
    private final HostedPages pages;

    Invoices(
            SimulatedState state, Payloads payloads, Emissions emissions, Orders orders, BusinessFaults faults,
            HostedPages pages) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
        this.orders = orders;
        this.faults = faults;
        this.pages = pages;
    }

    /// Whom the invoice of an order is addressed to; each may be null.
    public record Addressee(String name, Address address) {}

    /// All but the country may be null.
    public record Address(String line1, String line2, String postalCode, String city, String state, String country) {}

    public Addressee addressee(UUID id) {
        Order order = SimulatedState.find(state.orders, id);
        Customer.Address at = order.billingAddress;
        return new Addressee(order.billingName, at == null
                ? null
                : new Address(at.line1(), at.line2(), at.postalCode(), at.city(), at.state(), at.country()));
    }

    /// `order.updated`
    public void address(UUID id, Addressee to) {
        Order order = SimulatedState.find(state.orders, id);
        Address at = to.address;
        order.billingName = to.name;
        order.billingAddress = at == null
                ? null
                : new Customer.Address(at.line1, at.line2, at.postalCode, at.city, at.state, at.country);
        order.modifiedAt = emissions.next();
        emissions.emit("order.updated", payloads.order(order));
    }

    /// Writes the invoice: `order.updated` with `is_invoice_generated`.
    ///
    /// @throws Refusal if orders of this status have none, or it would be addressed to nobody
    public void generate(UUID id) {
        Order order = SimulatedState.find(state.orders, id);
        if (WITHOUT_INVOICE.contains(order.status)) {
            throw new Refusal(409, "OrderNotEligibleForInvoice",
                    "Order " + id + " is " + order.status + ": no invoice is written of it.");
        }
        if (order.billingName == null || order.billingAddress == null) {
            throw new Refusal(422, "MissingInvoiceBillingDetails",
                    "Billing name and address are required to generate an invoice for this order.");
        }
        orders.writeInvoice(order);
    }

    /// Empty until it is [generated][#generate(UUID)].
    public Optional<String> urlOfInvoice(UUID id) {
        boolean isGenerated = SimulatedState.find(state.orders, id).isInvoiceGenerated;
        return isGenerated && !faults.happens(INVOICE_IN_PROGRESS, id)
                ? Optional.of(pages.invoice(id))
                : Optional.empty();
    }

    /// Empty if nothing was paid.
    public Optional<Receipt> receipt(UUID id) {
        Order order = SimulatedState.find(state.orders, id);
        if (!order.paid || order.totalAmount <= 0) {
            return Optional.empty();
        }
        return Optional.of(faults.happens(RECEIPT_IN_PROGRESS, id)
                ? new Receipt.InProgress()
                : new Receipt.Written(pages.receipt(id)));
    }

    /// The receipt of a payment.
    public sealed interface Receipt {

        /// It is being written.
        record InProgress() implements Receipt {}

        record Written(String url) implements Receipt {}
    }
}
