package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.access.AccessHistory;
import dev.plinto.polar.access.Explanation;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.telemetry.Tracing;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.Lifecycle;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.Size;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is explained is what was published, now and at each moment of a decision: in whatever order events arrive, and
/// however they are cut into transactions.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ExplainedHistoryTest {

    private static final int LIVES = Size.of("tests.explained-lives", 6, 40);
    private static final long SEED = Long.getLong("tests.seed", 955_257);
    private static final int LARGEST_BATCH = 12;

    private final Database database = Database.ofSandbox();
    private final String run = UUID.randomUUID().toString();

    @Inject
    AccessHistory history;
    @Inject
    Transactions transactions;
    @Inject
    Tracing tracing;

    @Inject
    EventReadings readings;

    /// A message of a change topic that was the newest of its key after a transaction.
    private record Published(String account, long version, Instant decidedAt, JsonNode message) {}

    private final Map<String, List<Published>> sets = new TreeMap<>();
    private final Map<String, List<Published>> subscriptions = new TreeMap<>();
    private final Set<String> accounts = new TreeSet<>();
    private final Set<Instant> moments = new TreeSet<>();
    private Instant clock = Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofHours(1));

    @BeforeEach
    void passOver_whatOtherTestsPublished() {
        addPublished();
    }

    @Test
    void benefitGrantedByAnOlderEvent_ofTheSameTransaction_staysGranted() {
        List<String> organizations = IntStream.range(0, 60).mapToObj(i -> run + "-" + i).toList();

        project(organizations.stream().flatMap(organization -> List.of(
                granted(organization, "x", "2026-09-10T09:00:00Z"),
                granted(organization, "y", "2026-09-05T09:00:00Z")).stream()).toList());

        assertThat(organizations).allSatisfy(organization -> {
            Explanation explanation = now(organization);
            assertThat(explanation.benefits()).hasSize(2).allMatch(Explanation.Benefit::hasAccess);
            assertThat(explanation.events()).extracting(Explanation.Event::what).containsExactly(
                    "The account gained y.",
                    "The account gained x.");
        });
    }

    @Test
    void subscriptionThatAnOlderEventCompletes_isExplainedAsPublished() {
        project(List.of(subscription("2026-09-10T09:00:00Z", "\"status\":\"past_due\""),
                subscription("2026-09-05T09:00:00Z", "\"status\":\"active\",\"ends_at\":\"2026-10-01T00:00:00Z\"")));

        assertThat(now("customer:c-" + run).subscriptions()).singleElement().satisfies(subscription -> {
            assertThat(subscription.status()).isEqualTo("past_due");
            assertThat(subscription.endsAt()).isEqualTo("2026-10-01T00:00:00.000000Z");
        });
    }

    @Test
    void customerWhoIsLinkedLate_takesSubscriptionAndBenefitAlong() {
        String customer = "customer:c-" + run;
        project(List.of(event("benefit_grant.created", "2026-09-05T09:00:00Z", """
                "id":"g-%1$s","customer_id":"c-%1$s","benefit_id":"x","is_granted":true,"subscription_id":"s-%1$s",
                "customer":{"id":"c-%1$s","external_id":null,"created_at":"2026-09-01T00:00:00Z"}
                """.formatted(run)), subscription("2026-09-05T09:00:00Z", "\"status\":\"active\"")));
        Instant unlinked = clock;
        clock = clock.plusSeconds(1);
        project(List.of(event("customer.updated", "2026-09-10T09:00:00Z", """
                "id":"c-%1$s","external_id":"%1$s","created_at":"2026-09-01T00:00:00Z",
                "modified_at":"2026-09-10T09:00:00Z"
                """.formatted(run))));

        assertThat(List.of(history.explain(customer, unlinked).await().indefinitely(), now(run)))
                .allMatch(explanation -> explanation.hasAccess() && explanation.subscriptions().size() == 1);
        Explanation left = now(customer);
        assertThat(left.hasAccess()).isFalse();
        assertThat(left.subscriptions()).isEmpty();
        assertThat(left.events()).extracting(Explanation.Event::what)
                .contains("The subscription s-" + run + " moved to another account.");
    }

    @Test
    void anyHistory_isExplainedAsPublished_nowAndAtEachMoment() {
        System.out.printf("Histories of seed %d (-Dtests.seed)%n", SEED);
        Random random = new Random(SEED);
        for (int life = 0; life < LIVES; life++) {
            List<Integer> choices = IntStream.range(0, 16).mapToObj(n -> random.nextInt(100_000)).toList();
            List<WebhookEvent> arrivals = new ArrayList<>(Lifecycle.of(choices, run + "-" + life + "-").events());
            if (life % 3 == 1) {
                Collections.reverse(arrivals);
            } else if (life % 3 == 2) {
                Collections.shuffle(arrivals, random);
            }
            accounts.clear();
            moments.clear();
            projectInParts(arrivals, random);
            String name = "life %d of seed %d".formatted(life, SEED);
            accounts.forEach(account -> {
                assertExplained(name, account, Instant.MAX, now(account));
                moments.forEach(at -> assertExplained(name, account, at,
                        history.explain(account, at).await().indefinitely()));
            });
        }
    }

    private void projectInParts(List<WebhookEvent> arrivals, Random random) {
        for (int from = 0; from < arrivals.size();) {
            int until = Math.min(arrivals.size(), from + 1 + random.nextInt(LARGEST_BATCH));
            clock = clock.plusMillis(random.nextInt(6) - 2); // a transaction that begins earlier can commit later
            project(arrivals.subList(from, until));
            from = until;
        }
    }

    private void project(List<WebhookEvent> batch) {
        transactions.inOne(transaction -> new Projection(transaction, Nobody.ERASED, clock, WholeBatch.BOUNDS)
                .project(batch.stream().map(this::received).toList()));
        moments.add(clock);
        addPublished();
    }

    private void addPublished() {
        addPublished(sets, "SELECT account, account, version, published FROM accounts WHERE published IS NOT NULL");
        addPublished(subscriptions,
                "SELECT id, account, version, published FROM subscriptions WHERE published IS NOT NULL");
    }

    private void addPublished(Map<String, List<Published>> published, String newest) {
        database.rows(newest).forEach(row -> {
            List<Published> ofKey = published.computeIfAbsent(row.get(0), key -> new ArrayList<>());
            long version = Long.parseLong(row.get(2));
            if (ofKey.isEmpty() || ofKey.getLast().version < version) {
                ofKey.add(new Published(row.get(1), version, clock, StoredJson.read(row.get(3))));
                accounts.add(row.get(1));
            }
        });
    }

    private void assertExplained(String life, String account, Instant at, Explanation explanation) {
        Optional<Published> set = newest(sets.getOrDefault(account, List.of()), at);
        Map<String, String> entitlements = new TreeMap<>();
        set.ifPresent(published -> published.message.get("entitlements").forEach(entitlement -> entitlements
                .put(entitlement.get("benefit_id").textValue(), entitlement.get("description").textValue() + " by "
                        + entitlement.get("grant_count"))));
        Map<String, String> benefits = new TreeMap<>();
        explanation.benefits().stream().filter(Explanation.Benefit::hasAccess).forEach(benefit -> benefits
                .put(benefit.benefitId(), benefit.description() + " by " + benefit.grantCount()));
        assertThat(benefits).as("%s, benefits of %s at %s", life, account, at).isEqualTo(entitlements);
        assertThat(explanation.benefits()).noneMatch(benefit -> benefit.why().startsWith("Granted before"));
        assertThat(explanation.decision() == null ? 0 : explanation.decision().version())
                .as("%s, decision on %s at %s", life, account, at)
                .isEqualTo(set.map(Published::version).orElse(0L));

        Map<String, String> states = new TreeMap<>();
        subscriptions.forEach((id, published) -> newest(published, at)
                .filter(state -> state.account.equals(account))
                .ifPresent(state -> states.put(id, state.message.get("status").textValue() + " " + state.version)));
        Map<String, String> explained = new TreeMap<>();
        explanation.subscriptions().forEach(subscription -> explained.put(subscription.subscriptionId(),
                subscription.status() + " " + subscription.decision().version()));
        assertThat(explained).as("%s, subscriptions of %s at %s", life, account, at).isEqualTo(states);
    }

    private static Optional<Published> newest(List<Published> ofKey, Instant at) {
        return ofKey.reversed().stream().filter(published -> !published.decidedAt.isAfter(at)).findFirst();
    }

    private Explanation now(String account) {
        return history.explain(account).await().indefinitely();
    }

    private WebhookEvent granted(String organization, String benefit, String at) {
        return event("benefit_grant.created", at, """
                "id":"%1$s-%2$s","customer_id":"c-%1$s","benefit_id":"%2$s","is_granted":true,
                "customer":{"id":"c-%1$s","external_id":"%1$s","created_at":"2026-09-01T00:00:00Z"},
                "benefit":{"id":"%2$s","type":"custom","description":"%2$s","created_at":"2026-09-01T00:00:00Z"}
                """.formatted(organization, benefit));
    }

    private WebhookEvent subscription(String at, String fields) {
        return event("subscription.updated", at, """
                "id":"s-%1$s","customer_id":"c-%1$s","metadata":{},%2$s
                """.formatted(run, fields));
    }

    private static WebhookEvent event(String type, String at, String data) {
        return new WebhookEvent(UUID.randomUUID().toString(), type, Instant.parse(at),
                "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":{%s}}".formatted(type, at, data)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private ReceivedEvent received(WebhookEvent event) {
        ProducerRecord<String, byte[]> sent = RawTopicWriter.record(event);
        return ReceivedEvent.of(new ConsumerRecord<>(sent.topic(), 0, 0, Instant.EPOCH.toEpochMilli(),
                TimestampType.CREATE_TIME, 0, 0, sent.key(), sent.value(), sent.headers(), Optional.empty()),
                readings, tracing);
    }
}
