package dev.plinto.polar.sandbox.conekta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The model: what each action changes, and what Conekta tells of it.
class SimulatedConektaTest {

    private static final Instant START = Instant.parse("2026-11-03T08:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SimulatedClock clock = SimulatedClock.manual(START);
    private final SimulatedConekta conekta = new SimulatedConekta(clock, new Random(11));
    private final String customer = conekta.customers().create("Ana", "ana@example.mx", "+5215555555555");
    private final String plan = conekta.plans().createMonthly("Pro", 138_000);

    @Test
    void ids_haveConektasForms() {
        String order = order(CheckoutTerms.ofPlan(plan));
        conekta.payments().payByCard(order);

        assertThat(customer).matches("cus_2[1-9A-HJ-NP-Za-km-z]{16}");
        assertThat(order).matches("ord_2[1-9A-HJ-NP-Za-km-z]{16}");
        assertThat(subscription(order)).matches("sub_2[1-9A-HJ-NP-Za-km-z]{16}");
        assertThat(conekta.takeEvents()).allSatisfy(event -> assertThat(event.id()).matches("[0-9a-f]{24}"));
    }

    @Test
    void orderWithAPlan_begetsASubscriptionWhenACardPays() {
        String order = order(CheckoutTerms.ofPlan(plan));
        assertThat(conekta.takeEvents()).as("no event tells of a new order").isEmpty();

        conekta.payments().payByCard(order);

        assertThat(types()).containsExactly(
                "charge.created", "charge.paid", "order.paid", "subscription.created", "subscription.paid");
        JsonNode subscription = conekta.records().subscription(subscription(order));
        assertThat(subscription.path("status").asText()).isEqualTo("active");
        assertThat(subscription.path("billing_cycle_end").asLong())
                .isEqualTo(Instant.parse("2026-12-03T08:00:00Z").getEpochSecond());
        assertThat(subscription.path("last_billing_cycle_order_id").asText()).isEqualTo(order);
        assertThatThrownBy(() -> conekta.payments().payByCard(order)).isInstanceOf(Refusal.class);
    }

    @Test
    void declinedCard_leavesTheCheckoutOpen() {
        String order = order(CheckoutTerms.ofPlan(plan));

        conekta.payments().declineCard(order);
        assertThat(types()).containsExactly("charge.created", "charge.declined");
        assertThat(conekta.records().order(order).path("payment_status").asText()).isEqualTo("declined");

        conekta.payments().payByCard(order);
        assertThat(types()).contains("order.paid");
    }

    @Test
    void event_tellsWhatChanged_asItWas() {
        String order = order(CheckoutTerms.of(Set.of(PaymentMethod.CASH)));
        conekta.payments().takeReference(order, PaymentMethod.CASH);
        conekta.takeEvents();
        clock(Duration.ofMinutes(10));

        conekta.payments().payReference(order);

        JsonNode paid = read(conekta.takeEvents().getLast());
        assertThat(names(paid)).containsExactlyInAnyOrder(
                "id", "object", "livemode", "type", "created_at", "data", "webhook_status", "webhook_logs");
        assertThat(paid.path("type").asText()).isEqualTo("order.paid");
        assertThat(paid.path("created_at").asLong()).isEqualTo(START.plusSeconds(600).getEpochSecond());
        assertThat(paid.path("data").path("object").path("payment_status").asText()).isEqualTo("paid");
        assertThat(paid.path("data").path("previous_attributes").path("payment_status").asText())
                .isEqualTo("pending_payment");
        assertThat(names(paid.path("data").path("previous_attributes"))).doesNotContain("id", "amount", "metadata");
    }

    @Test
    void checkout_expiresAtItsEnd_alsoIfNobodyLooksThen() {
        String order = order(CheckoutTerms.of(Set.of(PaymentMethod.BANK_TRANSFER))
                .until(START.plus(Duration.ofMinutes(5))));
        conekta.payments().takeReference(order, PaymentMethod.BANK_TRANSFER);
        conekta.takeEvents();

        clock(Duration.ofMinutes(4));
        conekta.calendar().catchUp();
        assertThat(conekta.takeEvents()).isEmpty();
        clock(Duration.ofDays(1));
        conekta.calendar().catchUp();

        ConektaEvent expired = conekta.takeEvents().getFirst();
        assertThat(expired.type()).isEqualTo("order.expired");
        assertThat(expired.createdAt()).isEqualTo(START.plus(Duration.ofMinutes(5)));
        assertThatThrownBy(() -> conekta.payments().payReference(order)).isInstanceOf(Refusal.class);
    }

    @Test
    void orderThatACardHasPaid_isNotPaidAgainAtTheCounter() {
        String order = order(CheckoutTerms.of(Set.of(PaymentMethod.CARD, PaymentMethod.CASH)));
        conekta.payments().takeReference(order, PaymentMethod.CASH);
        conekta.payments().payByCard(order);
        conekta.takeEvents();

        assertRefused(428, () -> conekta.payments().payReference(order));
        assertThat(conekta.takeEvents()).isEmpty();
    }

    @Test
    void canceledOrder_takesItsReferenceBack_andAPaidOneIsNotCanceled() {
        String order = order(CheckoutTerms.of(Set.of(PaymentMethod.CASH)));
        conekta.payments().takeReference(order, PaymentMethod.CASH);
        conekta.takeEvents();

        conekta.orders().cancel(order);
        assertThat(types()).containsExactly("charge.canceled", "order.canceled");

        String paid = order(CheckoutTerms.ofPlan(plan));
        conekta.payments().payByCard(paid);
        assertRefused(428, () -> conekta.orders().cancel(paid));
    }

    @Test
    void canceledSubscription_keepsWhatIsPaid() {
        String subscription = bought();
        Instant paidUntil = conekta.subscriptions().billingCycleEnd(subscription);
        clock(Duration.ofDays(3));

        conekta.subscriptions().cancel(subscription);

        assertThat(types()).containsExactly("subscription.canceled");
        JsonNode told = conekta.records().subscription(subscription);
        assertThat(told.path("billing_cycle_end").asLong()).isEqualTo(paidUntil.getEpochSecond());
        assertThat(told.path("canceled_at").asLong()).isEqualTo(START.plus(Duration.ofDays(3)).getEpochSecond());
        clock(Duration.ofDays(60));
        conekta.calendar().catchUp();
        assertThat(conekta.takeEvents()).as("nothing is charged any more").isEmpty();
    }

    @Test
    void subscription_renewsAtTheEndOfItsCycle() {
        String subscription = bought();
        clock(Duration.ofDays(31 + 31));

        conekta.calendar().catchUp();

        assertThat(types()).containsExactly(
                "charge.created", "charge.paid", "order.paid", "subscription.paid",
                "charge.created", "charge.paid", "order.paid", "subscription.paid");
        assertThat(conekta.subscriptions().billingCycleEnd(subscription))
                .isEqualTo(Instant.parse("2027-02-03T08:00:00Z"));
    }

    @Test
    void failedPayment_isPastDue_untilACardPays() {
        String subscription = bought();
        Instant paidUntil = conekta.subscriptions().billingCycleEnd(subscription);

        conekta.subscriptions().failToRenew(subscription);
        assertThat(types()).containsExactly("charge.created", "charge.declined", "subscription.payment_failed");
        assertThat(conekta.subscriptions().status(subscription)).isEqualTo(SubscriptionStatus.PAST_DUE);
        assertThat(conekta.subscriptions().billingCycleEnd(subscription)).isEqualTo(paidUntil);

        conekta.subscriptions().coverCard(subscription);
        conekta.subscriptions().retry(subscription);
        assertThat(conekta.subscriptions().status(subscription)).isEqualTo(SubscriptionStatus.ACTIVE);
        assertThat(conekta.subscriptions().billingCycleEnd(subscription)).isAfter(paidUntil);
    }

    @Test
    void pausedSubscription_isNotCharged_untilItIsResumed() {
        String subscription = bought();

        conekta.subscriptions().pause(subscription);
        clock(Duration.ofDays(40));
        conekta.calendar().catchUp();
        assertThat(types()).containsExactly("subscription.paused");
        assertRefused(428, () -> conekta.subscriptions().pause(subscription));

        conekta.subscriptions().resume(subscription);
        assertThat(types()).containsExactly("subscription.resumed");
        assertThat(conekta.records().subscription(subscription).has("paused_at")).isFalse();
    }

    @Test
    void trial_isChargedOnlyWhenItEnds() {
        String trial = conekta.plans().create(
                new Plans.PlanTerms("trial", "Pro", 138_000, "MXN", "year", 1, 14, null, null, null));
        String card = conekta.customers().addCard(customer, "4242");

        String subscription = conekta.subscriptions().create(customer, trial, card, null);
        assertThat(types()).containsExactly("subscription.created");
        clock(Duration.ofDays(14));
        conekta.calendar().catchUp();

        assertThat(types()).endsWith("subscription.paid");
        assertThat(conekta.subscriptions().status(subscription)).isEqualTo(SubscriptionStatus.ACTIVE);
    }

    @Test
    void customer_mayHaveManySubscriptions() {
        String first = bought();
        String second = bought();

        conekta.subscriptions().cancel(first);

        assertThat(conekta.subscriptions().of(customer)).containsExactly(first, second);
        assertThat(conekta.subscriptions().status(second)).isEqualTo(SubscriptionStatus.ACTIVE);
    }

    @Test
    void refund_isAtMostWhatWasPaid() {
        String order = order(CheckoutTerms.ofPlan(plan));
        assertRefused(428, () -> conekta.orders().refund(order, 1));
        conekta.payments().payByCard(order);
        conekta.takeEvents();

        conekta.orders().refund(order, 38_000);
        assertThat(conekta.records().order(order).path("payment_status").asText()).isEqualTo("partially_refunded");
        assertRefused(422, () -> conekta.orders().refund(order, 100_001));
        conekta.orders().refund(order, 100_000);

        assertThat(types()).containsExactly("charge.refunded", "charge.refunded");
        assertThat(conekta.records().order(order).path("amount_refunded").asLong()).isEqualTo(138_000);
        assertThat(conekta.records().order(order).path("payment_status").asText()).isEqualTo("refunded");
    }

    @Test
    void checkoutThatBreaksConektasRules_isRefused() {
        assertRefused(422, () -> new CheckoutTerms(
                Set.of(PaymentMethod.CARD, PaymentMethod.CASH), List.of(plan), null, null, null, null, null));
        assertRefused(422, () -> order(CheckoutTerms.ofPlan(plan).until(START.plusSeconds(299))));
        assertRefused(422, () -> order(CheckoutTerms.ofPlan(plan).until(START.plus(Duration.ofDays(366)))));
        assertRefused(404, () -> order(CheckoutTerms.ofPlan("none")));
        String cash = order(CheckoutTerms.of(Set.of(PaymentMethod.CASH)));
        assertRefused(428, () -> conekta.payments().payByCard(cash));
        assertThat(conekta.takeEvents()).isEmpty();
    }

    private String bought() {
        String order = order(CheckoutTerms.ofPlan(plan));
        conekta.payments().payByCard(order);
        conekta.takeEvents();
        return subscription(order);
    }

    private String order(CheckoutTerms checkout) {
        return conekta.orders().create(OrderRequest.of(customer, "Pro", 138_000, checkout));
    }

    private String subscription(String order) {
        return conekta.subscriptions().ofOrder(order).orElseThrow();
    }

    private void clock(Duration passed) {
        try {
            clock.advance(passed);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> types() {
        return conekta.takeEvents().stream().map(ConektaEvent::type).toList();
    }

    private static void assertRefused(int status, Runnable action) {
        assertThatThrownBy(action::run).isInstanceOfSatisfying(
                Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(status));
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static JsonNode read(ConektaEvent event) {
        try {
            return JSON.readTree(event.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
