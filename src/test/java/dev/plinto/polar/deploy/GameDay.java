package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.TcpProxy;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Causes the condition of each alert on a running installation, one after the other: the alert fires in a real
/// Prometheus, and ends once the cause is fixed. Run by `deploy/gameday/run`; not a part of the suite.
class GameDay {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Installation installation;
    private static Prometheus prometheus;
    private static final Set<String> FIRED = new TreeSet<>();

    private Connection locking;
    private UUID unlinked;

    private interface Action {
        void run() throws Exception;
    }

    /// @param words a part of the console's finding; empty if the console cannot be read until the fix, and is read
    ///     then
    private record Condition(String what, List<String> alerts, String words, Action cause, Action fix) {}

    @BeforeAll
    static void start() {
        Tool.PROMETHEUS.require("the alerts are not tested on a running installation");
        installation = new Installation();
        prometheus = Prometheus.start(CompressedRules.write(), installation.urls());
    }

    @AfterAll
    static void stop() {
        if (installation != null) {
            prometheus.close();
            installation.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> eachCondition_firesItsAlerts_untilItIsFixed() {
        return Stream.concat(
                conditions().stream().map(condition -> DynamicTest.dynamicTest(condition.what, () -> run(condition))),
                Stream.of(DynamicTest.dynamicTest("at the end", GameDay::nothingFires_andEveryAlertHasFired)));
    }

    private List<Condition> conditions() {
        List<Condition> day = new ArrayList<>(atPolar());
        day.addAll(inSelling());
        day.addAll(inUsage());
        day.addAll(inProcessing());
        day.addAll(atIngress());
        day.addAll(inState());
        return day;
    }

    private List<Condition> atPolar() {
        List<WebhookEvent> failing = new ArrayList<>();
        return List.of(
                new Condition("Polar's API has never answered", List.of("PolarNeverReconciled"), "never succeeded",
                        () -> {}, () -> installation.proxyToPolar.become(TcpProxy.Network.GOOD)),
                new Condition("Polar's API does not answer any more, for hours",
                        List.of("PolarReconciliationOverdue", "PolarMetricsUnknown"), "overdue",
                        () -> {
                            installation.proxyToPolar.become(TcpProxy.Network.SILENT);
                            sql("UPDATE reconciliation SET succeeded_at = now() - interval '4 h'");
                        },
                        () -> installation.proxyToPolar.become(TcpProxy.Network.GOOD)),
                new Condition("what must be read at Conekta is not read", List.of("PolarDueReadsUndone"), "",
                        () -> sql("INSERT INTO due_reads (provider, kind, id, reason, speaks_after, due_at) VALUES "
                                + "('conekta', 'order', 'conekta:ord_due', 'tie', now(), now())"),
                        () -> sql("DELETE FROM due_reads WHERE id = 'conekta:ord_due'")),
                new Condition("event after event fails at Polar",
                        List.of("PolarEndpointFailing", "PolarEndpointNearlyOff", "PolarEndpointLastEvent"),
                        "could not be delivered",
                        () -> {
                            failing.addAll(installation.bought("org-failing"));
                            installation.recordAttempts(failing.subList(0, 9), 503);
                        },
                        () -> installation.recordAttempts(failing.subList(9, 10), 202)),
                new Condition("reconciliation finds what failed", List.of("PolarReconciliationRepairs"),
                        "repair",
                        () -> installation.operate(List.of(installation.ingress), "POST", "reconcile"),
                        () -> {}),
                new Condition("an operator switches the endpoint off", List.of("PolarEndpointOff"),
                        "endpoint at Polar is off",
                        () -> enableEndpoint(false), () -> enableEndpoint(true)),
                new Condition("the endpoint's API version is old", List.of("PolarApiVersionExpires"), "API version",
                        () -> setVersion(YearMonth.now(ZoneOffset.UTC).minusMonths(5).toString()),
                        () -> setVersion("2026-10")));
    }

    private List<Condition> inSelling() {
        return List.of(
                new Condition("Polar does not answer buyers", List.of("PolarProviderFailsUsers"), "",
                        () -> {
                            installation.proxyToPolar.become(TcpProxy.Network.SILENT);
                            assertThat(installation.sell(20)).containsOnly(503);
                        },
                        () -> installation.proxyToPolar.become(TcpProxy.Network.GOOD)),
                new Condition("payments fail", List.of("PolarPaymentsFail"), "",
                        () -> {
                            installation.end(10, "failed");
                            installation.end(1, "succeeded");
                        }, () -> {}),
                new Condition("Polar grants late what was bought", List.of("PolarActivationSlow"), "",
                        () -> {
                            sql("INSERT INTO products (id, benefit_ids) VALUES ('slow', '[\"slow\"]')");
                            sql("INSERT INTO checkouts (id, product_id, status, created_at, said_at) "
                                    + "SELECT 'slow-' || n, 'slow', 'succeeded', now(), now() "
                                    + "FROM generate_series(1, 20) AS n");
                            sql("INSERT INTO orders (id, checkout_id, status, created_at) "
                                    + "SELECT 'slow-' || n, 'slow-' || n, 'paid', now() - interval '50 s' "
                                    + "FROM generate_series(1, 20) AS n");
                            sql("INSERT INTO grants (id, order_id, benefit_id, account, granted_at) "
                                    + "SELECT 'slow-' || n, 'slow-' || n, 'slow', 'org-slow', now() "
                                    + "FROM generate_series(1, 20) AS n");
                        },
                        () -> sql("DELETE FROM grants WHERE account = 'org-slow'")),
                new Condition("checkouts are made, and none is paid", List.of("PolarNothingSold"), "",
                        () -> assertThat(installation.sell(30)).containsOnly(201),
                        () -> installation.end(1, "succeeded")),
                new Condition("an organization pays twice", List.of("PolarDoubleSubscriptions"), "pays twice",
                        () -> sql("INSERT INTO subscriptions (id, account, status) VALUES "
                                + "('twice-1', 'org-twice', 'active'), ('twice-2', 'org-twice', 'active')"),
                        () -> sql("DELETE FROM subscriptions WHERE account = 'org-twice'")),
                new Condition("a customer is not registered", List.of("PolarCustomersWait"), "",
                        () -> sql("INSERT INTO customer_requests (organization, id, email, proof, actor_kind, actor, "
                                + "requested_at, due_at) VALUES ('org-waits', 'waits', 'a@plinto.dev', 'NONE', "
                                + "'PERSON', 'usr_1', now() - interval '1 h', now() + interval '10 h')"),
                        () -> sql("DELETE FROM customer_requests WHERE organization = 'org-waits'")));
    }

    private List<Condition> inUsage() {
        Action forget = () -> sql("DELETE FROM usage_events WHERE organization = 'org-usage'");
        return List.of(
                new Condition("usage is not sent", List.of("PolarUsageUnsent"), "",
                        () -> {
                            sql("INSERT INTO usage_sender (holder, expires_at) VALUES ('nobody', 'infinity') "
                                    + "ON CONFLICT (one) DO UPDATE SET holder = 'nobody', expires_at = 'infinity'");
                            usage("pending", "NULL");
                        },
                        () -> {
                            forget.run();
                            sql("DELETE FROM usage_sender WHERE holder = 'nobody'");
                        }),
                new Condition("Polar refuses usage", List.of("PolarUsageParked"), "",
                        () -> usage("parked", "'for a game day'"), forget),
                new Condition("usage has nobody who pays", List.of("PolarUsageNotBillable"), "",
                        () -> usage("not_billable", "NULL"), forget),
                new Condition("an erasure is stuck", List.of("PolarErasureStuck"), "stuck",
                        () -> sql("INSERT INTO erasures (id, organization, customers, shared_customers, "
                                + "keep_at_provider, requested_at, due_at) VALUES (gen_random_uuid(), 'org-stuck', "
                                + "'{}', '{}', true, now() - interval '2 h', now() + interval '1 d')"),
                        () -> sql("DELETE FROM erasures WHERE organization = 'org-stuck'")));
    }

    private void usage(String state, String reason) throws SQLException {
        sql("INSERT INTO usage_events (organization, id, key, event_name, quantity, occurred_at, due_at, state, "
                + "reason) VALUES ('org-usage', gen_random_uuid(), 'k', 'call', 1, now(), now() - interval '1 h', "
                + "'%s', %s)".formatted(state, reason));
    }

    private List<Condition> inProcessing() {
        return List.of(
                new Condition("changes are published late",
                        List.of("PolarFreshnessBurnsFast", "PolarFreshnessBurnsSlowly"), "was decided late",
                        () -> arriveLate("org-late"), () -> {}),
                new Condition("a table is locked", List.of("PolarProjectionStuck"), "is decided late",
                        () -> {
                            lock();
                            arriveLate("org-locked");
                        }, this::unlock),
                new Condition("an unknown holder has the relay's lease",
                        List.of("PolarNoRelayLeader", "PolarOutboxStuck"),
                        "published late",
                        () -> {
                            sql("UPDATE relay_lease SET holder = 'unknown', expires_at = now() + interval '1 h'");
                            awaitGauge("polar_relay_leader", 0);
                            arriveLate("org-unpublished");
                        },
                        () -> sql("DELETE FROM relay_lease")),
                new Condition("the replica that projects hangs", List.of("PolarNoConsumer"), "No replica projects",
                        () -> installation.projection.suspend(), () -> installation.projection.resume()),
                new Condition("Kafka is away", List.of("PolarSpoolInUse"), "spool",
                        () -> {
                            installation.stack.kafka().kill();
                            installation.deliver(installation.bought("org-spooled"));
                        },
                        () -> installation.stack.restartKafka()));
    }

    private List<Condition> atIngress() {
        return List.of(
                new Condition("neither Kafka nor PostgreSQL takes deliveries",
                        List.of("PolarAcknowledgementBurnsFast", "PolarAcknowledgementBurnsSlowly"), "",
                        () -> {
                            installation.stack.kafka().suspend();
                            installation.stack.postgres().suspend();
                            installation.deliverAtOnce(40, "{\"type\":\"product.updated\",\"data\":{}}");
                        },
                        () -> {
                            installation.stack.postgres().resume();
                            installation.stack.kafka().resume();
                            awaitFinding("could not take"); // it could not be read before
                        }),
                new Condition("the replica that receives hangs",
                        List.of("PolarNobodyReceives", "PolarMetricsMissing"), "does not now",
                        () -> installation.ingress.suspend(), () -> installation.ingress.resume()),
                new Condition("the secret at Polar is another one",
                        List.of("PolarSignaturesFail", "PolarSignaturesRefused"),
                        "wrong signature", () -> installation.deliverWithAnotherSecret(80), () -> {}));
    }

    private List<Condition> inState() {
        return List.of(
                new Condition("deliveries carry no event", List.of("PolarParkedGrows", "PolarEventsParked"),
                        "could not be applied",
                        () -> installation.deliverAtOnce(12, "this is no event"), () -> sql("DELETE FROM parked")),
                new Condition("a deleted customer keeps a grant", List.of("PolarContradictions"), "contradiction",
                        () -> {
                            sql("INSERT INTO customers (id, deleted_at) VALUES ('gone', now() - interval '2 h')");
                            sql("INSERT INTO grants (id, customer_id, account, said_at) "
                                    + "VALUES ('kept', 'gone', 'org-kept', now() - interval '2 h')");
                        },
                        () -> sql("DELETE FROM grants WHERE id = 'kept'")),
                new Condition("a webhook id comes with two bodies", List.of("PolarWebhookConflict"), "",
                        () -> installation.deliverUnderOneId("this is no event", "nor is this"),
                        () -> sql("DELETE FROM parked")),
                new Condition("a customer without an organization buys", List.of("PolarUnlinkedAccounts"),
                        "organization",
                        () -> installation.deliver(installation.events(() -> {
                            unlinked = installation.polar.customers().create(null);
                            installation.polar.checkouts().purchase(unlinked, installation.polar.catalogue().pro(),
                                    Map.of());
                        })),
                        () -> installation.deliver(
                                installation.events(
                                        () -> installation.polar.customers().setExternalId(unlinked, "org-linked")))),
                new Condition("Polar forgets whose a customer is", List.of("PolarExternalIdDropped"), "",
                        () -> installation.deliver(installation.events(
                                () -> installation.polar.customers().setExternalId(unlinked, null))),
                        () -> installation.deliver(installation.events(
                                () -> installation.polar.customers().setExternalId(unlinked, "org-linked")))));
    }

    private static void run(Condition condition) throws Exception {
        System.out.printf("%n%s%n", condition.what);
        long caused = System.nanoTime();
        condition.cause.run();
        try {
            for (String alert : condition.alerts) {
                patience().until(() -> prometheus.firing().containsKey(alert));
                System.out.printf("  %4.0f s  %s, %s%n", (System.nanoTime() - caused) / 1e9, alert,
                        prometheus.firing().get(alert));
                FIRED.add(alert);
            }
            awaitFinding(condition.words);
        } finally {
            condition.fix.run();
        }
        long fixed = System.nanoTime();
        Set<String> lasting = condition.alerts.stream().filter(alert -> !alert.endsWith("BurnsSlowly"))
                .collect(Collectors.toSet());
        patience().until(() -> prometheus.firing().keySet().stream().noneMatch(lasting::contains));
        System.out.printf("  over %.0f s after the fix%n", (System.nanoTime() - fixed) / 1e9);
    }

    /// Waits until the console displays a finding with these words.
    private static void awaitFinding(String words) throws IOException {
        if (words.isEmpty()) {
            return;
        }
        patience().until(() -> findings().anyMatch(finding -> finding.contains(words)));
        findings().filter(finding -> finding.contains(words)).distinct()
                .forEach(finding -> System.out.printf("          console: %s%n", finding));
    }

    /// The findings of all replicas that answer: each reports what its roles can measure.
    private static Stream<String> findings() throws IOException {
        List<String> findings = new ArrayList<>();
        for (HttpResponse<String> answer : overviews()) {
            JSON.readTree(answer.body()).path("findings")
                    .forEach(finding -> findings.add(finding.path("what").asText()));
        }
        return findings.stream();
    }

    private static List<HttpResponse<String>> overviews() {
        return installation.operate(List.of(installation.ingress, installation.projection), "GET", "overview");
    }

    private static void nothingFires_andEveryAlertHasFired() {
        patience().atMost(PATIENCE.multipliedBy(2)).untilAsserted(() -> assertThat(prometheus.firing()).isEmpty());
        assertThat(FIRED).containsExactlyInAnyOrderElementsOf(Alerts.all().stream().map(Alerts.Alert::name).toList());
        System.out.printf("%nAll %d alerts have fired, and all are over.%n", FIRED.size());
    }

    private static ConditionFactory patience() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(250));
    }

    private static void arriveLate(String organization) {
        for (int customer = 0; customer < 5; customer++) {
            installation.arriveLate(installation.bought(organization + "-" + customer));
        }
    }

    private static void awaitGauge(String name, double value) {
        patience().until(() -> installation.relay.gauge(name).orElse(Double.NaN) == value);
    }

    private static void enableEndpoint(boolean enabled) {
        installation.polar.exclusively(() -> installation.polar.webhooks().setEnabled(installation.endpoint, enabled));
    }

    private static void setVersion(String version) {
        installation.polar
                .exclusively(() -> installation.polar.webhooks().setApiVersion(installation.endpoint, version));
    }

    private static void sql(String statement) {
        installation.stack.database().execute(statement);
    }

    private void lock() throws SQLException {
        locking = installation.stack.database().connect();
        locking.setAutoCommit(false);
        locking.createStatement().execute("LOCK TABLE inbox IN EXCLUSIVE MODE");
    }

    private void unlock() throws SQLException {
        locking.rollback();
        locking.close();
    }
}
