package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.sandbox.polar.Invoices.Addressee;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Orders and their invoices at Polar.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PolarOrdersTest extends SellingClient {

    private final PolarOrders orders = new PolarOrders(calls);
    private final UUID customer = polar.customers().create(organization);

    @Test
    void order_isRead_andItsInvoice() throws Exception {
        String subscription = buy().toString();
        String id = newest();

        Answered<PolarOrder> order = orders.find(caller, id).orElseThrow().answer();

        assertThat(order.object()).isEqualTo(new PolarOrder(id, "paid", customer.toString(),
                polar.catalogue().pro().toString(), subscription, order.json().path("checkout_id").textValue(), true));
        assertWhole(order, "total_amount", "items");
        assertThat(orders.invoice(caller, id).orElseThrow().answer().toString()).endsWith("/invoices/" + id);
        assertThat(orders.find(caller, UUID.randomUUID().toString())).isEmpty();
        assertThat(orders.invoice(caller, UUID.randomUUID().toString())).isEmpty();
    }

    @Test
    void invoiceThatIsNotThereYet_isWrittenOnDemand() throws Exception {
        UUID subscription = buy();
        polar.exclusively(() -> polar.subscriptions().failToRenew(subscription));
        String pending = newest();
        assertThat(orders.invoice(caller, pending)).isEmpty();

        orders.generateInvoice(caller, pending);

        assertThat(orders.invoice(caller, pending)).isPresent();
    }

    @Test
    void invoiceThatCannotBeWritten_isNamed() throws Exception {
        UUID subscription = buy();
        String paid = newest();
        polar.exclusively(() -> polar.invoices().address(UUID.fromString(paid), new Addressee(null, null)));
        assertThat(refusal(() -> orders.generateInvoice(caller, paid))).isEqualTo(Refusal.BILLING_DETAILS_MISSING);

        polar.exclusively(() -> polar.subscriptions().failToRenew(subscription));
        String unpaid = newest();
        new PolarSubscriptions(calls).change(caller, subscription.toString(),
                new SubscriptionChange.Revoke(null, null));
        assertThat(refusal(() -> orders.generateInvoice(caller, unpaid))).isEqualTo(Refusal.NO_INVOICE);
    }

    private UUID buy() {
        return polar.exclusively(() -> polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of()));
    }

    private String newest() {
        return polar.exclusively(() -> polar.orders().of(customer).getLast()).toString();
    }
}
