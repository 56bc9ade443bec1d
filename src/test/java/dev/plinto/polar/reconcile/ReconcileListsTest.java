package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.reconcile.Gateway.Answer;
import dev.plinto.polar.sandbox.polar.MeterTerms;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is only read, such as orders and seats, is repaired from Polar's lists too, and never at the expense of what
/// decides access.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(PolarStack.class)
class ReconcileListsTest extends AgainstPolar {

    private static final Answer SCOPE_LACKS = new Answer(403, Map.of("content-type", "application/json"),
            "{\"error\":\"insufficient_scope\",\"error_description\":\"hidden\"}");
    private static final Answer NOT_PERMITTED = new Answer(403, Map.of("content-type", "application/json"),
            "{\"error\":\"NotPermitted\",\"detail\":\"Members are for teams\"}");
    private static final Answer NO_SUCH_PATH = new Answer(404, Map.of("content-type", "application/json"),
            "{\"detail\":\"Not Found\"}");

    /// While the endpoint is off, everything happens that no webhook will ever tell.
    @Test
    void changesThatNoWebhookTold_areRepaired() {
        UUID[] ids = new UUID[6];
        polar.delivered(() -> {
            polar.buy("org-orders");
            ids[0] = polar.polar.checkouts().open(polar.polar.catalogue().pro(), "org-orders", Map.of(), false);
            ids[1] = polar.polar.customers().addMember(customer("org-orders"), "mika@example.org");
            ids[2] = polar.polar.checkouts().purchaseSeats(customer("org-orders"), 3, Map.of());
            ids[3] = polar.polar.seats().assign(ids[2], "robin@example.org");
            ids[4] = polar.polar.catalogue().addBenefit("Help", "help");
            ids[5] = polar.polar.catalogue().addProduct("Club", 900, List.of(ids[4]));
            polar.polar.customers().consume(customer("org-orders"), 2.5);
        });
        awaitProjected();
        polar.withoutEvents(() -> {
            polar.polar.refunds().refund(polar.polar.orders().of(customer("org-orders")).getFirst(), false);
            polar.polar.checkouts().expire(ids[0]);
            polar.polar.customers().removeMember(ids[1]);
            polar.polar.seats().revoke(ids[3]);
            polar.polar.catalogue().describeBenefit(ids[4], "Help by phone");
            polar.polar.catalogue().renameProduct(ids[5], "Circle");
            polar.polar.customers().consume(customer("org-orders"), 7);
            polar.polar.meters().update(meter(), renamed(meter()));
        });
        polar.advanceClock(Duration.ofMinutes(5));

        reconcile();

        assertThat(column("SELECT status FROM orders WHERE refunded_amount > 0")).containsExactly("refunded");
        assertThat(column("SELECT status FROM checkouts WHERE id = ?", ids[0])).containsExactly("expired");
        assertThat(column("SELECT status FROM seats WHERE id = ?", ids[3])).containsExactly("revoked");
        assertThat(column("SELECT name FROM products WHERE id = ?", ids[5])).containsExactly("Circle");
        assertThat(column("SELECT description FROM benefits WHERE id = ?", ids[4])).containsExactly("Help by phone");
        assertThat(column("SELECT name FROM meters WHERE id = ?", meter())).containsExactly("Renamed");
        assertThat(column("SELECT consumed_units::float::text FROM customer_meters")).containsExactly("9.5");
        assertThat(column("SELECT id FROM members WHERE deleted_at IS NOT NULL")).as("absent in one run only")
                .isEmpty();
        assertThat(column("SELECT kind FROM reconciliation_lists ORDER BY kind"))
                .containsExactlyElementsOf(new TreeSet<>(Stream.of(Kind.values()).map(Kind::wireName).toList()));
        assertThat(newRepairs()).containsEntry("seat", 1.0).containsEntry("checkout", 1.0)
                .containsEntry("customer_meter", 1.0);

        timePasses(PolarStack.GONE_AFTER);
        polar.advanceClock(Duration.ofDays(1)); // members are read once a day
        reconcile();

        assertThat(column("SELECT id FROM members WHERE deleted_at IS NOT NULL")).containsExactly(ids[1].toString());
        Map<String, Double> repaired = repairs();
        reconcile();
        assertThat(repairs()).as("nothing differs any more").isEqualTo(repaired);
        assertSameAsPolar();
    }

    /// As after an upgrade: nothing of this was ever told.
    @Test
    void whatIsNotKnownYet_isFilled() {
        polar.withoutEvents(() -> {
            polar.buy("org-new");
            UUID seats = polar.polar.checkouts().purchaseSeats(customer("org-new"), 3, Map.of());
            polar.polar.seats().claim(polar.polar.seats().assign(seats, "robin@example.org"));
        });
        polar.advanceClock(Duration.ofMinutes(5));

        reconcile();

        assertThat(ids("orders")).isEqualTo(ids(Kind.ORDER));
        assertThat(ids("checkouts")).isEqualTo(ids(Kind.CHECKOUT));
        assertThat(ids("products")).isEqualTo(ids(Kind.PRODUCT));
        assertThat(ids("seats")).isEqualTo(ids(Kind.SEAT)).hasSize(1);
        assertThat(column("SELECT email FROM members WHERE email = 'robin@example.org'")).hasSize(1);
        assertThat(column("SELECT status FROM seats")).containsExactly("claimed");
        assertSameAsPolar();
    }

    @Test
    void tokenWithoutAScope_leavesOutThatListOnly_andSaysSoOnce() {
        polar.withoutEvents(() -> polar.buy("org-scopes"));
        polar.advanceClock(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.contains("/orders/") || path.contains("/members?")
                ? Optional.of(SCOPE_LACKS)
                : path.contains("/customer-meters/") ? Optional.of(NO_SUCH_PATH) : Optional.empty());

        try (LogLines lines = LogLines.of(UnreadLists.class)) {
            reconcile();
            reconcile();

            assertThat(lines.lines()).hasSize(3).allSatisfy(line -> assertThat(line).startsWith("WARN "))
                    .anySatisfy(line -> assertThat(line).contains("order ", "lacks the scope orders:read"))
                    .anySatisfy(line -> assertThat(line).contains("member ", "lacks the scope members:read"))
                    .anySatisfy(line -> assertThat(line).contains("customer_meter ", "has no list_customer_meters"));
        }
        assertSameAsPolar();
        assertThat(column("SELECT kind FROM reconciliation_lists")).contains("product", "checkout", "seat")
                .doesNotContain("order", "member", "customer_meter");
        assertThat(ids("orders")).isEmpty();

        polar.gateway.answerInstead(path -> Optional.empty());
        reconcile();

        assertThat(ids("orders")).isEqualTo(ids(Kind.ORDER));
        assertThat(column("SELECT kind FROM reconciliation_lists")).contains("order", "member", "customer_meter");
    }

    /// The next run begins with what decides access again.
    @Test
    void listThatPolarFailsToAnswer_keepsTheRunFromSucceeding_butStopsNothing() {
        polar.withoutEvents(() -> polar.buy("org-failing"));
        polar.advanceClock(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.contains("/orders/")
                ? Optional.of(new Answer(500, Map.of()))
                : Optional.empty());
        try (LogLines lines = LogLines.of(ReconcileWithPolar.class)) {
            reconciliation.request();
            await().atMost(TIMEOUT).until(() -> !lines.lines().isEmpty());

            assertThat(lines.lines()).singleElement().asString()
                    .startsWith("WARN").contains("list of the kind order", "list_orders with status 500");
        }
        assertSameAsPolar();
        assertThat(column("SELECT outcome FROM reconciliation_runs")).containsExactly("given_up");
        assertThat(column("SELECT kind FROM reconciliation_lists")).contains("customer_meter").doesNotContain("order");

        polar.gateway.answerInstead(path -> Optional.empty());
        reconcile();

        assertThat(ids("orders")).isEqualTo(ids(Kind.ORDER));
    }

    /// Polar lists the newest first; a page has 100.
    @Test
    void oldCheckoutsAndOrders_areReadOnce_andOldOrdersOnceADay() {
        polar.withoutEvents(() -> {
            for (int i = 0; i < 101; i++) {
                polar.buy("org-" + i);
            }
        });
        reconcile();
        assertThat(pagesRead("/checkouts/")).isEqualTo(2);
        assertThat(pagesRead("/orders/")).isEqualTo(2);
        polar.advanceClock(Duration.ofDays(10));
        reconcile();
        polar.gateway.takeRequests();
        polar.withoutEvents(() -> polar.buy("org-later"));
        polar.advanceClock(Duration.ofHours(1));

        reconcile();

        assertThat(pagesRead("/checkouts/")).isEqualTo(1);
        assertThat(pagesRead("/orders/")).isEqualTo(1);
        assertThat(ids("orders")).isEqualTo(ids(Kind.ORDER)).hasSize(102);
        assertThat(ids("checkouts")).isEqualTo(ids(Kind.CHECKOUT));
        polar.gateway.takeRequests();
        polar.advanceClock(Duration.ofHours(24));
        reconcile();
        assertThat(pagesRead("/checkouts/")).isEqualTo(1);
        assertThat(pagesRead("/orders/")).isEqualTo(2);
    }

    /// Each is a request; more of them than a step of the run reads at a time.
    @Test
    void seats_areReadOfEachSubscription_onceADay() {
        polar.withoutEvents(() -> {
            for (int i = 0; i < 41; i++) {
                UUID customer = polar.polar.customers().create("org-" + i);
                UUID seats = polar.polar.checkouts().purchaseSeats(customer, 3, Map.of());
                polar.polar.seats().assign(seats, "robin@example.org");
            }
        });
        polar.advanceClock(Duration.ofMinutes(5));
        reconcile();
        assertThat(pagesRead("/customer-seats")).isEqualTo(41);
        assertThat(ids("seats")).isEqualTo(ids(Kind.SEAT)).hasSize(41);
        polar.gateway.takeRequests();

        reconcile();
        assertThat(pagesRead("/customer-seats")).isZero();

        polar.advanceClock(Duration.ofDays(1));
        reconcile();
        assertThat(pagesRead("/customer-seats")).isEqualTo(41);
    }

    /// Most customers have one member, who owns it.
    @Test
    void membersOfSingleCustomers_areReadOnceAWeek() {
        polar.delivered(() -> {
            polar.polar.customers().create("org-single");
            polar.polar.customers().addMember(polar.polar.customers().create("org-team"), "mika@example.org");
        });
        awaitProjected();
        polar.advanceClock(Duration.ofMinutes(5));
        reconcile();
        assertThat(pagesRead("/members?")).isEqualTo(2);
        polar.gateway.takeRequests();

        polar.advanceClock(Duration.ofDays(1));
        reconcile();
        assertThat(polar.gateway.requests()).filteredOn(request -> request.contains("/members?")).singleElement()
                .asString().contains(customer("org-team").toString());
        polar.gateway.takeRequests();

        polar.advanceClock(Duration.ofDays(6));
        reconcile();
        assertThat(pagesRead("/members?")).isEqualTo(2);
    }

    /// Polar permits it for teams only, or not at all.
    @Test
    void membersThatPolarDoesNotShow_stay() {
        polar.delivered(() -> polar.polar.customers().addMember(polar.polar.customers().create("org-single"),
                "mika@example.org"));
        awaitProjected();
        long members = database.number("SELECT count(*) FROM members");
        polar.gateway.answerInstead(path -> path.contains("/members") ? Optional.of(NOT_PERMITTED) : Optional.empty());

        for (int run = 1; run <= 2; run++) {
            polar.advanceClock(Duration.ofDays(1));
            reconcile();
            timePasses(PolarStack.GONE_AFTER);
        }

        assertThat(column("SELECT kind FROM reconciliation_lists")).contains("member");
        assertThat(database.number("SELECT count(*) FROM members WHERE deleted_at IS NULL")).isEqualTo(members)
                .isPositive();
    }

    /// What was created since then may have come before the first page that the run read.
    @Test
    void listOfALongRun_countsAsReadWhenTheRunBegan() {
        polar.gateway.answerInstead(path -> {
            if (path.contains("/checkouts/")) {
                database.execute("UPDATE reconciliation SET started_at = started_at - interval '1 hour', "
                        + "wanted_at = wanted_at - interval '1 hour'");
            }
            return Optional.empty();
        });

        reconcile();

        assertThat(column("SELECT kind FROM reconciliation_lists WHERE read_at < ?::timestamptz",
                "2026-11-01T07:00:01Z")).contains("checkout").doesNotContain("order");
    }

    /// Its projection waits for the upgrade of all replicas, so what is stored is not complete yet.
    @Test
    void listWithASnapshotThatAReplicaCouldOnlyKeep_isNotRecordedAsRead() {
        polar.withoutEvents(() -> polar.buy("org-upgrade"));
        database.execute("INSERT INTO inbox (webhook_id, type, outcome, received_at, origin) "
                + "VALUES ('kept', 'dev.plinto.polar.snapshot.v1:order', 'unknown_type', now(), 'reconcile')");

        reconcile();

        assertThat(column("SELECT kind FROM reconciliation_lists")).contains("product").doesNotContain("order");
    }

    private long pagesRead(String path) {
        return polar.gateway.requests().stream().filter(request -> request.contains(path)).count();
    }

    private UUID customer(String organization) {
        return polar.polar.customers().of(organization).getFirst();
    }

    private UUID meter() {
        return polar.polar.exclusively(() -> polar.polar.records().meters().findFirst().orElseThrow().id());
    }

    private MeterTerms renamed(UUID meter) {
        MeterTerms terms = polar.polar.meters().terms(meter);
        return new MeterTerms("Renamed", terms.unit(), terms.customLabel(), terms.customMultiplier(), terms.filter(),
                terms.aggregation(), terms.isArchived(), terms.metadata());
    }

    private List<String> column(String sql, Object... parameters) {
        return database.column(sql, Stream.of(parameters).map(Object::toString).toArray());
    }

    private TreeSet<String> ids(String table) {
        return new TreeSet<>(database.column("SELECT id FROM " + table + " WHERE said_at IS NOT NULL"));
    }

    private TreeSet<String> ids(Kind kind) {
        return polar.ids(kind);
    }
}
