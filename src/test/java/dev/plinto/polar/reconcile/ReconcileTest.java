package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.polar.Polar;
import dev.plinto.polar.polar.PolarConfig;
import dev.plinto.polar.reconcile.Gateway.Answer;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.Aftermath;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.Health;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the webhooks did not bring is found and let in, over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(value = PolarStack.class, restrictToAnnotatedClass = true)
class ReconcileTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource("/")
    URI service;

    @Inject
    ReconcileWithPolar reconciliation;

    @Inject
    ShowDrift drift;

    @Inject
    Polar api;

    @Inject
    PolarConfig polarConfig;

    @Inject
    InspectionStore inspections;

    @Inject
    ReconcileStore store;

    @Inject
    AddressProbe probe;

    private final Database database = database();
    private PlayedPolar polar;
    private Map<String, Double> before;

    @BeforeEach
    void begin() {
        database.execute("TRUNCATE customers, subscriptions, orders, grants, accounts, inbox, payloads, parked, history, "
                + "reconciliation_seen");
        database.execute("UPDATE reconciliation SET step = NULL, log_read_until = NULL, wanted_at = NULL, "
                + "inspected_at = NULL, endpoint_enabled = NULL");
        polar = new PlayedPolar(service);
        before = repairs();
    }

    /// Without Polar, a run that is under way fails, and none begins that nobody asked for.
    @AfterEach
    void end() {
        polar.close();
        await().atMost(PATIENCE).until(() -> {
            database.execute("UPDATE reconciliation SET step = NULL, wanted_at = NULL");
            return database.number("SELECT count(*) FROM reconciliation WHERE holder IS NULL") == 1;
        });
    }

    /// The endpoint is off for a day of 500 changes.
    @Test
    void whatHappenedWhileTheEndpointWasOff_isFoundOnce_andTold() throws Exception {
        List<UUID> subscriptions = new ArrayList<>();
        polar.told(() -> {
            for (int i = 0; i < 60; i++) {
                subscriptions.add(polar.buy("org-" + i));
            }
        });
        awaitProjected();
        Map<String, String> then = polar.lists();
        polar.untold(() -> changeForADay(subscriptions));
        polar.pass(Duration.ofMinutes(5));
        Map<String, String> now = polar.lists();
        Set<String> differing = new TreeSet<>(now.keySet());
        differing.addAll(then.keySet());
        differing.removeIf(id -> Objects.equals(then.get(id), now.get(id)));
        assertThat(differing).hasSizeGreaterThan(200);

        List<String> shown = drift.show().accounts().stream()
                .flatMap(account -> account.objects().stream()).map(ShowDrift.OfObject::id).toList();
        assertThat(shown).containsExactlyInAnyOrderElementsOf(differing);

        reconcile();

        assertAsPolarSays();
        assertThat(more().values().stream().mapToDouble(Double::doubleValue).sum()).isEqualTo(differing.size());
        new Aftermath(database, topics()).awaitDrained(PATIENCE);
        newestMessagesAreAsStored();

        before = repairs();
        reconcile();

        assertThat(more().values()).allMatch(count -> count == 0);
        assertThat(drift.show().accounts()).isEmpty();
    }

    @Test
    void dryRun_tellsWhatDiffersByAccount_andChangesNothing() throws Exception {
        UUID[] subscription = new UUID[1];
        polar.told(() -> subscription[0] = polar.buy("org-dry"));
        awaitProjected();
        polar.untold(() -> polar.polar.subscriptions().cancelAtPeriodEnd(subscription[0]));
        polar.pass(Duration.ofMinutes(5));
        List<List<String>> stored = everything();

        ShowDrift.Report report = drift.show();

        assertThat(report.compared()).containsEntry("customer", 1).containsEntry("subscription", 1);
        assertThat(report.accounts()).singleElement().satisfies(account -> {
            assertThat(account.account()).isEqualTo("org-dry");
            assertThat(account.objects()).singleElement().satisfies(object -> {
                assertThat(object.kind()).isEqualTo("subscription");
                assertThat(object.id()).isEqualTo(subscription[0].toString());
                assertThat(object.fields()).extracting(ShowDrift.OfField::field)
                        .containsExactlyInAnyOrder("cancel_at_period_end", "ends_at");
                assertThat(object.fields()).contains(new ShowDrift.OfField("cancel_at_period_end", "false", "true"));
            });
        });
        assertThat(everything()).isEqualTo(stored);
    }

    @Test
    void grantThatWasRevokedWithoutAWord_ends_andAStaleRetryDoesNotBringItBack() throws Exception {
        UUID[] customer = new UUID[1];
        List<WebhookEvent> granted = polar.lost(() -> {
            customer[0] = polar.polar.customers().create("org-silent");
            polar.polar.grants().give(customer[0], polar.polar.catalogue().addBenefit("Help", "help"));
        });
        granted.forEach(polar::deliver);
        awaitProjected();
        assertThat(liveGrants()).hasSize(1);
        polar.untold(() -> polar.polar.grants().revoke(polar.polar.grants().live(customer[0]).iterator().next()));
        polar.pass(Duration.ofMinutes(5));

        reconcile();

        assertThat(liveGrants()).isEmpty();
        assertThat(more()).containsEntry("grant", 1.0);
        database.execute("DELETE FROM inbox"); // as if the events had not come until now
        granted.forEach(polar::deliver);
        awaitProjected();
        assertAsPolarSays();
    }

    @Test
    void customerThatWasDeletedWithoutAWord_isDeletedHere_andHasNothing() throws Exception {
        polar.told(() -> polar.buy("org-deleted"));
        awaitProjected();
        polar.untold(() -> polar.polar.customers().of("org-deleted").forEach(polar.polar.customers()::delete));
        polar.pass(Duration.ofMinutes(5));

        reconcile();

        assertAsPolarSays();
        assertThat(database.number("SELECT count(*) FROM customers WHERE deleted_at IS NOT NULL")).isEqualTo(1);
        assertThat(more()).containsEntry("customer", 1.0);
    }

    /// Under their own ids, so that it makes no difference when Polar delivers them after all.
    @Test
    void deliveriesThatPolarGaveUp_areFetchedAndProjected() throws Exception {
        List<WebhookEvent> lost = polar.lost(() -> polar.buy("org-lost"));
        polar.pass(Duration.ofMinutes(5));

        reconcile();

        assertThat(database.column("SELECT webhook_id FROM inbox WHERE origin = 'reconcile'"))
                .containsAll(lost.stream().map(WebhookEvent::webhookId).toList());
        assertThat(database.column("SELECT convert_from(body, 'UTF8') FROM payloads WHERE webhook_id = ?",
                lost.getFirst().webhookId())).containsExactly(new String(lost.getFirst().body()));
        assertThat(more().get("delivery")).isGreaterThan(3);
        assertAsPolarSays();
        lost.forEach(polar::deliver);
        awaitProjected();
        assertAsPolarSays();
    }

    @Test
    void whileItsRateIsLimited_itWaitsAsLongAsPolarSays_andLosesNothing() throws Exception {
        polar.untold(() -> polar.buy("org-limited"));
        polar.pass(Duration.ofMinutes(5));
        AtomicInteger asked = new AtomicInteger();
        polar.gateway.answerInstead(path -> asked.incrementAndGet() % 3 == 0
                ? Optional.of(new Answer(429, Map.of("Retry-After", "1")))
                : Optional.empty());
        long began = System.nanoTime();

        reconcile();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(2));
        assertAsPolarSays();
        assertThat(PrometheusText.of(service).value("polar_provider_requests_total", "operation=list_grants",
                "status=2xx")).isPositive();
    }

    @Test
    void runThatBrokeOff_goesOnAtItsPage() throws Exception {
        polar.untold(() -> {
            for (int i = 0; i < 110; i++) {
                polar.buy("org-" + i);
            }
        });
        polar.pass(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.contains("/subscriptions/") && path.contains("page=2")
                ? Optional.of(new Answer(502, Map.of()))
                : Optional.empty());
        reconciliation.request();
        await().atMost(PATIENCE).until(() -> polar.gateway.asked().stream()
                .filter(request -> request.contains("/subscriptions/") && request.contains("page=2")).count() > 1);
        assertThat(database.column("SELECT step || ' ' || page FROM reconciliation")).containsExactly("listed_subscription 2");
        polar.gateway.takeAsked();

        polar.gateway.answerInstead(path -> Optional.empty());
        awaitRun();

        assertThat(polar.gateway.asked()).noneMatch(request -> request.contains("/customers/"));
        assertThat(polar.gateway.asked()).noneMatch(request -> request.contains("/subscriptions/") && request.contains("page=1"));
        assertAsPolarSays();
        assertThat(more()).containsEntry("customer", 110.0).containsEntry("subscription", 110.0);
    }

    /// As one does that was suspended for longer than its lease.
    @Test
    void replicaThatLostItsLease_changesNothing() {
        Progress begun = Progress.begin(Instant.EPOCH, Instant.EPOCH);
        assertThat(store.lease("suspended", Duration.ofMinutes(1))).isTrue();
        store.begin("suspended", begun);
        assertThat(store.lease("another", Duration.ofMinutes(1))).isFalse();
        database.execute("UPDATE reconciliation SET expires_at = now() - interval '1 s'");
        assertThat(store.lease("another", Duration.ofMinutes(1))).isTrue();
        store.save("another", begun.nextPage());

        assertThatThrownBy(() -> store.save("suspended", begun)).isInstanceOf(ReconcileStore.LeaseLost.class);
        assertThatThrownBy(() -> store.succeed("suspended")).isInstanceOf(ReconcileStore.LeaseLost.class);

        assertThat(store.unfinished().map(Progress::page)).contains(2);
        store.release("another");
    }

    @Test
    void whereNearlyAllIsLacking_nothingIsEnded() throws Exception {
        polar.told(() -> {
            for (int i = 0; i < 101; i++) {
                polar.buy("org-" + i);
            }
        });
        awaitProjected();
        int live = liveGrants().size();
        assertThat(live).isGreaterThan(100);
        polar.close();
        polar = new PlayedPolar(service); // of another merchant
        polar.pass(Duration.ofDays(1));

        reconciliation.request();
        await().atMost(PATIENCE).until(() -> polar.gateway.asked().stream()
                .filter(request -> request.contains("/customers/")).count() == 1
                && polar.gateway.asked().stream().filter(request -> request.contains("/webhooks/endpoints")).count() > 2);

        assertThat(liveGrants()).hasSize(live);
    }

    @Test
    void endpointThatIsOff_isToldWithWhatToDo_andMakesNoReplicaUnready() throws Exception {
        polar.told(() -> polar.buy("org-endpoint"));
        List<WebhookEvent> lost = polar.lost(() -> polar.buy("org-endpoint"));
        polar.polar.exclusively(() -> polar.polar.webhooks().setEnabled(polar.endpoint, false));
        polar.polar.exclusively(() -> polar.polar.webhooks().select(polar.endpoint, List.of("order.paid")));
        polar.polar.exclusively(() -> polar.polar.webhooks().setUrl(polar.endpoint,
                "http://127.0.0.1:" + polar.gateway.port() + "/moved"));
        polar.gateway.answerInstead(path -> path.equals("/moved")
                ? Optional.of(new Answer(301, Map.of("Location", "http://127.0.0.1:1/")))
                : Optional.empty());
        polar.pass(Duration.ofMinutes(5));

        reconcile();

        await().atMost(PATIENCE).until(() -> metric("polar_endpoint_enabled") == 0);
        assertThat(metric("polar_endpoint_failed_events")).isEqualTo(Math.min(10, lost.size()));
        assertThat(Instant.ofEpochSecond((long) metric("polar_api_version_expiry_timestamp_seconds")))
                .isEqualTo("2027-04-01T00:00:00Z");
        assertThat(metric("polar_reconcile_last_success_timestamp_seconds")).isPositive();
        String what = Health.of(service, "ready").what().get("endpoint");
        assertThat(what).contains("It is off", "benefit_grant.revoked", "redirect 301").doesNotContain(PlayedPolar.SECRET);
        assertThat(Health.of(service, "ready").isUp()).isTrue();
    }

    @Test
    void endpointThatIsOff_isSwitchedOnWhereTheSettingSaysSo_andARunFollows() throws Exception {
        polar.polar.exclusively(() -> polar.polar.webhooks().setEnabled(polar.endpoint, false));
        polar.polar.exclusively(() -> polar.buy("org-while-off"));
        polar.pass(Duration.ofMinutes(5));

        var inspection = new InspectEndpoint(api, polarConfig, switchingOn(), inspections, probe).inspect();

        assertThat(inspection.switchedOn()).isTrue();
        assertThat(polar.polar.exclusively(() -> polar.polar.webhooks().enabled(polar.endpoint))).isTrue();
        assertThat(inspections.stored(Duration.ofDays(1)).found().orElseThrow().findings()).isEmpty();
    }

    @Test
    void endpointThatSomebodySwitchesOnAgain_isFollowedByARun() {
        polar.polar.exclusively(() -> polar.polar.webhooks().setEnabled(polar.endpoint, false));
        reconcile();
        polar.polar.exclusively(() -> polar.buy("org-while-off"));
        polar.polar.exclusively(() -> polar.polar.webhooks().setEnabled(polar.endpoint, true));
        polar.pass(Duration.ofMinutes(5));
        assertThat(liveGrants()).isEmpty();

        assertThatCode(() -> new InspectEndpoint(api, polarConfig, switchingOn(), inspections, probe).inspect())
                .doesNotThrowAnyException();

        await().atMost(PATIENCE).untilAsserted(this::assertAsPolarSays);
    }

    private static ReconcileConfig switchingOn() {
        return new SmallRyeConfigBuilder()
                .withMapping(ReconcileConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValue("polar.reconcile.enable-endpoint", "true")
                .build()
                .getConfigMapping(ReconcileConfig.class);
    }

    private void changeForADay(List<UUID> subscriptions) {
        Random random = new Random(500);
        var actions = polar.polar.subscriptions();
        List<UUID> customers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            customers.addAll(polar.polar.customers().of("org-" + i));
        }
        for (int change = 0; change < 500; change++) {
            polar.pass(Duration.ofSeconds(170));
            UUID subscription = subscriptions.get(random.nextInt(subscriptions.size()));
            try {
                switch (random.nextInt(10)) {
                    case 0 -> actions.cancelAtPeriodEnd(subscription);
                    case 1 -> actions.uncancel(subscription);
                    case 2 -> actions.revoke(subscription);
                    case 3 -> actions.renew(subscription);
                    case 4 -> actions.failToRenew(subscription);
                    case 5 -> actions.recoverPayment(subscription);
                    case 6 -> actions.changePlan(subscription, polar.polar.catalogue().team());
                    case 7 -> polar.polar.customers().setExternalId(customers.get(random.nextInt(customers.size())), "org-new-" + change);
                    case 8 -> {
                        if (random.nextInt(4) == 0) {
                            polar.polar.customers().delete(customers.get(random.nextInt(customers.size())));
                        }
                    }
                    default -> subscriptions.add(polar.buy("org-late-" + change));
                }
            } catch (IllegalStateException makesNoSenseNow) {
                // a day without this is a day too
            }
        }
    }

    private void reconcile() {
        reconciliation.request();
        awaitRun();
    }

    private void awaitRun() {
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM reconciliation "
                + "WHERE step IS NULL AND started_at >= wanted_at AND succeeded_at >= started_at") == 1);
    }

    private void awaitProjected() {
        new Aftermath(database, topics()).awaitDrained(PATIENCE);
    }

    private void assertAsPolarSays() {
        assertThat(liveGrants()).isEqualTo(polar.liveGrants());
        Map<String, String> stored = new TreeMap<>();
        database.rows("SELECT id, status FROM subscriptions WHERE said_at IS NOT NULL")
                .forEach(row -> stored.put(row.get(0), row.get(1)));
        assertThat(stored).isEqualTo(polar.subscriptions());
    }

    private void newestMessagesAreAsStored() {
        Map<String, String> newest = new TreeMap<>();
        topics().messages("polar.entitlement.changed").forEach(message -> newest.put(message.key(), message.value()));
        database.rows("SELECT account, published FROM accounts WHERE published IS NOT NULL")
                .forEach(row -> assertThat(newest).containsEntry(row.get(0), row.get(1)));
        Map<String, String> subscriptions = new TreeMap<>();
        topics().messages("polar.subscription.changed").forEach(message -> subscriptions.put(message.key(), message.value()));
        database.rows("SELECT id, published FROM subscriptions WHERE published IS NOT NULL")
                .forEach(row -> assertThat(subscriptions).containsEntry(row.get(0), row.get(1)));
    }

    private TreeSet<String> liveGrants() {
        return new TreeSet<>(database.column("SELECT id FROM grants WHERE account IS NOT NULL"));
    }

    private List<List<String>> everything() {
        List<List<String>> rows = new ArrayList<>();
        for (String table : List.of("customers", "subscriptions", "grants", "accounts", "inbox", "reconciliation_seen")) {
            rows.addAll(database.rows("SELECT * FROM " + table + " ORDER BY 1"));
        }
        return rows;
    }

    private double metric(String name) {
        return PrometheusText.of(service).value(name);
    }

    private Map<String, Double> repairs() {
        return PrometheusText.of(service).values("polar_reconcile_repairs_total", "kind");
    }

    private Map<String, Double> more() {
        Map<String, Double> more = new TreeMap<>(repairs());
        more.replaceAll((kind, count) -> count - before.get(kind));
        return more;
    }

    private static TopicReader topics() {
        return new TopicReader(setting("kafka.bootstrap.servers"));
    }

    private static Database database() {
        return new Database(setting("quarkus.datasource.jdbc.url"), setting("quarkus.datasource.username"),
                setting("quarkus.datasource.password"));
    }

    private static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }
}
