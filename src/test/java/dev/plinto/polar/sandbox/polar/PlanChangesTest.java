package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.data;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.types;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.SubscriptionTerms.NewTerms;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Changes to products of a kind that the catalogue has not.
class PlanChangesTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z"));
    private static final UUID OTHER = UUID.fromString("9a3b1c52-0000-4000-8000-000000000001");
    private static final NewTerms SAME_TERMS = new NewTerms(null, false, null, null);

    private final SimulatedPolar first = new SimulatedPolar(CLOCK, new Random(7));
    private final UUID customer = first.customers().create("org-test");

    @Test
    void changeToAnotherInterval_beginsAPeriod_andIsChargedAtOnce() throws IOException {
        UUID subscription = first.checkouts().purchase(customer, first.catalogue().pro(), Map.of());
        SimulatedPolar polar = withLike(first.catalogue().pro(), product -> {
            product.put("recurring_interval", "year");
            ((ObjectNode) product.at("/prices/0")).put("price_amount", 30_000);
        });

        polar.planChanges().changeProduct(subscription, OTHER, "prorate", SAME_TERMS);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).startsWith("subscription.updated", "order.created", "order.updated", "order.paid");
        JsonNode changed = data(events, "subscription.updated");
        assertThat(changed.get("recurring_interval").asText()).isEqualTo("year");
        assertThat(changed.get("current_period_end").asText()).startsWith("2027-11-03");
        assertThat(data(events, "order.paid").get("net_amount").asInt()).isEqualTo(30_000 - 2_900);
    }

    @Test
    void trial_goesOnUntilTheTrialOfTheNewProductEnds() throws IOException {
        UUID subscription = first.checkouts().startTrial(customer, first.catalogue().pro(), Map.of());
        SimulatedPolar polar = withLike(first.catalogue().team(), product -> product
                .put("trial_interval", "month").put("trial_interval_count", 1));

        polar.planChanges().changeProduct(subscription, OTHER, "invoice", SAME_TERMS);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("subscription.updated", "benefit_grant.revoked",
                "benefit_grant.created", "customer.state_changed");
        JsonNode changed = data(events, "subscription.updated");
        assertThat(changed.get("status").asText()).isEqualTo("trialing");
        assertThat(changed.get("trial_end").asText()).startsWith("2026-12-03");
        assertThat(changed.get("current_period_end")).isEqualTo(changed.get("trial_end"));
    }

    @Test
    void grantsOfThoseWhoHaveASeat_followTheProduct() throws IOException {
        UUID subscription = first.checkouts().purchaseSeats(customer, 2, Map.of());
        first.seats().claim(first.seats().assign(subscription, "member@customer.example"));
        List<UUID> before = first.catalogue().benefitsOf(first.catalogue().studio());
        UUID gained = first.catalogue().benefitsOf(first.catalogue().pro()).getFirst();
        SimulatedPolar polar = withLike(first.catalogue().studio(), product -> product
                .putArray("benefit_ids").add(before.getFirst().toString()).add(gained.toString()));

        polar.planChanges().changeProduct(subscription, OTHER, "next_period", SAME_TERMS);
        polar.planChanges().withdraw(subscription);
        polar.takeEvents();
        polar.planChanges().changeProduct(subscription, OTHER, "prorate", SAME_TERMS);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("subscription.updated", "benefit_grant.revoked",
                "benefit_grant.created", "customer.state_changed");
        assertThat(data(events, "benefit_grant.created").at("/member/email").asText())
                .isEqualTo("member@customer.example");
        assertThat(polar.grants().benefitsOf(customer)).isEqualTo(Set.of(before.getFirst(), gained));
    }

    /// Goes on with another product, which is like this one but for a change.
    private SimulatedPolar withLike(UUID product, Consumer<ObjectNode> change) throws IOException {
        ObjectNode saved = (ObjectNode) SimulatedJson.MAPPER.readTree(first.saved());
        ObjectNode products = (ObjectNode) saved.get("products");
        ObjectNode other = products.get(product.toString()).deepCopy();
        other.put("id", OTHER.toString());
        change.accept(other);
        products.set(OTHER.toString(), other);
        SimulatedPolar polar = SimulatedPolar.restored(
                SimulatedJson.MAPPER.writeValueAsBytes(saved), CLOCK, new Random(8));
        assertThat(polar.takeEvents()).isEmpty();
        return polar;
    }
}
