package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.ConsoleClient;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Reconciliation finds what the webhooks did not deliver and repairs it once.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(PolarStack.class)
class ReconcileTest extends AgainstPolar {

    @Inject
    ShowDrift drift;

    /// A day with 500 changes.
    @Test
    void changesWhileTheEndpointWasOff_areRepairedOnce_andPublished() throws Exception {
        List<UUID> subscriptions = new ArrayList<>();
        polar.delivered(() -> {
            for (int i = 0; i < 40; i++) {
                subscriptions.add(polar.buy("org-" + i));
            }
        });
        awaitProjected();
        Map<String, String> then = polar.projectedFields();
        polar.withoutEvents(() -> changeForADay(subscriptions));
        polar.advanceClock(Duration.ofMinutes(5));
        Map<String, String> now = polar.projectedFields();
        Set<String> differing = new TreeSet<>(now.keySet());
        differing.addAll(then.keySet());
        differing.removeIf(id -> Objects.equals(then.get(id), now.get(id)));
        assertThat(differing).hasSizeGreaterThan(200);

        List<String> shown = drift.show().accounts().stream()
                .flatMap(account -> account.objects().stream()).map(ShowDrift.ObjectDrift::id).toList();
        assertThat(shown).containsExactlyInAnyOrderElementsOf(differing);

        reconcile();
        timePasses(PolarStack.GONE_AFTER);
        reconcile(); // ends what the first run found missing

        assertSameAsPolar();
        assertThat(newRepairsOfAccess().values().stream().mapToDouble(Double::doubleValue).sum())
                .as("that a customer is deleted, its subscriptions may tell too").isLessThanOrEqualTo(differing.size())
                .isGreaterThan(200);
        new EndState(database, topics()).awaitDrained(TIMEOUT);
        assertNewestMessagesMatchStored();

        repairsBefore = repairs();
        reconcile();

        assertThat(newRepairs().values()).allMatch(count -> count == 0);
        assertThat(drift.show().accounts()).isEmpty();
        assertThat(database.rows("SELECT outcome, ended_at >= started_at FROM reconciliation_runs"))
                .containsOnly(List.of("succeeded", "t"));
    }

    /// Its connection is idle until everything is compared, longer than the idle timeout.
    @Test
    void slowDryRun_isAnswered() {
        ConsoleClient operator = new ConsoleClient(service);
        String form = operator.formToken();
        polar.gateway.delayNextAnswer(Duration.ofSeconds(3));

        assertThat(operator.post("/ops/reconciliation/drift", Map.of("form", form)).body())
                .contains("Nothing differs.");
    }

    @Test
    void dryRun_showsDriftByAccount_andChangesNothing() throws Exception {
        UUID[] subscription = new UUID[1];
        polar.delivered(() -> subscription[0] = polar.buy("org-dry"));
        awaitProjected();
        polar.withoutEvents(() -> polar.polar.subscriptions().cancelAtPeriodEnd(subscription[0]));
        polar.advanceClock(Duration.ofMinutes(5));
        List<List<String>> stored = allRows();

        ShowDrift.Report report = drift.show();

        assertThat(report.compared()).containsEntry("customer", 1).containsEntry("subscription", 1);
        assertThat(report.accounts()).singleElement().satisfies(account -> {
            assertThat(account.account()).isEqualTo("org-dry");
            assertThat(account.objects()).singleElement().satisfies(object -> {
                assertThat(object.kind()).isEqualTo("subscription");
                assertThat(object.id()).isEqualTo(subscription[0].toString());
                assertThat(object.fields()).extracting(ShowDrift.FieldDrift::field)
                        .containsExactlyInAnyOrder("cancel_at_period_end", "ends_at");
                assertThat(object.fields()).contains(new ShowDrift.FieldDrift("cancel_at_period_end", "false", "true"));
            });
        });
        assertThat(allRows()).isEqualTo(stored);
    }

    @Test
    void silentlyRevokedGrant_ends_andStaysEndedAfterAStaleRetry() throws Exception {
        UUID[] customer = new UUID[1];
        List<WebhookEvent> granted = polar.lost(() -> {
            customer[0] = polar.polar.customers().create("org-silent");
            polar.polar.grants().give(customer[0], polar.polar.catalogue().addBenefit("Help", "help"));
        });
        granted.forEach(polar::deliver);
        awaitProjected();
        assertThat(liveGrants()).hasSize(1);
        polar.withoutEvents(
                () -> polar.polar.grants().revoke(polar.polar.grants().live(customer[0]).iterator().next()));
        polar.advanceClock(Duration.ofMinutes(5));

        reconcile();

        assertThat(liveGrants()).isEmpty();
        assertThat(newRepairs()).containsEntry("grant", 1.0);
        database.execute("DELETE FROM inbox"); // as if the events had not arrived yet
        granted.forEach(polar::deliver);
        awaitProjected();
        assertSameAsPolar();
    }

    @Test
    void silentlyDeletedCustomer_isDeletedHere_andLosesAllAccess() throws Exception {
        polar.delivered(() -> {
            polar.buy("org-stays");
            polar.buy("org-deleted");
            polar.polar.customers().create("org-idle");
        });
        awaitProjected();
        polar.withoutEvents(() -> List.of("org-deleted", "org-idle").forEach(
                organization -> polar.polar.customers().of(organization).forEach(polar.polar.customers()::delete)));
        polar.advanceClock(Duration.ofMinutes(5));

        reconcile();
        assertSameAsPolar();
        assertThat(database.column("SELECT external_id FROM customers WHERE deleted_at IS NULL"))
                .as("a subscription names its customer as deleted; absence in one run alone ends nothing")
                .containsExactlyInAnyOrder("org-stays", "org-idle");
        timePasses(PolarStack.GONE_AFTER);
        reconcile();

        assertSameAsPolar();
        assertThat(database.column("SELECT external_id FROM customers WHERE deleted_at IS NULL"))
                .containsExactly("org-stays");
        assertThat(newRepairs()).as("of the one without a subscription").containsEntry("customer", 1.0);
    }

    @Test
    void listThatHasLostAnExternalId_isCounted_andRepairsNothing() throws Exception {
        polar.delivered(() -> polar.buy("org-kept"));
        awaitProjected();
        polar.withoutEvents(() -> polar.polar.customers().of("org-kept")
                .forEach(customer -> polar.polar.customers().setExternalId(customer, null)));
        polar.advanceClock(Duration.ofMinutes(5));
        double before = metric("polar_external_id_dropped_total");

        reconcile();

        assertThat(metric("polar_external_id_dropped_total") - before).isEqualTo(1);
        assertThat(newRepairsOfAccess().values()).allMatch(count -> count == 0);
        assertThat(drift.show().accounts()).isEmpty();
        assertThat(database.column("SELECT external_id FROM customers")).containsExactly("org-kept");
    }

    /// They keep their webhook ids, so that a later delivery of the same event changes nothing.
    @Test
    void deliveriesThatPolarGaveUp_areFetchedAndProjected() throws Exception {
        List<WebhookEvent> lost = polar.lost(() -> polar.buy("org-lost"));
        polar.advanceClock(Duration.ofMinutes(5));

        reconcile();

        assertThat(database.column("SELECT webhook_id FROM inbox WHERE origin = 'reconcile'"))
                .containsAll(lost.stream().map(WebhookEvent::webhookId).toList());
        assertThat(database.column("SELECT convert_from(body, 'UTF8') FROM payloads WHERE webhook_id = ?",
                lost.getFirst().webhookId()))
                .containsExactly(new String(lost.getFirst().body(), StandardCharsets.UTF_8));
        assertThat(newRepairs().get("delivery")).isGreaterThan(3);
        assertSameAsPolar();
        lost.forEach(polar::deliver);
        awaitProjected();
        assertSameAsPolar();
    }

    private void changeForADay(List<UUID> subscriptions) {
        Random random = new Random(500);
        var actions = polar.polar.subscriptions();
        List<UUID> customers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            customers.addAll(polar.polar.customers().of("org-" + i));
        }
        for (int change = 0; change < 500; change++) {
            polar.advanceClock(Duration.ofSeconds(170));
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
                    case 7 -> polar.polar.customers().setExternalId(
                            customers.get(random.nextInt(customers.size())), "org-new-" + change);
                    case 8 -> {
                        if (random.nextInt(4) == 0) {
                            polar.polar.customers().delete(customers.get(random.nextInt(customers.size())));
                        }
                    }
                    default -> subscriptions.add(polar.buy("org-late-" + change));
                }
            } catch (IllegalStateException impossibleNow) {
                // this change is skipped
            }
        }
    }

    private void assertNewestMessagesMatchStored() {
        Map<String, String> newest = newest("polar.entitlement.changed");
        database.rows("SELECT account, published FROM accounts WHERE published IS NOT NULL")
                .forEach(row -> assertThat(newest).containsEntry(row.get(0), row.get(1)));
        Map<String, String> subscriptions = newest("polar.subscription.changed");
        database.rows("SELECT id, published FROM subscriptions WHERE published IS NOT NULL")
                .forEach(row -> assertThat(subscriptions).containsEntry(row.get(0), row.get(1)));
    }

    /// The newest message of each key. Other tests put messages on the topic that are not the service's.
    private static Map<String, String> newest(String topic) {
        Map<String, String> newest = new TreeMap<>();
        topics().records(topic)
                .forEach(record -> newest.put(record.key(), new String(record.value(), StandardCharsets.UTF_8)));
        return newest;
    }

    private List<List<String>> allRows() {
        List<List<String>> rows = new ArrayList<>();
        for (String table : List.of("customers", "subscriptions", "grants", "accounts", "inbox",
                "reconciliation_seen")) {
            rows.addAll(database.rows("SELECT * FROM " + table + " ORDER BY 1"));
        }
        return rows;
    }
}
