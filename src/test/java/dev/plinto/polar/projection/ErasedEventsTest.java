package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Erased;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.PersonalDataSearch;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Of an erased customer or organization nothing personal is stored again, and access is as if it were.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ErasedEventsTest {

    private static final Positions NOWHERE = new Positions("of-a-test", Map.of());
    private static final String BEFORE = OneCustomer.BEFORE;
    private static final String ERASED_UNTIL = "2026-10-02T08:00:00Z";
    private static final String AFTER = "2026-10-03T08:00:00Z";

    private final Database database = Database.ofSandbox();
    private final PersonalDataSearch search = PersonalDataSearch.ofSandbox();
    private final String run = UUID.randomUUID().toString();
    private final OneCustomer ada = new OneCustomer(run);
    private final String customer = ada.customer();
    private final String organization = ada.organization();

    @Inject
    BatchProjection batches;

    @Inject
    Transactions transactions;

    @Inject
    Erased erased;

    @AfterEach
    void tidyUp() {
        database.execute("DELETE FROM erased_ids");
        database.execute("DELETE FROM parked WHERE strpos(webhook_id, ?) > 0", run);
    }

    /// Otherwise the other tests would find nothing whatever is stored.
    @Test
    void withoutAnErasure_allIsStored() {
        project(ada.purchase());
        project(ada.malformed("p"));

        assertThat(personal()).contains("payloads.body", "parked.body", "members.email", "members.name", "seats.email",
                "members.external_id");
        assertThat(country()).containsExactly("SE");
    }

    @Test
    void lateDelivery_leavesNothingPersonal_andGivesAccess() {
        eraseCustomer();

        project(ada.purchase());

        assertThat(personal()).isEmpty();
        assertThat(country()).containsExactly((String) null);
        assertThat(benefits()).containsExactly("1");
        assertThat(database.column("SELECT outcome FROM inbox WHERE subject = ?", customer)).hasSize(5)
                .containsOnly("applied");
    }

    @Test
    void redelivery_alsoWithAnotherBody_leavesNothingPersonal() {
        project(ada.grant("g", BEFORE));
        eraseCustomer();
        database.execute("DELETE FROM payloads WHERE strpos(webhook_id, ?) > 0", run);
        ReceivedEvent first = ada.member("m", BEFORE);
        ReceivedEvent other = ada.event("m", "member.updated", AFTER, ada.memberJson("billing_manager"));

        project(ada.grant("g", BEFORE), first, other);
        project(first, other);

        assertThat(personal()).isEmpty();
        assertThat(benefits()).containsExactly("1");
    }

    @Test
    void eventThatIsParked_isWithoutItsBody() {
        eraseCustomer();

        project(ada.malformed("m"));
        project(ada.malformed("m"));

        assertThat(personal()).isEmpty();
        assertThat(database.rows("""
                SELECT reason, octet_length(body), body_forgotten_at IS NOT NULL, attempts FROM parked
                WHERE subject = ?
                """, customer)).containsExactly(List.of("malformed", "0", "t", "2"));
    }

    /// Of a customer of whom nothing was heard before.
    @Test
    void eventThatIsParked_andNamesTheErasedOrganization_isWithoutItsBody() {
        eraseOrganization();
        database.execute("UPDATE erased_ids SET erased_until = 'infinity' WHERE kind = 'organization'");

        project(ada.malformed("m"));

        assertThat(personal()).isEmpty();
        assertThat(database.number("SELECT count(*) FROM parked WHERE subject = ?", customer)).isEqualTo(1);
    }

    @Test
    void eventThatWasParkedBefore_losesItsBody_whenItComesAgain() {
        project(ada.malformed("m"));
        eraseCustomer();

        project(ada.malformed("m"));

        assertThat(personal()).isEmpty();
    }

    @Test
    void eventThatCannotBeApplied_isParkedWithoutItsBody() {
        eraseCustomer();

        transactions.inOne(transaction -> new InboxStore(transaction, Instant.now()).parkFailed(ada.member("m", BEFORE),
                ParkReason.failed(new IllegalArgumentException(ada.email())), erased));

        assertThat(personal()).isEmpty();
        assertThat(database.column("SELECT reason FROM parked WHERE subject = ?", customer)).containsExactly("failed");
    }

    /// Until its payload is erased, an event can be read again for what an older release did not read in it.
    @Test
    void keptEventThatIsAppliedAgain_bringsNothingBack() {
        eraseCustomer();

        transactions.inOne(transaction -> new Projection(transaction, erased, Instant.now(), WholeBatch.BOUNDS)
                .projectAgain(List.of(ada.purchase())));

        assertThat(personal()).isEmpty();
        assertThat(benefits()).containsExactly("1");
    }

    @Test
    void anyOrderOfStatements_endsAlike() {
        ReceivedEvent older = ada.member("a", BEFORE);
        ReceivedEvent newer = ada.member("b", AFTER);
        project(older); // before the erasure, which empties its fields
        eraseCustomer();
        database.execute("UPDATE members SET email = NULL, name = NULL, external_id = NULL WHERE customer_id = ?",
                customer);
        database.execute("DELETE FROM payloads WHERE strpos(webhook_id, ?) > 0", run);
        project(newer, older);
        List<List<String>> rows = members();
        database.execute("DELETE FROM members WHERE customer_id = ?", customer);
        database.execute("DELETE FROM inbox WHERE subject = ?", customer);

        project(newer);
        project(older);

        assertThat(members()).isEqualTo(rows);
        assertThat(personal()).isEmpty();
    }

    @Test
    void whatWasSaidBeforeTheErasureWasComplete_isNotKept_andWhatIsSaidAfterIs() {
        eraseOrganization();

        project(ada.subscription("before", BEFORE), ada.subscription("until", ERASED_UNTIL));
        assertThat(personal()).isEmpty();
        assertThat(database.number("SELECT count(*) FROM inbox WHERE subject = ?", customer)).isEqualTo(2);

        project(ada.subscription("after", AFTER));
        assertThat(database.column("SELECT webhook_id FROM payloads WHERE strpos(webhook_id, ?) > 0", run))
                .containsExactly("after" + run);
        assertThat(country()).containsExactly("SE");
    }

    /// It bought for the erased organization once, and belongs to another one.
    @Test
    void customerOfAnotherOrganization_staysAsItIs() {
        eraseOrganization();
        String others = ada.subscriptionJson().replace("\"external_id\":\"" + organization + "\"",
                "\"external_id\":\"other-" + run + "\"");

        project(ada.event("s", "subscription.updated", BEFORE, others));

        assertThat(personal()).isEmpty();
        assertThat(country()).containsExactly("SE");
    }

    @Test
    void purchaseForAnotherOrganization_isKept_thoughItsCustomerWasLinkedToTheErasedOne() {
        eraseOrganization();
        String others = ada.subscriptionJson().replace("\"metadata\":{\"organization_id\":\"" + organization + "\"",
                "\"metadata\":{\"organization_id\":\"other-" + run + "\"");

        project(ada.event("s", "subscription.updated", BEFORE, others));

        assertThat(personal()).containsExactly("payloads.body");
    }

    /// The customer is another organization's too, if it is named at all: whose the seat is, the purchase tells.
    @ParameterizedTest
    @ValueSource(strings = {"null", "\"customer-%s\""})
    void seatOfAPurchaseOfTheErasedOrganization_isNotKept(String seatsCustomer) {
        String others = ada.subscriptionJson().replace("\"external_id\":\"" + organization + "\"",
                "\"external_id\":\"other-" + run + "\"");
        String seat = """
                {"id":"seat-%s","customer_id":%s,"subscription_id":"sub-%1$s","status":"pending","email":"%s"}
                """.formatted(run, seatsCustomer.formatted(run), ada.email());
        eraseOrganization();

        project(ada.event("a", "customer_seat.assigned", BEFORE, seat),
                ada.event("s", "subscription.updated", BEFORE, others));
        project(ada.event("b", "customer_seat.claimed", ERASED_UNTIL, seat));

        assertThat(personal()).isEmpty();
        assertThat(database.column("SELECT status FROM seats WHERE id = ?", "seat-" + run)).containsExactly("pending");
        project(ada.event("c", "customer_seat.claimed", AFTER, seat));
        assertThat(personal()).as("it has come back").contains("payloads.body", "seats.email");
    }

    /// Who erases takes this lock alone, and so waits for what was asked before.
    @Test
    void erasureThatBeginsMeanwhile_waits() {
        transactions.inOne(transaction -> {
            ErasedEvents.ask(transaction, erased, List.of(ada.member("m", BEFORE))).await();
            assertThat(database.column("SELECT pg_try_advisory_xact_lock(hashtext('plinto-polar erasures'))"))
                    .containsExactly("f");
            return null;
        });
    }

    private void eraseCustomer() {
        database.execute("INSERT INTO erased_ids SELECT 'customer', erasure_hash(?), 'infinity', NULL, '\\x00'",
                customer);
    }

    private void eraseOrganization() {
        database.execute("INSERT INTO erased_ids SELECT 'organization', erasure_hash(?), ?::timestamptz, 1",
                organization, ERASED_UNTIL);
    }

    private List<String> personal() {
        return search.columnsWith(ada.personal());
    }

    private List<String> country() {
        return database.column("SELECT country FROM customers WHERE id = ?", customer);
    }

    private List<List<String>> members() {
        return database.rows("SELECT * FROM members WHERE customer_id = ?", customer);
    }

    /// How many the organization may use, as told.
    private List<String> benefits() {
        return database.column("SELECT json_array_length(published -> 'entitlements') FROM accounts WHERE account = ?",
                organization);
    }

    private void project(ReceivedEvent... events) {
        batches.project(Stream.of(events).toList(), NOWHERE);
    }
}
