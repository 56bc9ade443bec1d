package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.polar.api.PolarSeats.Holder;
import dev.plinto.polar.sandbox.polar.BusinessFault;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Subscriptions that this service starts, changes and ends at Polar, and their seats.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PolarSubscriptionsTest extends SellingClient {

    private final PolarSubscriptions subscriptions = new PolarSubscriptions(calls);
    private final PolarSeats seats = new PolarSeats(calls);
    private final UUID customer = polar.customers().create(organization);

    @Test
    void freeProduct_isSubscribedTo_andAPaidOneIsNot() throws Exception {
        String free = polar.catalogue().addProduct("Free", 0, List.of()).toString();

        Answered<PolarSubscription> started = subscriptions
                .startFree(caller, customer.toString(), free, Map.of("organization_id", organization)).answer();

        assertThat(started.object().status()).isEqualTo("active");
        assertThat(started.object().productId()).isEqualTo(free);
        assertThat(started.json().at("/metadata/organization_id").asText()).isEqualTo(organization);
        assertWhole(started, "customer", "product");
        assertThat(refusal(() -> subscriptions.startFree(caller, customer.toString(),
                polar.catalogue().pro().toString(), Map.of()))).isEqualTo(Refusal.PRODUCT_REFUSED);
        assertThat(refusal(() -> subscriptions.startFree(caller, UUID.randomUUID().toString(), free, Map.of())))
                .isEqualTo(Refusal.UNKNOWN_CUSTOMER);
    }

    @Test
    void plan_isChanged_atOnceOrLater() throws Exception {
        String id = buyPro();
        String team = polar.catalogue().team().toString();

        PolarSubscription later = change(id, new SubscriptionChange.Plan(team, "next_period"));
        assertThat(later.productId()).isEqualTo(polar.catalogue().pro().toString());
        assertThat(later.pendingUpdate()).hasValueSatisfying(
                update -> assertThat(update.productId()).isEqualTo(team));

        assertThat(change(id, new SubscriptionChange.Plan(team, null)).productId()).isEqualTo(team);
        assertThat(refusal(() -> change(id, new SubscriptionChange.Plan(UUID.randomUUID().toString(), null))))
                .isEqualTo(Refusal.PRODUCT_REFUSED);
    }

    @Test
    void cancellation_isScheduled_withdrawn_andMadeAtOnce() throws Exception {
        String id = buyPro();
        assertThat(refusal(() -> change(id, new SubscriptionChange.Uncancel()))).isEqualTo(Refusal.NOTHING_SCHEDULED);

        Answered<PolarSubscription> canceled = subscriptions
                .change(caller, id, new SubscriptionChange.CancelAtPeriodEnd("too_expensive", "dear")).answer();
        assertThat(canceled.object().cancelAtPeriodEnd()).isTrue();
        assertThat(canceled.json().path("customer_cancellation_comment").asText()).isEqualTo("dear");
        assertThat(refusal(() -> change(id, new SubscriptionChange.CancelAtPeriodEnd(null, null))))
                .isEqualTo(Refusal.ALREADY_CANCELED);
        assertThat(change(id, new SubscriptionChange.Uncancel()).cancelAtPeriodEnd()).isFalse();

        PolarSubscription revoked = change(id, new SubscriptionChange.Revoke("unused", null));
        assertThat(revoked.status()).isEqualTo("canceled");
        assertThat(refusal(() -> change(id, new SubscriptionChange.Revoke(null, null))))
                .isEqualTo(Refusal.ALREADY_CANCELED);
        assertThat(refusal(() -> change(id, new SubscriptionChange.Uncancel()))).isEqualTo(Refusal.SUBSCRIPTION_ENDED);
        assertThat(subscriptions.find(caller, id).orElseThrow().answer().object()).isEqualTo(revoked);
        assertThat(subscriptions.find(caller, UUID.randomUUID().toString())).isEmpty();
        assertThat(refusal(() -> change(UUID.randomUUID().toString(), new SubscriptionChange.Resume())))
                .isEqualTo(Refusal.NOT_FOUND);
    }

    @Test
    void pause_isScheduled_withdrawn_andEnded() throws Exception {
        String id = buyPro();
        Instant resumesAt = Instant.now().plus(Duration.ofDays(90));
        SubscriptionChange pause = new SubscriptionChange.PauseAtPeriodEnd(resumesAt);

        Answered<PolarSubscription> scheduled = subscriptions.change(caller, id, pause).answer();
        assertThat(scheduled.json().path("pause_at_period_end").asBoolean()).isTrue();
        assertThat(scheduled.json().path("resumes_at").asText()).startsWith(resumesAt.toString().substring(0, 19));
        assertThat(refusal(() -> change(id, pause))).isEqualTo(Refusal.CANNOT_PAUSE);
        assertThat(refusal(() -> change(id, new SubscriptionChange.Resume()))).isEqualTo(Refusal.NOT_PAUSED);
        change(id, new SubscriptionChange.WithdrawPause());
        assertThat(refusal(() -> change(id, new SubscriptionChange.WithdrawPause())))
                .isEqualTo(Refusal.NOTHING_SCHEDULED);

        change(id, new SubscriptionChange.PauseAtPeriodEnd(null));
        polar.exclusively(() -> polar.subscriptions().pause(UUID.fromString(id)));
        assertThat(refusal(() -> change(id, new SubscriptionChange.Plan(polar.catalogue().team().toString(), null))))
                .isEqualTo(Refusal.SUBSCRIPTION_INACTIVE);
        assertThat(change(id, new SubscriptionChange.Resume()).status()).isEqualTo("active");
    }

    @Test
    void changeThatIsMade_isSeenInTheSubscription() throws Exception {
        String id = buySeats(3);
        List<SubscriptionChange> changes = List.of(new SubscriptionChange.Seats(5, null),
                new SubscriptionChange.Seats(4, "next_period"), new SubscriptionChange.CancelAtPeriodEnd(null, null),
                new SubscriptionChange.Uncancel(), new SubscriptionChange.PauseAtPeriodEnd(null),
                new SubscriptionChange.WithdrawPause(), new SubscriptionChange.Revoke(null, null));
        assertEachIsMade(id, changes);
        assertThat(new SubscriptionChange.Uncancel().isMadeIn(now(id))).isFalse();
        String plan = buyPro();
        String team = polar.catalogue().team().toString();
        assertEachIsMade(plan, List.of(new SubscriptionChange.Plan(team, "next_period")));
        assertThat(change(plan, new SubscriptionChange.Plan(team, null))).matches(
                new SubscriptionChange.Plan(team, null)::isMadeIn);
        change(plan, new SubscriptionChange.PauseAtPeriodEnd(null));
        polar.exclusively(() -> polar.subscriptions().pause(UUID.fromString(plan)));
        assertEachIsMade(plan, List.of(new SubscriptionChange.Resume()));
    }

    /// And was not before.
    private void assertEachIsMade(String id, List<SubscriptionChange> changes) throws InterruptedException {
        PolarSubscription before = now(id);
        for (SubscriptionChange change : changes) {
            assertThat(change.isMadeIn(before)).as(change.toString()).isFalse();
            before = change(id, change);
            assertThat(change.isMadeIn(before)).as(change.toString()).isTrue();
        }
    }

    private PolarSubscription now(String id) throws InterruptedException {
        return subscriptions.find(caller, id).orElseThrow().answer().object();
    }

    @Test
    void newestOfACustomer_areListed_andNobodyElses() throws Exception {
        String first = buyPro();

        assertThat(subscriptions.newestOf(caller, customer.toString()).orElseThrow().answer())
                .extracting(found -> found.object().id()).containsExactly(first);
        assertThat(subscriptions.newestOf(caller, "not-one-of-polars")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"CARD_DECLINED, PAYMENT_FAILED", "CARD_NEEDS_ACTION, PAYMENT_ACTION_REQUIRED",
            "PAYMENT_NOT_READY, PAYMENT_NOT_READY", "SUBSCRIPTION_LOCKED, SUBSCRIPTION_LOCKED"})
    void refusalForAReasonOutside_isNamed(BusinessFault fault, Refusal named) {
        String id = buyPro();
        polar.exclusively(() -> polar.faults().next(fault, id, 1));

        assertThat(refusal(() -> change(id,
                new SubscriptionChange.Plan(polar.catalogue().team().toString(), "invoice")))).isEqualTo(named);
    }

    @Test
    void seats_areAssigned_listed_andRevoked() throws Exception {
        String id = buySeats(2);

        Answered<PolarSeat> invited = seats.assign(caller, id, new Holder.Invited("a@example.com"), Map.of()).answer();
        assertThat(invited.object().status()).isEqualTo("pending");
        assertThat(invited.object().email()).isEqualTo("a@example.com");
        assertWhole(invited, "member", "seat_metadata");
        PolarSeat user = seats.assign(caller, id, new Holder.User("user-1", "b@example.com"), Map.of()).answer()
                .object();
        assertThat(user.status()).isEqualTo("claimed");
        assertThat(user.userId()).isEqualTo("user-1");
        assertThat(user.claimedAt()).isPresent();

        PolarSeats.SeatList list = seats.of(caller, id).orElseThrow().answer();
        assertThat(list.total()).isEqualTo(2);
        assertThat(list.available()).isZero();
        assertThat(list.seats()).extracting(Answered::object).containsExactlyInAnyOrder(invited.object(), user);
        assertThat(seats.of(caller, UUID.randomUUID().toString())).isEmpty();

        PolarSeat revoked = seats.revoke(caller, user.id()).orElseThrow().answer().object();
        assertThat(revoked.status()).isEqualTo("revoked");
        assertThat(seats.revoke(caller, user.id()).orElseThrow().answer().object()).isEqualTo(revoked);
        assertThat(seats.revoke(caller, UUID.randomUUID().toString())).isEmpty();
        assertThat(seats.assign(caller, id, new Holder.Member(user.memberId()), Map.of()).answer().object().userId())
                .isEqualTo("user-1");
    }

    @Test
    void seatThatCannotBeAssigned_isNamed() throws Exception {
        String id = buySeats(2);
        seats.assign(caller, id, new Holder.User("user-1", "a@example.com"), Map.of());

        assertThat(refusal(() -> seats.assign(caller, id, new Holder.User("user-1", null), Map.of())))
                .isEqualTo(Refusal.SEAT_ALREADY_ASSIGNED);
        assertThat(refusal(() -> seats.assign(caller, id, new Holder.User("user-1", "x@example.com"), Map.of())))
                .isEqualTo(Refusal.MEMBER_MISMATCH);
        assertThat(refusal(() -> seats.assign(caller, id, new Holder.User("user-2", null), Map.of())))
                .isEqualTo(Refusal.NOT_FOUND);
        seats.assign(caller, id, new Holder.Invited("b@example.com"), Map.of());
        assertThat(refusal(() -> seats.assign(caller, id, new Holder.Invited("c@example.com"), Map.of())))
                .isEqualTo(Refusal.NO_SEAT_LEFT);
    }

    @Test
    void numberOfSeats_isChanged_withinItsLimits() throws Exception {
        String id = buySeats(3);
        seats.assign(caller, id, new Holder.Invited("a@example.com"), Map.of());
        seats.assign(caller, id, new Holder.Invited("b@example.com"), Map.of());

        assertThat(change(id, new SubscriptionChange.Seats(4, null)).seats()).isEqualTo(4);
        assertThat(refusal(() -> change(id, new SubscriptionChange.Seats(1, null)))).isEqualTo(Refusal.SEATS_IN_USE);
        assertThat(refusal(() -> change(id, new SubscriptionChange.Seats(0, null)))).isEqualTo(Refusal.TOO_FEW_SEATS);
        assertThat(refusal(() -> change(buyPro(), new SubscriptionChange.Seats(4, null))))
                .isEqualTo(Refusal.NOT_SOLD_BY_THE_SEAT);
    }

    private String buyPro() {
        return polar.exclusively(() -> polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of()))
                .toString();
    }

    private String buySeats(int number) {
        return polar.exclusively(() -> polar.checkouts().purchaseSeats(customer, number, Map.of())).toString();
    }

    private PolarSubscription change(String id, SubscriptionChange change) throws InterruptedException {
        return subscriptions.change(caller, id, change).answer().object();
    }
}
