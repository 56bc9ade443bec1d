package dev.plinto.polar.entitlement;

import static dev.plinto.polar.entitlement.Draft.customer;
import static dev.plinto.polar.entitlement.Draft.describedGrant;
import static dev.plinto.polar.entitlement.Draft.event;
import static dev.plinto.polar.entitlement.Draft.grant;
import static dev.plinto.polar.entitlement.Draft.snapshot;
import static dev.plinto.polar.entitlement.Draft.subscription;
import static dev.plinto.polar.entitlement.Draft.withoutLink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.plinto.polar.entitlement.Ledger.Applied;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Each rule in one test.
class WhoMayUseWhatTest {

    private final Ledger ledger = new Ledger();
    private final EntitlementBook book = new EntitlementBook();
    private List<EntitlementChange> lastChanges = List.of();

    @Test
    void liveGrant_givesItsBenefitToTheOrganizationOfItsSubscription() {
        apply(1, "a", customer("c", "org-of-customer"), subscription("s", "c", "org-of-metadata", "active"),
                grant("g", "c", "s", "exports", true));

        assertThat(access()).containsExactly(Map.entry("org-of-metadata", "exports"));
    }

    @Test
    void subscriptionWithoutOrganization_belongsToItsCustomersOrganization() {
        apply(1, "a", customer("c", "org-1"), subscription("s", "c", null, "active"),
                grant("g", "c", "s", "exports", true));

        assertThat(access()).containsExactly(Map.entry("org-1", "exports"));
    }

    @Test
    void grantOfAnUnknownScope_belongsToItsCustomer_untilTheScopeIsKnown() {
        apply(1, "a", customer("c", "org-1"), grant("g", "c", "s", "exports", true));
        assertThat(access()).containsExactly(Map.entry("org-1", "exports"));

        apply(2, "b", subscription("s", "c", "org-2", "active"));
        assertThat(access()).containsExactly(Map.entry("org-2", "exports"));
        assertThat(lastChanges).extracting(change -> change.account().value(), EntitlementChange::granted,
                EntitlementChange::revoked)
                .containsExactly(
                        tuple("org-1", List.of(), List.of("exports")),
                        tuple("org-2", List.of("exports"), List.of()));
    }

    /// As it is in the database: the grant's event has created the row of its subscription.
    @Test
    void grantOfAScopeThatWasOnlyMentioned_movesOnceItsCustomerIsKnown() {
        ledger.load(new Subscription(new Id.Subscription("s"), Facts.NONE));
        apply(1, "a", customer("c1", "org-1"), customer("c2", "org-2"), grant("g", "c1", "s", "exports", true));
        assertThat(access()).containsExactly(Map.entry("org-1", "exports"));

        apply(2, "b", subscription("s", "c2", null, "active"));
        assertThat(access()).containsExactly(Map.entry("org-2", "exports"));
    }

    @Test
    void subscriptionWhoseOrganizationIsToldLater_takesItsGrantsAlong() {
        apply(1, "a", customer("c", "org-1"), subscription("s", "c", null, "active"),
                grant("g", "c", "s", "exports", true));
        apply(2, "b", subscription("s", "c", "org-2", "active"));

        assertThat(access()).containsExactly(Map.entry("org-2", "exports"));
    }

    @Test
    void accessOfAnUnlinkedCustomer_movesWhenTheCustomerIsLinked() {
        apply(1, "a", customer("c", null), grant("g", "c", null, "exports", true));
        assertThat(access()).containsExactly(Map.entry("customer:c", "exports"));

        apply(2, "b", customer("c", "org-1"));
        assertThat(access()).containsExactly(Map.entry("org-1", "exports"));
    }

    @Test
    void subscriptionStatus_doesNotAffectAccess() {
        apply(1, "a", customer("c", "org-1"), subscription("s", "c", null, "active"),
                grant("g", "c", "s", "exports", true));
        apply(2, "b", subscription("s", "c", null, "past_due"));
        apply(3, "c", subscription("s", "c", null, "canceled"));

        assertThat(access()).containsExactly(Map.entry("org-1", "exports"));
    }

    @Test
    void benefit_lastsWhileAnyOfItsGrantsIsLive() {
        apply(1, "a", customer("c", "org-1"), grant("g1", "c", null, "exports", true),
                grant("g2", "c", null, "exports", true));
        apply(2, "b", grant("g1", "c", null, "exports", false));
        assertThat(access()).containsExactly(Map.entry("org-1", "exports"));
        assertThat(lastChanges).singleElement().satisfies(change -> {
            assertThat(change.revoked()).isEmpty();
            assertThat(change.entitlements().getFirst().grants()).hasSize(1);
        });

        apply(3, "c", grant("g2", "c", null, "exports", false));
        assertThat(access()).isEmpty();
    }

    @Test
    void descriptionOfABenefit_isThatOfItsNewestLiveGrant() {
        apply(1, "a", customer("c", "org-1"), describedGrant("g1", "Export of reports", true));
        apply(2, "b", describedGrant("g2", "Exports", true));
        assertThat(lastChanges.getFirst().entitlements().getFirst().description()).isEqualTo("Exports");

        apply(3, "c", describedGrant("g2", "Exports", false));
        assertThat(lastChanges.getFirst().entitlements().getFirst().description()).isEqualTo("Export of reports");
    }

    @Test
    void olderStatementThatArrivesLater_changesNothing() {
        apply(2, "b", customer("c", "org-1"), grant("g", "c", null, "exports", false));
        Applied late = apply(1, "a", grant("g", "c", null, "exports", true));

        assertThat(late.changedFacts()).isFalse();
        assertThat(access()).isEmpty();
    }

    @Test
    void statementsOfOneMicrosecond_areOrderedByWebhookId() {
        apply(1, "b", customer("c", "org-1"), grant("g", "c", null, "exports", true));
        apply(1, "a", grant("g", "c", null, "exports", false));
        assertThat(access()).containsExactly(Map.entry("org-1", "exports"));

        apply(1, "c", grant("g", "c", null, "exports", false));
        assertThat(access()).isEmpty();
    }

    @Test
    void snapshot_endsTheGrantsThatItOmits() {
        apply(1, "a", customer("c", "org-1"), grant("g1", "c", null, "exports", true),
                grant("g2", "c", null, "support", true));
        apply(2, "b", snapshot("c", "g2"));

        assertThat(access()).containsExactly(Map.entry("org-1", "support"));
    }

    @Test
    void snapshot_alsoEndsGrantsThatArriveLater() {
        apply(2, "b", customer("c", "org-1"), snapshot("c"));
        apply(1, "a", grant("g", "c", null, "exports", true));
        assertThat(access()).isEmpty();

        apply(3, "c", grant("g", "c", null, "exports", true));
        assertThat(access()).containsExactly(Map.entry("org-1", "exports"));
    }

    @Test
    void fieldThatANewerStatementOmits_keepsItsValue() {
        ledger.apply(event(1, "a", facts -> new Subscription(new Id.Subscription("s"), facts
                .carries(Subscription.CUSTOMER_ID, "c").carries(Subscription.SEATS, 5L)
                .carries(Subscription.STATUS, "active").build())));
        ledger.apply(event(2, "b", subscription("s", "c", null, "paused")));

        Facts facts = ledger.find(new Id.Subscription("s")).orElseThrow().facts();
        assertThat(facts.get(Subscription.SEATS)).isEqualTo(5);
        assertThat(facts.get(Subscription.STATUS)).isEqualTo("paused");
    }

    @Test
    void organizationThatLooksLikeAnUnlinkedAccount_isIgnored() {
        apply(1, "a", customer("victim", null), grant("g1", "victim", null, "exports", true),
                customer("c", "customer:victim"), grant("g2", "c", null, "support", true));

        assertThat(access()).containsOnly(Map.entry("customer:victim", "exports"), Map.entry("customer:c", "support"));
    }

    @Test
    void statementWithoutVisibleChange_publishesNothing() {
        apply(1, "a", customer("c", "org-1"), grant("g", "c", null, "exports", true));
        Applied again = apply(2, "b", grant("g", "c", null, "exports", true));

        assertThat(again.changedFacts()).isTrue();
        assertThat(lastChanges).isEmpty();
    }

    /// The benefits of each account.
    private Map<String, String> access() {
        Map<String, String> access = new TreeMap<>();
        book.all().forEach((account, entitlements) -> access.put(account.value(),
                String.join(",", entitlements.stream().map(Entitlement::benefitId).toList())));
        return access;
    }

    private Applied apply(int second, String webhookId, Draft... statements) {
        Applied applied = ledger.apply(event(second, webhookId, statements));
        book.apply(applied.grants());
        lastChanges = book.takeChanges();
        return applied;
    }

    /// In whatever order the two arrive.
    @Test
    void lostLink_takesNothing_andIsNoticedIfItIsTheNewerStatement() {
        apply(1, "a", customer("c", "org-1"), grant("g", "c", null, "exports", true));

        assertThat(apply(3, "b", withoutLink("c")).deniedFacts()).isTrue();
        assertThat(access()).containsExactly(Map.entry("org-1", "exports"));
        assertThat(apply(0, "c", withoutLink("c")).deniedFacts()).as("before the link").isFalse();
        assertThat(apply(4, "d", customer("c", "org-2")).deniedFacts()).isFalse();
        assertThat(access()).containsExactly(Map.entry("org-2", "exports"));
        assertThat(apply(5, "e", withoutLink("other")).deniedFacts()).as("never linked").isFalse();
    }

    @Test
    void linkThatArrivesAfterItsLoss_counts() {
        apply(3, "b", withoutLink("c"));
        apply(1, "a", customer("c", "org-1"), grant("g", "c", null, "exports", true));

        assertThat(access()).containsExactly(Map.entry("org-1", "exports"));
    }
}
