package dev.plinto.polar.sandbox.polar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SimulatedPolarTest {

    private final SimulatedPolar polar = new SimulatedPolar(InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z")),
            new Random(7));

    @Test
    void oneTimeOrder_grantsForTheOrder() {
        UUID customer = customer();
        UUID order = polar.checkouts().purchase(customer, polar.catalogue().onboarding(), Map.of());

        List<WebhookEvent> bought = polar.takeEvents();
        assertThat(types(bought)).containsExactly(
                "order.created", "order.updated", "order.paid", "checkout.updated", "order.updated",
                "benefit_grant.created", "benefit_grant.created", "customer.state_changed");
        assertThat(data(bought, "benefit_grant.created").get("order_id").asText()).isEqualTo(order.toString());
        assertThat(data(bought, "benefit_grant.created").get("subscription_id").isNull()).isTrue();
    }

    @Test
    void stateChanged_omitsPastDueSubscriptions() {
        UUID subscription = polar.checkouts().purchase(customer(), polar.catalogue().pro(), Map.of());
        assertThat(data(polar.takeEvents(), "customer.state_changed").get("active_subscriptions")).hasSize(1);

        polar.subscriptions().failToRenew(subscription);

        JsonNode state = data(polar.takeEvents(), "customer.state_changed");
        assertThat(state.get("active_subscriptions")).isEmpty();
        assertThat(state.get("granted_benefits")).isEmpty();
    }

    @Test
    void stateChanged_listsGrantsOfEverySource_withoutTheSource() {
        UUID customer = customer();
        polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        polar.checkouts().purchase(customer, polar.catalogue().onboarding(), Map.of());
        polar.takeEvents();

        polar.grants().emitState(customer);

        JsonNode granted = data(polar.takeEvents(), "customer.state_changed").get("granted_benefits");
        assertThat(granted).hasSize(4).allSatisfy(grant -> assertThat(names(grant)).containsExactlyInAnyOrder(
                "id", "created_at", "modified_at", "granted_at", "benefit_id", "benefit_type", "benefit_metadata",
                "properties"));
    }

    @Test
    void snapshot_lacksWhatHappenedBetweenBuildingAndStamping() {
        UUID customer = customer();
        Grants.Snapshot before = polar.grants().snapshot(customer);
        polar.grants().give(customer, polar.catalogue().benefitsOf(polar.catalogue().pro()).getFirst());
        polar.takeEvents();

        polar.grants().emit(before);

        assertThat(data(polar.takeEvents(), "customer.state_changed").get("granted_benefits")).isEmpty();
    }

    @Test
    void consumption_emitsCustomerState_andMayExceedTheBalance() {
        UUID customer = customer();

        polar.customers().consume(customer, 10);
        polar.customers().consume(customer, 2.5);

        JsonNode meters = data(polar.takeEvents(), "customer.state_changed").get("active_meters");
        assertThat(meters).singleElement().satisfies(meter -> {
            assertThat(meter.get("consumed_units").asDouble()).isEqualTo(12.5);
            assertThat(meter.get("balance").asDouble()).isEqualTo(-12.5);
        });
    }

    @Test
    void changedBenefit_emitsAnEventPerGrant_andPerCustomer() {
        for (UUID customer : List.of(customer(), customer())) {
            polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        }
        polar.takeEvents();

        polar.catalogue().describeBenefit(polar.catalogue().benefitsOf(polar.catalogue().pro()).getFirst(), "More");

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly(
                "benefit.updated", "benefit_grant.updated", "benefit_grant.updated", "customer.state_changed",
                "customer.state_changed");
        assertThat(data(events, "benefit_grant.updated").at("/benefit/description").asText()).isEqualTo("More");
    }

    @Test
    void simultaneousEvents_shareOneTimestamp() {
        UUID customer = customer();

        polar.simultaneously(() -> {
            polar.customers().rename(customer, "Sam");
            polar.customers().rename(customer, "Kim");
        });
        polar.customers().rename(customer, "Alex");

        assertThat(polar.takeEvents().stream().collect(Collectors.groupingBy(WebhookEvent::timestamp)).values())
                .extracting(List::size)
                .containsExactlyInAnyOrder(4, 1, 1);
    }

    @Test
    void savedState_resumesWhereItStopped() throws IOException {
        UUID customer = customer();
        Map<String, String> metadata = Map.of("organization_id", "org-test");
        UUID subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), metadata);
        polar.customers().consume(customer, 3);
        polar.subscriptions().changePlanAtPeriodEnd(subscription, polar.catalogue().team());
        Instant last = polar.takeEvents().getLast().timestamp();
        byte[] saved = SimulatedJson.MAPPER.writeValueAsBytes(polar.state());

        SimulatedState read = SimulatedJson.MAPPER.readValue(saved, SimulatedState.class);
        SimulatedPolar again = new SimulatedPolar(read, InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z")),
                new Random(8));

        assertThat(SimulatedJson.MAPPER.writeValueAsBytes(again.state())).isEqualTo(saved);
        again.subscriptions().renew(subscription);
        assertThat(again.takeEvents()).first().satisfies(event -> assertThat(event.timestamp()).isAfter(last));
        assertThat(again.subscriptions().product(subscription)).isEqualTo(polar.catalogue().team());
    }

    @Test
    void stateOfAnOlderVersion_hasNoEndpointsYet() throws IOException {
        ObjectNode saved = (ObjectNode) SimulatedJson.MAPPER.readTree(polar.saved());
        saved.remove(List.of("endpoints", "events", "deliveries"));

        SimulatedPolar again = SimulatedPolar.restored(
                SimulatedJson.MAPPER.writeValueAsBytes(saved), InstantSource.system(), new Random(8));

        assertThat(again.webhooks().endpoints()).isEmpty();
        assertThat(again.catalogue().merchant()).isEqualTo(polar.catalogue().merchant());
    }

    @Test
    void savedLog_resumesWhereItStopped() throws IOException {
        UUID endpoint = polar.webhooks().createEndpoint("https://plinto.example/hooks", "whsec_c2VjcmV0");
        polar.customers().create("org-test");
        UUID attempted = polar.eventLog().of(endpoint).getFirst();
        polar.eventLog().recordAttempt(attempted, 503, "busy", false);

        SimulatedPolar again = SimulatedPolar.restored(polar.saved(), InstantSource.system(), new Random(8));

        assertThat(again.saved()).isEqualTo(polar.saved());
        assertThat(again.eventLog().pending()).isEqualTo(polar.eventLog().pending()).hasSize(3);
        again.eventLog().keepNewest(1);
        assertThat(again.eventLog().contains(attempted)).as("it is still to be delivered").isTrue();
        again.eventLog().recordAttempt(attempted, 202, "", false);
        again.eventLog().keepNewest(1);
        assertThat(again.eventLog().contains(attempted)).isFalse();
        assertThat(again.records().deliveries()).isEmpty();
    }

    @Test
    void metadata_isSorted_soThatBytesAreTheSameInEachRun() {
        Map<String, String> metadata = Map.of("z", "1", "organization_id", "2", "a", "3", "m", "4", "b", "5");

        polar.checkouts().purchase(customer(), polar.catalogue().pro(), metadata);

        List<WebhookEvent> events = polar.takeEvents();
        for (String type : List.of("checkout.updated", "subscription.created", "order.created")) {
            assertThat(names(data(events, type).get("metadata")))
                    .containsExactly("a", "b", "m", "organization_id", "z");
        }
    }

    private UUID customer() {
        UUID customer = polar.customers().create("org-test");
        polar.takeEvents();
        return customer;
    }

    static List<String> types(List<WebhookEvent> events) {
        return events.stream().map(WebhookEvent::type).toList();
    }

    static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    /// `data` of the last event of this type.
    static JsonNode data(List<WebhookEvent> events, String type) {
        return events.stream()
                .filter(event -> event.type().equals(type))
                .reduce((earlier, later) -> later)
                .map(event -> json(event).get("data"))
                .orElseThrow();
    }

    static JsonNode json(WebhookEvent event) {
        try {
            return SimulatedJson.MAPPER.readTree(event.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
