package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.polar.api.Polar.Page;
import dev.plinto.polar.polar.api.PolarRecords.Fields;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What Polar has of an organization, for its export; and its deletion.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PolarRecordsTest extends SellingClient {

    private final PolarRecords records = new PolarRecords(calls);
    private final PolarCustomers customers = new PolarCustomers(calls);
    private final UUID customer = polar.customers().create(organization);

    @Test
    void customer_isToldWithWhatDescribesIt() throws Exception {
        Fields fields = records.customer(caller).orElseThrow().answer();

        assertThat(fields.id()).isEqualTo(customer.toString());
        assertThat(fields.json().at("/billing_address/city").asText()).isEqualTo("Barcelona");
        assertThat(fields.json().has("organization_id")).as("the merchant").isFalse();
        assertThat(fields.toString()).doesNotContain("Barcelona");
        assertThat(records.customer(new Purpose.ForOrganization("nobody-" + organization))).isEmpty();
    }

    /// The same buyer may buy for both.
    @Test
    void ordersOfAnotherOrganization_areNotTold() throws Exception {
        buy(Map.of("organization_id", organization));
        buy(Map.of("organization_id", "another"));
        buy(Map.of());

        Page<Fields> page = records.orders(caller, customer.toString(), 1).orElseThrow().answer();

        assertThat(page.items()).extracting(order -> order.json().at("/metadata/organization_id").asText())
                .containsExactly(organization, "");
        assertThat(page.items()).allSatisfy(order -> {
            assertThat(order.json().at("/items/0/amount").isNumber()).isTrue();
            assertThat(order.json().has("customer")).as("told beside it").isFalse();
            assertThat(order.json().has("platform_fee_amount")).as("the merchant's").isFalse();
        });
        assertThat(records.orders(caller, UUID.randomUUID().toString(), 1).orElseThrow().answer().items()).isEmpty();
    }

    @Test
    void customer_isDeletedAndAnonymised_once() throws Exception {
        UUID subscription = buy(Map.of());

        assertThat(customers.deleteAndAnonymize(Purpose.Upkeep.ERASURE, customer.toString())).isTrue();
        assertThat(customers.deleteAndAnonymize(Purpose.Upkeep.ERASURE, customer.toString())).isFalse();

        assertThat(customers.withExternalId(caller, organization)).isEmpty();
        assertThat(new PolarSubscriptions(calls).find(caller, subscription.toString()).orElseThrow().answer().json()
                .toString()).contains("@anonymized").doesNotContain("Sam Sample");
        assertThat(server.requests()).filteredOn(request -> request.startsWith("DELETE")).hasSize(2);
    }

    @Test
    void replicaWithoutAToken_saysSo() {
        PolarCustomers asking = new PolarCustomers(ScriptedPolar.calls(
                ScriptedPolar.config("", "true", server.apiUrl().toString(), "10s")));

        assertThatThrownBy(() -> asking.deleteAndAnonymize(Purpose.Upkeep.ERASURE, customer.toString()))
                .hasMessageStartingWith("This replica has no POLAR_ACCESS_TOKEN, which delete_customer needs");
    }

    private UUID buy(Map<String, String> metadata) {
        return polar.exclusively(() -> polar.checkouts().purchase(customer, polar.catalogue().pro(), metadata));
    }
}
