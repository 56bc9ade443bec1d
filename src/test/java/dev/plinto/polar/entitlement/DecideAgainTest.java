package dev.plinto.polar.entitlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DecideAgainTest {

    /// A grant has mentioned it, and its own events are still to come.
    @Test
    void subscriptionOfWhichOnlyTheIdIsKnown_isNotDecided() {
        Ledger ledger = new Ledger();
        ledger.load(new Subscription(new Id.Subscription("s"), Facts.NONE));
        ledger.load(new Grant(new Id.Grant("g"), Facts.statedAt(new Stamp(Instant.EPOCH, "w"))
                .carries(Grant.CUSTOMER_ID, "c").carries(Grant.BENEFIT_ID, "b").carries(Grant.SUBSCRIPTION_ID, "s")
                .carries(Grant.IS_GRANTED, true).build()));

        Ledger.Applied decided = ledger.decideAgain();

        assertThat(decided.subscriptions()).isEmpty();
        assertThat(decided.grants()).singleElement()
                .satisfies(move -> assertThat(move.after().account()).isEqualTo(new Account("customer:c")));
    }
}
