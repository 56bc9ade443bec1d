package dev.plinto.polar.billing;

import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.PolarOrders;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Optional;

/// The invoice of an order, which Polar writes if there is none. Only for threads that may block.
@ApplicationScoped
class OrderInvoice {

    private final PolarOrders polar;
    private final AuditLog audit;

    OrderInvoice(PolarOrders polar, AuditLog audit) {
        this.polar = polar;
        this.audit = audit;
    }

    /// Empty if Polar is still writing it. Nobody waits for that here: Polar does it in a job of its own, so whoever
    /// asks comes again. Throws 404 `order-unknown` if Polar has no such order.
    ///
    /// @throws PolarFailure if Polar does not answer, or refuses
    Optional<URI> of(String organization, String orderId, Actor actor) throws InterruptedException {
        ForOrganization purpose = new ForOrganization(organization);
        Optional<Dated<URI>> written = polar.invoice(purpose, orderId);
        if (written.isEmpty()) {
            generate(purpose, orderId, actor);
            written = polar.invoice(purpose, orderId);
        }
        return written.map(Dated::answer);
    }

    private void generate(ForOrganization purpose, String orderId, Actor actor) throws InterruptedException {
        Entry entry = new Entry(actor, Action.GENERATE_INVOICE, purpose.organization(), "order " + orderId, null, null,
                null);
        RecordedCall.of(audit, entry, () -> {
            if (!polar.generateInvoice(purpose, orderId)) {
                throw ReadInvoice.UNKNOWN.exception();
            }
            return true;
        }, isAsked -> "asked for");
    }
}
