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

/// The condition of each alert, caused on a running installation, one after the other: the alert fires in a real
/// Prometheus, and is over once the cause is mended. By `deploy/gameday/run`; no part of the suite.
class GameDay {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Installation site;
    private static Prometheus prometheus;
    private static final Set<String> SEEN = new TreeSet<>();

    private Connection locking;
    private UUID unlinked;

    private interface Act {
        void act() throws Exception;
    }

    /// @param words  what the console says of it; empty where it cannot be asked then, and is asked after it
    private record Condition(String what, List<String> alerts, String words, Act cause, Act mend) {}

    @BeforeAll
    static void start() {
        Tool.PROMETHEUS.require("there is no game day");
        site = new Installation();
        prometheus = Prometheus.start(CompressedRules.write(), site.urls());
    }

    @AfterAll
    static void stop() {
        if (site != null) {
            prometheus.close();
            site.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> eachCondition_isSeen_andIsOverWhenItIsMended() {
        return Stream.concat(
                conditions().stream().map(condition -> DynamicTest.dynamicTest(condition.what, () -> play(condition))),
                Stream.of(DynamicTest.dynamicTest("at the end", GameDay::nothingFires_andEveryAlertWasSeen)));
    }

    private List<Condition> conditions() {
        List<Condition> day = new ArrayList<>(atPolar());
        day.addAll(onTheWay());
        day.addAll(atTheDoor());
        day.addAll(ofTheState());
        return day;
    }

    private List<Condition> atPolar() {
        List<WebhookEvent> failing = new ArrayList<>();
        return List.of(
                new Condition("Polar's API has never answered", List.of("PolarNeverReconciled"), "never compared",
                        () -> {}, () -> site.wayToPolar.become(TcpProxy.Network.GOOD)),
                new Condition("Polar's API does not answer any more, for hours", List.of("PolarReconciliationOverdue"),
                        "overdue",
                        () -> {
                            site.wayToPolar.become(TcpProxy.Network.SILENT);
                            sql("UPDATE reconciliation SET succeeded_at = now() - interval '4 h'");
                        },
                        () -> site.wayToPolar.become(TcpProxy.Network.GOOD)),
                new Condition("event after event fails at Polar",
                        List.of("PolarEndpointFailing", "PolarEndpointNearlyOff", "PolarEndpointLastEvent"),
                        "could not be delivered",
                        () -> {
                            failing.addAll(site.bought("org-failing"));
                            site.note(failing.subList(0, 9), 503);
                        },
                        () -> site.note(failing.subList(9, 10), 202)),
                new Condition("what failed is found by reconciliation", List.of("PolarReconciliationRepairs"),
                        "repaired",
                        () -> site.operate(List.of(site.ingress), "POST", "reconcile"),
                        () -> {}),
                new Condition("somebody switches the endpoint off", List.of("PolarEndpointOff"),
                        "endpoint at Polar is off",
                        () -> enableEndpoint(false), () -> enableEndpoint(true)),
                new Condition("the endpoint's API version is old", List.of("PolarApiVersionExpires"), "API version",
                        () -> setVersion(YearMonth.now(ZoneOffset.UTC).minusMonths(5).toString()),
                        () -> setVersion("2026-10")));
    }

    private List<Condition> onTheWay() {
        return List.of(
                new Condition("changes are told late",
                        List.of("PolarFreshnessBurnsFast", "PolarFreshnessBurnsSlowly"), "was decided late",
                        () -> arriveLate("org-late"), () -> {}),
                new Condition("a table is locked", List.of("PolarProjectionStuck"), "is decided late",
                        () -> {
                            lock();
                            arriveLate("org-locked");
                        }, this::unlock),
                new Condition("a stranger has the relay's lease", List.of("PolarNoRelayLeader", "PolarOutboxStuck"),
                        "told late",
                        () -> {
                            sql("UPDATE relay_lease SET holder = 'nobody', expires_at = now() + interval '1 h'");
                            awaitGauge("polar_relay_leader", 0);
                            arriveLate("org-untold");
                        },
                        () -> sql("DELETE FROM relay_lease")),
                new Condition("the replica that projects hangs", List.of("PolarNoConsumer"), "Nobody projects",
                        () -> site.projection.suspend(), () -> site.projection.resume()),
                new Condition("Kafka is away", List.of("PolarSpoolInUse"), "spool",
                        () -> {
                            site.stack.kafka().kill();
                            site.deliver(site.bought("org-spooled"));
                        },
                        () -> site.stack.restartKafka()));
    }

    private List<Condition> atTheDoor() {
        return List.of(
                new Condition("neither Kafka nor PostgreSQL takes deliveries",
                        List.of("PolarAcknowledgementBurnsFast", "PolarAcknowledgementBurnsSlowly"), "",
                        () -> {
                            site.stack.kafka().suspend();
                            site.stack.postgres().suspend();
                            site.deliverAtOnce(40, "{\"type\":\"product.updated\",\"data\":{}}");
                        },
                        () -> {
                            site.stack.postgres().resume();
                            site.stack.kafka().resume();
                            hear("could not take"); // it could not be asked before
                        }),
                new Condition("the replica that receives hangs", List.of("PolarNobodyReceives"), "does not now",
                        () -> site.ingress.suspend(), () -> site.ingress.resume()),
                new Condition("the secret at Polar is another one",
                        List.of("PolarSignaturesFail", "PolarSignaturesRefused"),
                        "for the signature", () -> site.deliverWithAnotherSecret(80), () -> {}));
    }

    private List<Condition> ofTheState() {
        return List.of(
                new Condition("what comes is no event", List.of("PolarParkedGrows", "PolarEventsParked"),
                        "could not be applied",
                        () -> site.deliverAtOnce(12, "this is no event"), () -> sql("DELETE FROM parked")),
                new Condition("somebody buys for no organization", List.of("PolarUnlinkedAccounts"), "organization",
                        () -> site.deliver(site.told(() -> {
                            unlinked = site.polar.customers().create(null);
                            site.polar.checkouts().purchase(unlinked, site.polar.catalogue().pro(), Map.of());
                        })),
                        () -> site.deliver(
                                site.told(() -> site.polar.customers().setExternalId(unlinked, "org-linked")))));
    }

    private static void play(Condition condition) throws Exception {
        System.out.printf("%n%s%n", condition.what);
        long caused = System.nanoTime();
        condition.cause.act();
        try {
            for (String alert : condition.alerts) {
                patience().until(() -> prometheus.firing().containsKey(alert));
                System.out.printf("  %4.0f s  %s, %s%n", (System.nanoTime() - caused) / 1e9, alert,
                        prometheus.firing().get(alert));
                SEEN.add(alert);
            }
            hear(condition.words);
        } finally {
            condition.mend.act();
        }
        long mended = System.nanoTime();
        Set<String> lasting = condition.alerts.stream().filter(alert -> !alert.endsWith("BurnsSlowly"))
                .collect(Collectors.toSet());
        patience().until(() -> prometheus.firing().keySet().stream().noneMatch(lasting::contains));
        System.out.printf("  over %.0f s after it was mended%n", (System.nanoTime() - mended) / 1e9);
    }

    /// The console says the same.
    private static void hear(String words) throws IOException {
        if (words.isEmpty()) {
            return;
        }
        patience().until(() -> findings().anyMatch(finding -> finding.contains(words)));
        findings().filter(finding -> finding.contains(words)).distinct()
                .forEach(finding -> System.out.printf("          console: %s%n", finding));
    }

    /// Of all replicas that can be asked: each tells of the whole as far as its roles see it.
    private static Stream<String> findings() throws IOException {
        List<String> findings = new ArrayList<>();
        for (HttpResponse<String> answer : overviews()) {
            JSON.readTree(answer.body()).path("findings")
                    .forEach(finding -> findings.add(finding.path("what").asText()));
        }
        return findings.stream();
    }

    private static List<HttpResponse<String>> overviews() {
        return site.operate(List.of(site.ingress, site.projection), "GET", "overview");
    }

    private static void nothingFires_andEveryAlertWasSeen() {
        patience().atMost(PATIENCE.multipliedBy(2)).untilAsserted(() -> assertThat(prometheus.firing()).isEmpty());
        assertThat(SEEN).containsExactlyInAnyOrderElementsOf(Alerts.all().stream().map(Alerts.Alert::name).toList());
        System.out.printf("%nAll %d alerts have fired, and none fires any more.%n", SEEN.size());
    }

    private static ConditionFactory patience() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(250));
    }

    private static void arriveLate(String organization) {
        for (int customer = 0; customer < 5; customer++) {
            site.arriveLate(site.bought(organization + "-" + customer));
        }
    }

    private static void awaitGauge(String name, double value) {
        patience().until(() -> site.relay.gauge(name).orElse(Double.NaN) == value);
    }

    private static void enableEndpoint(boolean enabled) {
        site.polar.exclusively(() -> site.polar.webhooks().setEnabled(site.endpoint, enabled));
    }

    private static void setVersion(String version) {
        site.polar.exclusively(() -> site.polar.webhooks().setApiVersion(site.endpoint, version));
    }

    private static void sql(String statement) {
        site.stack.database().execute(statement);
    }

    private void lock() throws SQLException {
        locking = site.stack.database().connect();
        locking.setAutoCommit(false);
        locking.createStatement().execute("LOCK TABLE inbox IN EXCLUSIVE MODE");
    }

    private void unlock() throws SQLException {
        locking.rollback();
        locking.close();
    }
}
