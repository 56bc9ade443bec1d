package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.polar.api.PolarEventsAt;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Polar refuses a batch for one of its events.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class RefusedUsageTest extends UsageAtPolar {

    private static final String TOO_LONG = "{\"text\":\"" + "x".repeat(501) + "\"}";

    @Test
    void eventThatPolarRefuses_isParkedWithItsReason_andAllOthersAreSent() throws Exception {
        String another = "usage-another-" + organization;
        billable(organization);
        billable(another);
        UUID wrong = add(organization, "wrong", "1", TOO_LONG, Instant.now().minusSeconds(5));
        addMany(organization, 10);
        addMany(another, 10);

        sendAll(turn());

        assertThat(database.rows("SELECT id, state, reason FROM usage_events")).singleElement()
                .satisfies(row -> assertThat(row).startsWith(wrong.toString(), "parked"))
                .satisfies(row -> assertThat(row.get(2)).startsWith("metadata.text").hasSizeLessThan(301));
        assertThat(held()).hasSize(20);
        assertThat(counted("rejected")).isEqualTo(1);
        assertThat(server.requests()).as("it is named, and not looked for").hasSize(2);
    }

    @Test
    void manyThatPolarRefuses_costOneRequest() throws Exception {
        billable(organization);
        for (int i = 0; i < 60; i++) {
            add(organization, "wrong-" + i, "1", TOO_LONG, Instant.now().minusSeconds(5));
        }
        add(organization, "right", "1");

        sendAll(turn());

        assertThat(states()).hasSize(60).containsOnly("parked");
        assertThat(held()).hasSize(1);
        assertThat(server.requests()).hasSize(2);
    }

    /// Between the halves of one organization's batch, others' events are sent.
    @Test
    void refusalThatNamesNoEvent_isHalvedToIt_andOthersGoOnMeanwhile() throws Exception {
        String another = "usage-another-" + organization;
        billable(organization);
        add(organization, "bad", "1");
        addMany(organization, 63);
        UUID bad = UsageId.of(organization, "bad").value();
        try (TersePolar terse = new TersePolar(bad)) {
            UsageTurn turn = turn(PolarEventsAt.of(terse.url()), pool);
            turn.next(); // refused as a whole
            billable(another);
            addMany(another, 5);

            turn.next(); // a half
            turn.next();

            assertThat(database.column("SELECT count(*) FROM usage_events WHERE organization = ?", another))
                    .as("not behind all halves").containsExactly("0");
            sendAll(turn);
            assertThat(terse.taken()).hasSize(63 + 5).doesNotContain(bad.toString());
            assertThat(terse.requests()).as("two for each halving, at most").isLessThan(2 + 2 * 7);
        }
        assertThat(database.rows("SELECT id, state, reason FROM usage_events"))
                .containsExactly(List.of(bad.toString(), "parked", "Polar does not say why"));
        assertSent(organization, "63", "63");
    }

    @Test
    void organizationsAreToldApart_beforeTheirEvents() throws Exception {
        UUID bad = null;
        for (int i = 0; i < 8; i++) {
            String each = "usage-" + i + organization;
            billable(each);
            addMany(each, 100);
            bad = i == 5 ? add(each, "bad", "1") : bad;
        }
        try (TersePolar terse = new TersePolar(bad)) {
            UsageTurn turn = turn(PolarEventsAt.of(terse.url()), pool);
            while (terse.requests() < 1 + 2 + 2 + 2) {
                turn.next();
            }

            assertThat(terse.taken()).as("all of the others").hasSize(700);
        }
    }

    /// Our own state is late: Polar has deleted the customer.
    @Test
    void customerThatPolarDoesNotKnow_parksNothing() throws Exception {
        database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", UUID.randomUUID().toString(),
                organization);
        addMany(organization, 1_000);
        String another = "usage-another-" + organization;
        billable(another);
        addMany(another, 1);
        UsageTurn turn = turn();

        sendAll(turn);

        assertThat(states()).hasSize(1_000).containsOnly("not_billable");
        assertThat(held()).hasSize(1);
        assertThat(counted("rejected")).isZero();
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void customerThatPolarDoesNotKnow_isFollowedByTheOrganizationsNextOne() throws Exception {
        String own = billable(organization);
        database.execute("""
                INSERT INTO subscriptions (id, customer_id, account, status) VALUES (?, ?, ?, 'active')
                """, UUID.randomUUID().toString(), UUID.randomUUID().toString(), organization);
        addMany(organization, 3);

        sendAll(turn());

        assertThat(held()).hasSize(3).allSatisfy(
                event -> assertThat(event.path("customer_id").asText()).isEqualTo(own));
        assertThat(states()).isEmpty();
    }

    @Test
    void damagedProperties_stopNoOtherEvent() throws Exception {
        billable(organization);
        add(organization, "damaged", "1", "[", Instant.now().minusSeconds(5));
        add(organization, "right", "1");

        sendAll(turn());

        assertThat(states()).containsExactly("parked");
        assertThat(held()).hasSize(1);
    }
}
