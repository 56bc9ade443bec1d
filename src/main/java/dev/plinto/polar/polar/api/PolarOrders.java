package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.api.Polar.Page;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Orders and their invoices at Polar. Each call blocks for one organization, whose user waits, and throws
/// [PolarFailure] if Polar does not answer or refuses.
@ApplicationScoped
public class PolarOrders {

    private final PolarCalls calls;

    PolarOrders(PolarCalls calls) {
        this.calls = calls;
    }

    /// Empty if Polar has no such order.
    public Optional<Dated<Answered<PolarOrder>>> find(Purpose.ForOrganization caller, String id)
            throws InterruptedException {
        return calls.find(caller, Operation.READ_ORDER, "id", id, api -> api.readOrder(id),
                answer -> Answered.itself(answer, "id", id, PolarOrder::of));
    }

    /// Those that a checkout led to, oldest first; empty if Polar cannot have such an id.
    public Optional<Dated<List<Answered<PolarOrder>>>> ofCheckout(Purpose.ForOrganization caller, String checkoutId)
            throws InterruptedException {
        return calls.find(caller, Operation.LIST_ORDERS_OF_CHECKOUT, "checkout_id", checkoutId,
                api -> api.listOrdersOf(checkoutId, "created_at", Polar.PAGE, 1),
                answer -> Page.of(answer, item -> Answered.itself(item, "checkout_id", checkoutId, PolarOrder::of))
                        .items());
    }

    /// Polar writes the invoice soon after. Refused with [Refusal#BILLING_DETAILS_MISSING] or
    /// [Refusal#NO_INVOICE], among others.
    ///
    /// @return false if Polar has no such order
    public boolean generateInvoice(Purpose.ForOrganization caller, String id) throws InterruptedException {
        return calls.find(caller, Operation.GENERATE_INVOICE, "id", id, api -> api.generateInvoice(id),
                answer -> answer).isPresent();
    }

    /// Empty until it is generated, and if Polar has no such order.
    public Optional<Dated<URI>> invoice(Purpose.ForOrganization caller, String id) throws InterruptedException {
        return calls.find(caller, Operation.READ_INVOICE, "id", id, api -> api.readInvoice(id),
                answer -> Needed.url(answer, "url"));
    }
}
