package dev.plinto.polar.entitlement;

import static dev.plinto.polar.entitlement.Draft.at;
import static dev.plinto.polar.entitlement.Draft.benefit;
import static dev.plinto.polar.entitlement.Draft.customer;
import static dev.plinto.polar.entitlement.Draft.describedGrant;
import static dev.plinto.polar.entitlement.Draft.event;
import static dev.plinto.polar.entitlement.Draft.grant;
import static dev.plinto.polar.entitlement.Draft.mapped;
import static dev.plinto.polar.entitlement.Draft.order;
import static dev.plinto.polar.entitlement.Draft.product;
import static dev.plinto.polar.entitlement.Draft.snapshot;
import static dev.plinto.polar.entitlement.Draft.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.entitlement.Ledger.Applied;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each rule in one test.
class DerivedGrantsTest {

    private static final String SUBSCRIPTION = "conekta:s";
    private static final String ORDER = "conekta:o";
    private static final Id.Grant GRANT = new Id.Grant("conekta:s:exports");
    private static final Account ORGANIZATION = new Account("org-1");

    private final Ledger ledger = new Ledger();
    private final EntitlementBook book = new EntitlementBook();
    private List<EntitlementChange> lastChanges = List.of();

    @Test
    void subscriptionWithoutGrants_givesEachBenefitOfItsProduct() {
        apply(1, "a", customer("conekta:c", "org-1"), product("pro", "exports", "support"),
                benefit("exports", "Exports", "unlimited_exports"), benefit("support", "Support", null));
        apply(2, "b", mapped(SUBSCRIPTION, "pro", "active", at(60)));

        assertThat(held()).containsExactly("conekta:s:exports", "conekta:s:support");
        assertThat(ledger.find(GRANT).orElseThrow().facts()).isEqualTo(Facts.statedAt(stamp(2, "b"))
                .carries(Grant.CUSTOMER_ID, "conekta:c")
                .carries(Grant.SUBSCRIPTION_ID, SUBSCRIPTION)
                .carries(Grant.BENEFIT_ID, "exports")
                .carries(Grant.BENEFIT_TYPE, "feature_flag")
                .carries(Grant.DESCRIPTION, "Exports")
                .carries(Grant.FEATURE, "unlimited_exports")
                .carries(Grant.IS_GRANTED, true).build());
        assertThat(lastChanges).singleElement().satisfies(change -> {
            assertThat(change.granted()).containsExactly("exports", "support");
            assertThat(change.entitlements().getFirst().feature()).isEqualTo("unlimited_exports");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"conekta:s", "fungies:s"})
    void allProvidersButPolar_tellNoGrants(String subscription) {
        offerPro();
        apply(2, "b", mapped(subscription, "pro", "active", at(60)), mapped("s", "pro", "active", at(60)),
                order("o", "pro", "paid", 100L, 0L));

        assertThat(held()).containsExactly(subscription + ":exports");
    }

    @ParameterizedTest
    @CsvSource({
            "active, 59, true", "active, 61, true", "active,, true",
            "trialing, 59, true", "trialing, 61, true", "trialing,, true",
            "past_due, 59, false", "past_due, 60, false", "past_due, 61, true", "past_due,, false",
            "canceled, 59, false", "canceled, 60, false", "canceled, 61, true", "canceled,, false",
            "incomplete, 61, false", "incomplete_expired, 61, false", "unpaid, 61, false", "paused, 61, false",
            "expired, 61, false", "of_the_future, 61, false", ", 61, false"})
    void status_asOfSecond60_decidesTogetherWithTheEndOfThePeriod(String status, Integer end, boolean isHeld) {
        offerPro();
        apply(60, "b", mapped(SUBSCRIPTION, "pro", status, end == null ? null : at(end)));

        assertThat(ledger.find(GRANT)).isPresent();
        assertThat(ledger.holding(GRANT).isPresent()).isEqualTo(isHeld);
    }

    @Test
    void period_endsByAnyStatementAboutTheSubscription_andByNoOther() {
        offerPro();
        apply(10, "b", mapped(SUBSCRIPTION, "pro", "past_due", at(60)));
        apply(90, "c", customer("conekta:c", "org-1"), mapped("conekta:other", null, "active", at(60)));
        assertThat(held()).containsExactly("conekta:s:exports");

        apply(60, "d", facts -> new Subscription(new Id.Subscription(SUBSCRIPTION),
                facts.carries(Subscription.SEATS, 5L).build()));
        assertThat(held()).isEmpty();
        assertThat(ledger.find(GRANT)).as("known, and not live").hasValueSatisfying(grant -> assertThat(
                grant.facts().stamped(Grant.IS_GRANTED)).isEqualTo(new StampedValue<>(false, stamp(10, "b"))));

        apply(91, "e", mapped(SUBSCRIPTION, "pro", "past_due", at(120)));
        assertThat(held()).as("renewed").containsExactly("conekta:s:exports");
    }

    @Test
    void periodThatEndsWithinAMicrosecond_endsAsItIsStored() {
        offerPro();
        apply(60, "b", mapped(SUBSCRIPTION, "pro", "canceled", at(60).plusNanos(999)));

        assertThat(held()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
            "paid, 100, 0, true", "paid, 100,, true", "paid, 100, 99, true", "paid, 100, 100, false",
            "paid, 100, 101, false", "paid, 0, 0, true", "paid,,, true",
            "partially_refunded, 100, 99, true", "partially_refunded, 100, 100, false",
            "partially_refunded, 0, 0, false",
            "refunded, 100, 50, false", "expired, 100, 0, false", "pending_payment, 100, 0, false",
            "canceled, 100, 0, false", "of_the_future, 100, 0, false", ", 100, 0, false"})
    void oneTimeOrder_givesWhilePaid_andNotWhollyRefunded(String status, Long total, Long refunded, boolean isHeld) {
        offerPro();
        apply(2, "b", order(ORDER, "pro", status, total, refunded));

        Id.Grant grant = new Id.Grant("conekta:o:exports");
        Facts facts = ledger.find(grant).orElseThrow().facts();
        assertThat(facts.get(Grant.ORDER_ID)).isEqualTo(ORDER);
        assertThat(facts.stamped(Grant.SUBSCRIPTION_ID)).isNull();
        assertThat(ledger.holding(grant).isPresent()).isEqualTo(isHeld);
    }

    @Test
    void orderOfASubscription_givesNothing() {
        offerPro();
        apply(2, "b", order(ORDER, "pro", "paid", 100L, 0L));
        assertThat(held()).containsExactly("conekta:o:exports");

        apply(3, "c", facts -> new Order(new Id.Order(ORDER),
                facts.carries(Order.SUBSCRIPTION_ID, SUBSCRIPTION).build()));
        assertThat(held()).isEmpty();
        assertThat(ledger.find(new Id.Grant("conekta:o:exports"))).isEmpty();
    }

    @Test
    void unmappedPlan_givesNothing_untilItIsMapped() {
        offerPro();
        apply(2, "b", mapped(SUBSCRIPTION, null, "active", at(60)));
        assertThat(ledger.find(GRANT)).isEmpty();

        apply(3, "c", mapped(SUBSCRIPTION, "pro", "active", at(60)));
        assertThat(held()).containsExactly("conekta:s:exports");
    }

    @Test
    void subscriptionWhoseCustomerOrStatusIsNotKnownYet_givesNothing() {
        offerPro();
        apply(2, "b", facts -> new Subscription(new Id.Subscription(SUBSCRIPTION),
                facts.carries(Subscription.PRODUCT_ID, "pro").carries(Subscription.STATUS, "active").build()));
        apply(2, "c", facts -> new Subscription(new Id.Subscription("conekta:other"),
                facts.carries(Subscription.PRODUCT_ID, "pro").carries(Subscription.CUSTOMER_ID, "conekta:c").build()));

        assertThat(ledger.all()).noneMatch(Grant.class::isInstance);
    }

    @Test
    void benefitOfWhichNothingIsKnown_isCustom_andNamedByItsId_untilItIsKnown() {
        apply(1, "a", customer("conekta:c", "org-1"), product("pro", "exports"));
        apply(2, "b", mapped(SUBSCRIPTION, "pro", "active", at(60)));
        assertThat(book.entitlements(ORGANIZATION)).singleElement().satisfies(entitlement -> {
            assertThat(entitlement.benefitType()).isEqualTo("custom");
            assertThat(entitlement.description()).isEqualTo("exports");
            assertThat(entitlement.feature()).isNull();
        });

        apply(1, "c", benefit("exports", "Exports", "unlimited_exports"));
        assertThat(lastChanges).singleElement()
                .satisfies(change -> assertThat(change.entitlements()).singleElement().satisfies(entitlement -> {
                    assertThat(entitlement.benefitType()).isEqualTo("feature_flag");
                    assertThat(entitlement.description()).isEqualTo("Exports");
                    assertThat(entitlement.feature()).isEqualTo("unlimited_exports");
                }));
    }

    @Test
    void whatStandsForAnUnknownBenefit_doesNotHideAGrantsCopy() {
        apply(1, "a", customer("c", "org-1"), describedGrant("g", "Export of reports", true));
        apply(2, "b", customer("conekta:c", "org-1"), product("pro", "exports"),
                mapped(SUBSCRIPTION, "pro", "active", at(60)));

        assertThat(book.entitlements(ORGANIZATION)).singleElement().satisfies(entitlement -> {
            assertThat(entitlement.grantCount()).isEqualTo(2);
            assertThat(entitlement.description()).isEqualTo("Export of reports");
        });
    }

    @Test
    void productThatChanges_changesWhatItsSubscriptionsGive() {
        offerPro();
        apply(2, "b", mapped(SUBSCRIPTION, "pro", "active", at(60)), mapped("fungies:s", "pro", "paused", at(60)));

        apply(3, "c", product("pro", "support"));

        assertThat(held()).containsExactly("conekta:s:support");
        assertThat(lastChanges).singleElement().satisfies(change -> {
            assertThat(change.granted()).containsExactly("support");
            assertThat(change.revoked()).containsExactly("exports");
        });
        assertThat(ledger.find(GRANT)).isEmpty();
        assertThat(ledger.forgotten()).containsExactlyInAnyOrder(GRANT, new Id.Grant("fungies:s:exports"));
        assertThat(ledger.changed()).extracting(TrackedObject::id).doesNotContainAnyElementsOf(ledger.forgotten())
                .contains(new Id.Grant("conekta:s:support"), new Id.Grant("fungies:s:support"));

        apply(4, "d", product("pro", "exports", "support"));
        assertThat(held()).containsExactly("conekta:s:exports", "conekta:s:support");
        assertThat(ledger.forgotten()).isEmpty();
    }

    @Test
    void planThatChanges_changesWhatTheSubscriptionGives() {
        offerPro();
        apply(2, "b", product("basic", "support"), mapped(SUBSCRIPTION, "pro", "active", at(60)));
        apply(3, "c", mapped(SUBSCRIPTION, "basic", "active", at(60)));

        assertThat(held()).containsExactly("conekta:s:support");
        assertThat(ledger.forgotten()).containsExactly(GRANT);
    }

    /// Nearly all statements about products and benefits are copies that say the same.
    @Test
    void newerCopyThatSaysTheSame_changesNoGrant() {
        offerPro();
        apply(2, "b", mapped(SUBSCRIPTION, "pro", "active", at(60)));
        TrackedObject before = ledger.find(GRANT).orElseThrow();

        Applied applied = apply(3, "c", product("pro", "exports"), benefit("exports", "Exports", null),
                facts -> new Product(new Id.Product("pro"), facts.carries(Product.NAME, "Pro").build()));

        assertThat(applied.changedFacts()).isTrue();
        assertThat(applied.grants()).isEmpty();
        assertThat(ledger.find(GRANT)).contains(before);
    }

    @ParameterizedTest
    @CsvSource({"Exports of all, exports, true", "Exports, other, true", "Exports, exports, false"})
    void benefit_decidesByWhatItsGrantsSay(String description, String feature, boolean isChanged) {
        TrackedObject before = benefit("exports", "Exports", "exports").of(Facts.statedAt(stamp(1, "a")));
        TrackedObject after = benefit("exports", description, feature).of(Facts.statedAt(stamp(2, "b")));

        assertThat(((Benefit) before).decidesAs((Benefit) after)).isEqualTo(!isChanged);
    }

    @Test
    void statementThatClaimsToBeADerivedGrant_isIgnored() {
        offerPro();
        apply(2, "b", mapped(SUBSCRIPTION, "pro", "active", at(60)));
        Applied applied = apply(3, "c", grant(GRANT.value(), "conekta:c", SUBSCRIPTION, "exports", false),
                grant("conekta:s:support", "conekta:c", SUBSCRIPTION, "support", true));

        assertThat(applied.changedFacts()).isFalse();
        assertThat(held()).containsExactly("conekta:s:exports");
    }

    @Test
    void customersSnapshot_saysNothingAboutDerivedGrants() {
        offerPro();
        apply(2, "b", mapped(SUBSCRIPTION, "pro", "active", at(60)));
        apply(3, "c", snapshot("conekta:c"));
        assertThat(held()).containsExactly("conekta:s:exports");

        apply(4, "d", mapped(SUBSCRIPTION, "pro", "unpaid", at(60)));
        apply(5, "e", snapshot("conekta:c", GRANT.value()));
        assertThat(held()).isEmpty();
    }

    @Test
    void derivedGrants_moveWithTheirCustomer() {
        apply(1, "a", product("pro", "exports"), mapped(SUBSCRIPTION, "pro", "active", at(60)));
        assertThat(book.all()).containsOnlyKeys(new Account("customer:conekta:c"));

        apply(2, "b", customer("conekta:c", "org-1"));
        assertThat(book.all()).containsOnlyKeys(ORGANIZATION);
    }

    /// As after a product changed, of which this subscription was not in the ledger.
    @Test
    void decidingAgain_derivesFromWhatIsKnown() {
        offerPro();
        apply(2, "b", mapped(SUBSCRIPTION, "pro", "active", at(60)));
        Ledger stored = new Ledger();
        ledger.all().forEach(stored::load);
        stored.load(ledger.state(new Id.Subscription(SUBSCRIPTION)).orElseThrow());
        stored.load(ledger.holding(GRANT).orElseThrow());
        assertThat(stored.decideAgain().grants()).isEmpty();
        assertThat(stored.changed()).isEmpty();
        stored.load(product("pro", "support").of(Facts.statedAt(stamp(3, "c"))));

        Applied decided = stored.decideAgain();

        assertThat(decided.grants()).containsExactlyInAnyOrder(
                new Ledger.GrantMove(ledger.holding(GRANT).orElseThrow(), null),
                new Ledger.GrantMove(null, stored.holding(new Id.Grant("conekta:s:support")).orElseThrow()));
        assertThat(decided.subscriptions()).isEmpty();
        assertThat(stored.forgotten()).containsExactly(GRANT);
        assertThat(stored.changed()).extracting(TrackedObject::id)
                .containsExactly(new Id.Grant("conekta:s:support"));
    }

    @ParameterizedTest
    @CsvSource({"conekta:s, CONEKTA, conekta", "fungies:s, FUNGIES, fungies",
            "3b1c3c3e-6f0d-4d55-9f5e-0d7c6b6f2a11, POLAR, polar", "conekta, POLAR, polar"})
    void provider_isToldByThePrefixOfAnId(String id, Provider provider, String wireName) {
        assertThat(Provider.of(new Id.Subscription(id))).isEqualTo(provider);
        assertThat(provider.wireName()).isEqualTo(wireName);
    }

    private void offerPro() {
        apply(1, "a", customer("conekta:c", "org-1"), product("pro", "exports"), benefit("exports", "Exports", null));
    }

    /// The ids of the organization's live grants.
    private Set<String> held() {
        return book.grantIds(ORGANIZATION);
    }

    private Applied apply(int second, String webhookId, Draft... statements) {
        Applied applied = ledger.apply(event(second, webhookId, statements));
        book.apply(applied.grants());
        lastChanges = book.takeChanges();
        return applied;
    }
}
