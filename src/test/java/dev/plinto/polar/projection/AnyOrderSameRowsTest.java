package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.access.AccessHistory;
import dev.plinto.polar.access.Explanation;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.Lifecycle;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.Size;
import dev.plinto.polar.testing.StoredState;
import dev.plinto.polar.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Any order of arrival ends in the same rows, through Kafka, the merge in memory, and PostgreSQL. (A test of the rules
/// alone covers thousands of lifecycles; here a few take the whole path.)
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class AnyOrderSameRowsTest {

    private static final int LIFECYCLES = Integer.getInteger("polar.test.lives", 6);
    private static final int LARGE_LIFECYCLES = Size.of("polar.test.large-lives", 2, 4);
    private static final long SEED = Long.getLong("polar.test.seed", 955_257);
    private static final Duration PATIENCE = Duration.ofSeconds(30 + LIFECYCLES + 10 * LARGE_LIFECYCLES);

    /// What was published, except what depends on the order: versions, and what a message says about its cause. An
    /// account that became empty is equal to one that never had a benefit.
    private static final Map<String, String> MESSAGES = Map.of(
            "messages of subscriptions", """
                    SELECT published::jsonb - 'version' - 'previous_status' - 'cause' FROM subscriptions ORDER BY id
                    """,
            "messages of accounts", """
                    SELECT account, published::jsonb - 'version' - 'granted' - 'revoked' - 'cause'
                    FROM accounts WHERE json_array_length(published -> 'entitlements') > 0 ORDER BY account
                    """);

    @Inject
    AccessHistory history;

    private final Database database = Database.ofSandbox();
    private final EndState endState = new EndState(database, TopicReader.ofSandbox());

    @Test
    void anyOrderWithRepeats_endsInTheSameRows_andInTheTruth() {
        System.out.printf("Lifecycles of seed %d (-Dpolar.test.seed)%n", SEED);
        Random random = new Random(SEED);
        List<WebhookEvent> events = new ArrayList<>();
        Map<String, Set<String>> truth = new TreeMap<>();
        for (int i = 0; i < LIFECYCLES + LARGE_LIFECYCLES; i++) {
            List<Integer> choices = i < LIFECYCLES
                    ? IntStream.range(0, 8).mapToObj(n -> random.nextInt(100_000)).toList()
                    : Lifecycle.largeChoices(8, random);
            Lifecycle lifecycle = Lifecycle.of(choices, "seed-" + SEED + "-" + i + "-");
            events.addAll(lifecycle.events());
            truth.putAll(lifecycle.truth());
        }

        Map<String, List<List<String>>> inOrder = rowsAfter(events);

        assertThat(liveGrants()).isEqualTo(truth);
        assertSame(rowsAfter(events.reversed()), inOrder);
        assertSame(rowsAfter(shuffledWithRepeats(events, random)), inOrder);
    }

    private static void assertSame(Map<String, List<List<String>>> rows, Map<String, List<List<String>>> expected) {
        expected.forEach(
                (table, wanted) -> assertThat(rows.get(table)).as("%s, seed %d", table, SEED).isEqualTo(wanted));
    }

    private Map<String, List<List<String>>> rowsAfter(List<WebhookEvent> arrivals) {
        endState.awaitDrained(PATIENCE); // of whatever other tests left under way
        database.execute(
                "TRUNCATE customers, subscriptions, orders, grants, accounts, products, benefits, checkouts, "
                        + "members, seats, customer_meters, inbox, payloads, parked, history, benefit_changes");
        try (RawTopicWriter rawTopic = RawTopicWriter.toSandbox()) {
            rawTopic.writeEvents(arrivals);
        }
        endState.awaitDrained(PATIENCE);
        assertThat(database.number("SELECT count(*) FROM parked")).isZero();
        Map<String, List<List<String>>> rows = StoredState.of(database);
        MESSAGES.forEach((table, query) -> rows.put(table, database.rows(query)));
        assertExplanationsEqualTheSets();
        return rows;
    }

    /// Now, and at each moment of which the history has the set.
    private void assertExplanationsEqualTheSets() {
        database.rows("""
                SELECT account, NULL, published::text FROM accounts WHERE published IS NOT NULL
                UNION ALL
                SELECT account, to_char(decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), state::text
                FROM history WHERE topic = 'polar.entitlement.changed' AND NOT EXISTS (
                  SELECT FROM benefit_changes WHERE account = history.account AND version > history.version
                    AND decided_at <= history.decided_at) -- by a transaction that began earlier
                """).forEach(row -> {
            Explanation explanation = (row.get(1) == null
                    ? history.explain(row.get(0))
                    : history.explain(row.get(0), Instant.parse(row.get(1)))).await()
                    .indefinitely();
            Map<String, Integer> explained = new TreeMap<>();
            explanation.benefits().stream().filter(Explanation.Benefit::hasAccess)
                    .forEach(benefit -> explained.put(benefit.benefitId(), benefit.grantCount()));
            Map<String, Integer> published = new TreeMap<>();
            StoredJson.read(row.get(2)).get("entitlements").forEach(benefit -> published.put(
                    benefit.get("benefit_id").textValue(), benefit.get("grant_count").intValue()));
            assertThat(explained).as("%s at %s", row.get(0), row.get(1)).isEqualTo(published);
            assertThat(explanation.benefits()).as(row.get(0))
                    .noneMatch(benefit -> benefit.why().startsWith("Granted before"));
        });
    }

    private Map<String, Set<String>> liveGrants() {
        Map<String, Set<String>> grants = new TreeMap<>();
        database.rows("SELECT account, id FROM grants WHERE account IS NOT NULL")
                .forEach(row -> grants.computeIfAbsent(row.get(0), account -> new TreeSet<>()).add(row.get(1)));
        return grants;
    }

    private static List<WebhookEvent> shuffledWithRepeats(List<WebhookEvent> events, Random random) {
        List<WebhookEvent> arrivals = new ArrayList<>(events);
        events.stream().filter(event -> random.nextInt(3) == 0).forEach(arrivals::add);
        Collections.shuffle(arrivals, random);
        return arrivals;
    }
}
