package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.data;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What happens at Polar when time passes, in its order and at its time.
class CalendarTest {

    private static final String EMAIL = "member@customer.example";

    private final SimulatedClock clock = SimulatedClock.manual(Instant.parse("2026-11-03T08:00:00Z"));
    private final SimulatedPolar polar = new SimulatedPolar(clock, new Random(7));
    private final UUID customer = polar.customers().create("org-test");

    @Test
    void subscription_renewsEachMonth_atItsTime() {
        UUID subscription = pro();

        List<DueWork> happened = move(Duration.ofDays(93));

        assertThat(happened).extracting(DueWork::type, DueWork::id).containsExactly(
                tuple(DueWork.Type.RENEWAL, subscription),
                tuple(DueWork.Type.RENEWAL, subscription),
                tuple(DueWork.Type.RENEWAL, subscription));
        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events.subList(0, 9))).containsExactly(
                "subscription.cycled", "subscription.updated", "order.created", "order.updated", "order.paid",
                "order.updated", "benefit_grant.cycled", "benefit_grant.cycled", "customer.state_changed");
        List<WebhookEvent> cycled = ofType(events, "subscription.cycled");
        for (int i = 0; i < 3; i++) {
            assertThat(Duration.between(happened.get(i).at(), cycled.get(i).timestamp()))
                    .isBetween(Duration.ZERO, Duration.ofSeconds(1));
            JsonNode period = SimulatedPolarTest.json(cycled.get(i)).get("data");
            assertThat(time(period, "current_period_start")).isEqualTo(happened.get(i).at());
            assertThat(time(period, "current_period_end")).isEqualTo(i < 2 ? happened.get(i + 1).at() : next().at());
        }
    }

    @Test
    void passedTime_doesWhatAMovedClockDoes() {
        UUID subscription = pro();
        polar.checkouts().open(polar.catalogue().pro(), "org-new", Map.of(), false);
        SimulatedPolar other = new SimulatedPolar(clock, new Random(7));
        other.customers().create("org-test");
        other.checkouts().purchase(other.customers().of("org-test").getLast(), other.catalogue().pro(), Map.of());
        other.checkouts().open(other.catalogue().pro(), "org-new", Map.of(), false);
        other.takeEvents();
        polar.takeEvents();
        assertThat(polar.now()).isEqualTo(other.now());

        List<DueWork> moved = move(Duration.ofDays(40));
        pass(Duration.ofDays(40));
        List<DueWork> passed = other.calendar().catchUp();

        assertThat(passed).isEqualTo(moved);
        assertThat(bodies(other.takeEvents())).isEqualTo(bodies(polar.takeEvents()));
        assertThat(polar.subscriptions().status(subscription)).isEqualTo(SubscriptionStatus.ACTIVE);
    }

    @Test
    void trial_becomesAPaidSubscription() {
        UUID subscription = polar.checkouts().startTrial(customer, polar.catalogue().pro(), Map.of());
        JsonNode trial = data(polar.takeEvents(), "subscription.created");

        List<DueWork> happened = move(Duration.ofDays(14));

        assertThat(happened).containsExactly(
                new DueWork(DueWork.Type.TRIAL_END, subscription, time(trial, "trial_end")));
        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).startsWith("subscription.cycled", "subscription.updated", "order.created")
                .doesNotContain("subscription.active");
        assertThat(data(events, "subscription.cycled").get("status").asText()).isEqualTo("active");
        assertThat(time(data(events, "subscription.cycled"), "current_period_start"))
                .isEqualTo(time(trial, "trial_end"));
        assertThat(data(events, "order.paid").get("total_amount").asInt()).isPositive();
    }

    @Test
    void cancelledSubscription_ends_andIsNotRenewed() {
        UUID subscription = pro();
        polar.subscriptions().cancelAtPeriodEnd(subscription);
        JsonNode cancelled = data(polar.takeEvents(), "subscription.canceled");

        List<DueWork> happened = move(Duration.ofDays(70));

        assertThat(happened).containsExactly(
                new DueWork(DueWork.Type.CANCELLATION, subscription, time(cancelled, "ends_at")));
        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly(
                "subscription.updated", "subscription.canceled", "subscription.revoked", "benefit_grant.revoked",
                "benefit_grant.revoked", "customer.state_changed");
        assertThat(time(data(events, "subscription.revoked"), "ended_at")).isEqualTo(time(cancelled, "ends_at"));
        assertThat(polar.calendar().next()).isEmpty();
    }

    @Test
    void pausedSubscription_resumesWithANewPeriod() {
        UUID subscription = pro();
        polar.subscriptions().pauseAtPeriodEnd(subscription);
        polar.takeEvents();

        List<DueWork> happened = move(Duration.ofDays(70));

        assertThat(happened).extracting(DueWork::type)
                .containsExactly(DueWork.Type.PAUSE, DueWork.Type.RESUMPTION);
        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly(
                "subscription.updated", "subscription.paused", "benefit_grant.revoked", "benefit_grant.revoked",
                "customer.state_changed", "subscription.updated", "subscription.resumed", "order.created",
                "order.updated", "order.paid", "order.updated", "benefit_grant.created", "benefit_grant.created",
                "customer.state_changed");
        assertThat(Duration.between(
                happened.getLast().at(), time(data(events, "subscription.resumed"), "current_period_start")))
                .isBetween(Duration.ZERO, Duration.ofSeconds(1));
        assertThat(next().type()).isEqualTo(DueWork.Type.RENEWAL);
    }

    @Test
    void failedPayment_isTriedFourTimes_thenTheSubscriptionEnds() {
        UUID subscription = pro();
        UUID order = polar.subscriptions().failToRenew(subscription);
        Instant failed = time(data(polar.takeEvents(), "subscription.past_due"), "past_due_at");

        for (int days : List.of(2, 7, 14)) {
            assertThat(next()).isEqualTo(
                    new DueWork(DueWork.Type.PAYMENT_RETRY, order, failed.plus(Duration.ofDays(days))));
            polar.calendar().move(now -> next().at());
            assertThat(polar.takeEvents()).isEmpty();
            assertThat(polar.subscriptions().status(subscription)).isEqualTo(SubscriptionStatus.PAST_DUE);
        }
        List<DueWork> last = move(Duration.ofDays(60));

        assertThat(last).containsExactly(
                new DueWork(DueWork.Type.PAYMENT_RETRY, order, failed.plus(Duration.ofDays(21))));
        assertThat(types(polar.takeEvents())).containsExactly(
                "subscription.updated", "subscription.canceled", "subscription.revoked", "customer.state_changed");
        assertThat(polar.subscriptions().status(subscription)).isEqualTo(SubscriptionStatus.CANCELED);
    }

    @Test
    void recoveredPayment_isNotTriedAgain() {
        UUID subscription = pro();
        polar.subscriptions().failToRenew(subscription);
        polar.subscriptions().recoverPayment(subscription);

        assertThat(next().type()).isEqualTo(DueWork.Type.RENEWAL);
    }

    @Test
    void openCheckout_expiresOnce() {
        UUID abandoned = polar.checkouts().open(polar.catalogue().pro(), "org-test", Map.of(), false);
        UUID confirmed = polar.checkouts().open(polar.catalogue().pro(), "org-test", Map.of(), false);
        polar.checkouts().confirm(confirmed);
        polar.takeEvents();

        assertThat(move(Duration.ofDays(3))).extracting(DueWork::type, DueWork::id)
                .containsExactly(tuple(DueWork.Type.CHECKOUT_EXPIRY, abandoned));
        assertThat(types(polar.takeEvents())).containsExactly("checkout.expired");
        assertThat(polar.calendar().next()).isEmpty();
    }

    @Test
    void invitation_canBeClaimedForADay() {
        UUID subscription = polar.checkouts().purchaseSeats(customer, 2, Map.of());
        UUID claimed = polar.seats().assign(subscription, EMAIL);
        UUID late = polar.seats().assign(subscription, "late@customer.example");
        move(Duration.ofHours(23));
        polar.seats().claim(claimed);
        polar.takeEvents();

        assertThat(move(Duration.ofHours(2))).extracting(DueWork::type, DueWork::id)
                .containsExactly(tuple(DueWork.Type.INVITATION_EXPIRY, late));
        assertThat(polar.takeEvents()).as("Polar has no event for it").isEmpty();
        assertThatThrownBy(() -> polar.seats().claim(late)).isInstanceOf(IllegalStateException.class);
        assertThat(move(Duration.ofHours(2))).as("told once").isEmpty();
    }

    @Test
    void clock_neverGoesBack() {
        Instant before = polar.now();

        assertThatThrownBy(() -> polar.calendar().move(now -> now.minusSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> polar.calendar().move(now -> now)).isInstanceOf(IllegalArgumentException.class);
        assertThat(polar.now()).isEqualTo(before);
        assertThat(polar.calendar().ahead()).isZero();
    }

    @Test
    void savedState_keepsTheTime_andWhatIsDue() throws IOException {
        pro();
        move(Duration.ofDays(10));
        Instant before = polar.now();
        Duration ahead = polar.calendar().ahead();

        SimulatedPolar restored = SimulatedPolar.restored(polar.saved(), clock, new Random(8));

        assertThat(ahead).isGreaterThanOrEqualTo(Duration.ofDays(10));
        assertThat(restored.calendar().ahead()).isEqualTo(ahead);
        assertThat(restored.now()).isEqualTo(before);
        assertThat(restored.calendar().catchUp()).isEmpty();
        pass(Duration.ofDays(55));
        assertThat(restored.calendar().catchUp()).as("while it was off").hasSize(2);
    }

    private UUID pro() {
        UUID subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        polar.takeEvents();
        return subscription;
    }

    private List<DueWork> move(Duration by) {
        return polar.calendar().move(now -> now.plus(by));
    }

    private DueWork next() {
        return polar.calendar().next().orElseThrow();
    }

    private void pass(Duration time) {
        try {
            clock.advance(time);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<WebhookEvent> ofType(List<WebhookEvent> events, String type) {
        return events.stream().filter(event -> event.type().equals(type)).toList();
    }

    private static List<String> bodies(List<WebhookEvent> events) {
        return events.stream().map(event -> SimulatedPolarTest.json(event).toString()).toList();
    }

    private static Instant time(JsonNode object, String field) {
        return OffsetDateTime.parse(object.get(field).asText()).toInstant();
    }
}
