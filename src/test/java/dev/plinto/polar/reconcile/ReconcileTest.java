package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.Aftermath;
import dev.plinto.polar.testing.ConsoleVisitor;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
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

/// What the webhooks did not bring is found and let in, once.
@QuarkusTest
@QuarkusTestResource(value = PolarStack.class, restrictToAnnotatedClass = true)
class ReconcileTest extends AgainstPolar {

    @Inject
    ShowDrift drift;

    /// The endpoint is off for a day of 500 changes.
    @Test
    void whatHappenedWhileTheEndpointWasOff_isFoundOnce_andTold() throws Exception {
        List<UUID> subscriptions = new ArrayList<>();
        polar.told(() -> {
            for (int i = 0; i < 40; i++) {
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
        assertThat(database.rows("SELECT outcome, ended_at >= started_at FROM reconciliation_runs"))
                .containsExactly(List.of("succeeded", "t"), List.of("succeeded", "t"));
    }

    /// Its connection is silent until all is compared.
    @Test
    void dryRunThatTakesLong_isAnsweredAllTheSame() {
        ConsoleVisitor operator = new ConsoleVisitor(service);
        String form = operator.formToken();
        polar.gateway.answerLate(Duration.ofSeconds(4));

        assertThat(operator.post("/ops/reconciliation/drift", Map.of("form", form)).body())
                .contains("Nothing differs.");
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
                lost.getFirst().webhookId()))
                .containsExactly(new String(lost.getFirst().body(), StandardCharsets.UTF_8));
        assertThat(more().get("delivery")).isGreaterThan(3);
        assertAsPolarSays();
        lost.forEach(polar::deliver);
        awaitProjected();
        assertAsPolarSays();
    }

    private void changeForADay(List<UUID> subscriptions) {
        Random random = new Random(500);
        var actions = polar.polar.subscriptions();
        List<UUID> customers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
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
                    case 7 -> polar.polar.customers().setExternalId(
                            customers.get(random.nextInt(customers.size())), "org-new-" + change);
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

    private void newestMessagesAreAsStored() {
        Map<String, String> newest = new TreeMap<>();
        topics().messages("polar.entitlement.changed").forEach(message -> newest.put(message.key(), message.value()));
        database.rows("SELECT account, published FROM accounts WHERE published IS NOT NULL")
                .forEach(row -> assertThat(newest).containsEntry(row.get(0), row.get(1)));
        Map<String, String> subscriptions = new TreeMap<>();
        topics().messages("polar.subscription.changed")
                .forEach(message -> subscriptions.put(message.key(), message.value()));
        database.rows("SELECT id, published FROM subscriptions WHERE published IS NOT NULL")
                .forEach(row -> assertThat(subscriptions).containsEntry(row.get(0), row.get(1)));
    }

    private List<List<String>> everything() {
        List<List<String>> rows = new ArrayList<>();
        for (String table : List.of("customers", "subscriptions", "grants", "accounts", "inbox",
                "reconciliation_seen")) {
            rows.addAll(database.rows("SELECT * FROM " + table + " ORDER BY 1"));
        }
        return rows;
    }
}
