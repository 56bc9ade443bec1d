package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.DataSubject;
import dev.plinto.polar.Topics;
import dev.plinto.polar.access.AccessHistory;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.TopicReader;
import dev.plinto.polar.testing.TopicReader.Message;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the projection's steps of an erasure do, through the real relay to the real topics.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ErasureStepsTest {

    private static final Positions NOWHERE = new Positions("of-a-test", Map.of());
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ENDED = "2026-10-02T08:00:00Z";

    private final Database database = Database.ofSandbox();
    private final TopicReader topics = TopicReader.ofSandbox();
    private final OneCustomer ada = new OneCustomer(UUID.randomUUID().toString());
    private final DataSubject subject = new DataSubject(ada.organization(), List.of(ada.customer()), List.of());

    @Inject
    BatchProjection batches;

    @Inject
    Transactions transactions;

    @Inject
    RepublishState republish;

    @Inject
    AccessHistory history;

    @Inject
    InstantSource clock;

    @AfterEach
    void tidyUp() {
        database.execute("DELETE FROM erased_ids");
    }

    @Test
    void endOfAccess_waitsForTheProvidersEvents() {
        EndOfAccess step = new EndOfAccess(transactions, true);
        project(ada.purchase());
        assertThat(step.take(subject)).isEmpty();
        ReceivedEvent[] end = ada.end("e", ENDED);

        project(end[0]);
        assertThat(step.take(subject)).isEmpty();
        DataSubject shared = new DataSubject(ada.organization(), List.of(), List.of(ada.customer()));
        assertThat(step.take(shared)).contains(
                "no subscription is live; 1 grants of a customer who stays at the provider stay");

        project(end[1]);
        assertThat(step.take(subject)).contains("no subscription is live, and nothing is granted");
    }

    @Test
    void liveSubscription_isWaitedFor_alsoOfACustomerWhoStays() {
        project(ada.purchase());

        assertThat(new EndOfAccess(transactions, true).take(
                new DataSubject(ada.organization(), List.of(), List.of(ada.customer())))).isEmpty();
    }

    @Test
    void tombstones_endBothKeys_once_andNoRepublishTellsThemAgain() throws InterruptedException {
        project(ada.purchase());
        project(ada.end("e", ENDED));
        EndMessages step = new EndMessages(transactions, clock);

        assertThat(step.take(subject)).contains("records without a value for 1 subscriptions and for the set");
        assertThat(step.take(subject)).contains("records without a value for 0 subscriptions, none for the set");
        republish.all(RepublishState.Versions.KEPT);
        republish.all(RepublishState.Versions.NEW);

        for (String key : List.of(ada.organization(), ada.subscriptionId())) {
            List<Message> told = told(key);
            assertThat(told).filteredOn(message -> message.value() == null).hasSize(1);
            assertThat(told.getLast().value()).isNull();
            assertThat(told).extracting(Message::version).isSorted().doesNotHaveDuplicates();
        }
        assertThat(history.explain(ada.organization()).await().indefinitely().benefits())
                .noneMatch(benefit -> benefit.hasAccess());
        assertThat(database.column("SELECT published FROM subscriptions WHERE account = ?", ada.organization()))
                .containsExactly((String) null);
    }

    @Test
    void setThatIsNotEmpty_isNotEnded() {
        project(ada.purchase());

        assertThat(new EndMessages(transactions, clock).take(subject))
                .contains("records without a value for 0 subscriptions, none for the set");
    }

    @Test
    void organizationThatBuysAgain_isToldWithAHigherVersion_andKept() {
        project(ada.purchase());
        project(ada.end("e", ENDED));
        erase();
        new EndMessages(transactions, clock).take(subject);
        TellErasure.ended(transactions, clock).take(subject);
        database.execute("UPDATE accounts SET version = version + 1000000 WHERE account = ?", ada.organization());
        OneCustomer again = new OneCustomer("again-" + ada.run(), ada.organization());

        project(again.events("2126-10-03T08:00:00Z"));

        List<Message> told = told(ada.organization());
        assertThat(told.getLast().value()).contains("\"grant_count\":1");
        assertThat(told.getLast().version()).isGreaterThan(told.get(told.size() - 2).version() + 1_000_000);
        assertThat(database.column("SELECT webhook_id FROM payloads WHERE strpos(webhook_id, ?) > 0", again.run()))
                .hasSize(2);
    }

    @Test
    void erasure_isToldByHashesAlone_whileItGoesOn_andAtItsEnd() {
        project(ada.purchase());
        erase();

        TellErasure.begun(transactions, clock).take(subject);
        TellErasure.ended(transactions, clock).take(subject);
        TellErasure.ended(transactions, clock).take(subject);

        String hash = hash(ada.organization());
        List<JsonNode> told = await().atMost(PATIENCE).until(() -> topics.messages(Topics.ERASURES).stream()
                .filter(message -> message.key().equals(hash)).map(message -> StoredJson.read(message.value()))
                .toList(), messages -> messages.size() == 3);
        assertThat(told.getFirst().path("erased_until").isNull()).isTrue();
        assertThat(told.get(1).path("erased_until").textValue()).isNotNull();
        assertThat(told.get(2)).isEqualTo(told.get(1)); // the end stays
        assertThat(told).allSatisfy(message -> {
            assertThat(message.path("customers")).hasSize(1).first().extracting(JsonNode::textValue)
                    .isEqualTo(hash(ada.customer()));
        });
        assertThat(told.subList(1, 3)).allSatisfy(message -> {
            assertThat(message.path("last_version").longValue()).isEqualTo(
                    database.number("SELECT version FROM accounts WHERE account = ?", ada.organization()));
        });
    }

    private void erase() {
        database.execute("""
                INSERT INTO erased_ids
                SELECT 'customer', erasure_hash(?), 'infinity'::timestamptz, NULL, erasure_hash(?)
                UNION ALL SELECT 'organization', erasure_hash(?), 'infinity', 0, NULL
                """, ada.customer(), ada.organization(), ada.organization());
    }

    private String hash(String id) {
        return database.column("SELECT encode(erasure_hash(?), 'hex')", id).getFirst();
    }

    /// Once the relay has published all.
    private List<Message> told(String key) {
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM outbox") == 0);
        return topics.messages(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED).stream()
                .filter(message -> message.key().equals(key)).toList();
    }

    private void project(ReceivedEvent... events) {
        batches.project(List.of(events), NOWHERE);
    }
}
