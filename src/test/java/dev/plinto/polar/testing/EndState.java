package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Topics;
import dev.plinto.polar.entitlement.Entitlement;
import dev.plinto.polar.testing.TopicReader.Message;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.awaitility.pollinterval.PollInterval;

/// Checks what must hold once everything on the raw topic is projected and published.
public final class EndState {

    /// The name of each published message, once for each event that had a part in it.
    public static final String PUBLISHED = """
            SELECT topic || '/' || key || ':' || version AS name, cause_webhook_id AS cause FROM history
            UNION SELECT 'polar.entitlement.changed/' || account || ':' || version, cause_webhook_id
            FROM benefit_changes
            """;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PollInterval POLL = (count, previous) -> Duration
            .ofMillis(Math.min(500, 25L << Math.min(count - 1, 10)));

    private final Database database;
    private final TopicReader topics;

    public EndState(Database database, TopicReader topics) {
        this.database = database;
        this.topics = topics;
    }

    /// Waits until spool and outbox are empty and the stored positions equal the raw topic's ends. The ends may move
    /// until the last moment: a broker that was away can accept old sends after they were repeated. Polls ever more
    /// rarely, so as not to slow the service down.
    public EndState awaitDrained(Duration atMost) {
        await().atMost(atMost).pollDelay(Duration.ZERO).pollInterval(POLL).ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(database.number("SELECT count(*) FROM spooled")).as("rows in the spool").isZero();
                    assertThat(positions()).isEqualTo(topics.ends(Topics.RECEIVED));
                    assertThat(database.number("SELECT count(*) FROM outbox")).as("rows in the outbox").isZero();
                });
        return this;
    }

    /// Nothing is lost, and nothing is parked that could be applied. The inbox's primary key excludes duplicates.
    public EndState everyEventIsInInboxOrParked(Collection<MadeBacklog> backlogs) {
        Set<String> inbox = new HashSet<>(database.column("SELECT webhook_id FROM inbox"));
        Set<String> parked = new HashSet<>(database.column("SELECT webhook_id FROM parked"));
        Set<String> misplaced = new TreeSet<>();
        backlogs.forEach(backlog -> misplaced.addAll(backlog.misplaced(inbox, parked)));
        assertThat(misplaced).as("events in the wrong table").isEmpty();
        assertThat(parked.size()).isEqualTo(backlogs.stream().mapToInt(backlog -> backlog.parked().size()).sum());
        assertThat(new HashSet<>(database.column("SELECT webhook_id FROM payloads"))).isEqualTo(inbox);
        return this;
    }

    /// Each change that the database keeps is on its topic exactly once, and versions increase per key.
    public EndState everyChangeWasPublishedOnceInOrder() {
        Set<String> published = new HashSet<>();
        List<Message> messages = messages();
        messages.forEach(message -> published.add(message.name()));
        assertThat(published).as("published changes").isEqualTo(
                new HashSet<>(database.column("SELECT name FROM (" + PUBLISHED + ") AS published")));
        return versionsOnlyGrow(messages);
    }

    /// Versions increase per key on the topics, without duplicates.
    public EndState versionsOnlyGrow() {
        return versionsOnlyGrow(messages());
    }

    private EndState versionsOnlyGrow(List<Message> messages) {
        Map<String, Long> newest = new HashMap<>();
        List<String> notGrown = new ArrayList<>();
        for (Message message : messages) {
            Long before = newest.put(message.topic() + "/" + message.key(), message.version());
            if (before != null && before >= message.version()) {
                notGrown.add(message.name() + " came after " + before);
            }
        }
        assertThat(notGrown).as("versions that did not grow").isEmpty();
        return this;
    }

    /// Database, topics and the rules alone agree, and equal Polar's true state.
    public EndState stateMatchesTheRules(Collection<MadeBacklog> backlogs) {
        Map<String, List<String>> sets = new TreeMap<>();
        Map<String, String> subscriptions = new TreeMap<>();
        Map<String, Set<String>> truth = new TreeMap<>();
        for (MadeBacklog backlog : backlogs) {
            backlog.sets()
                    .forEach((account, set) -> sets.put(account.value(), set.stream().map(EndState::line).toList()));
            subscriptions.putAll(backlog.subscriptions());
            truth.putAll(backlog.truth());
        }
        assertThat(storedSets()).isEqualTo(sets);
        assertThat(storedSubscriptions()).isEqualTo(subscriptions);
        assertThat(liveGrants()).isEqualTo(truth);
        return newestMessagesMatchStoredState();
    }

    /// A consumer that reads only the compacted topics has the same state as the database.
    public EndState newestMessagesMatchStoredState() {
        Map<String, String> newest = new HashMap<>();
        messages().forEach(message -> newest.put(message.topic() + "/" + message.key(), message.value()));
        Map<String, String> stored = new HashMap<>();
        database.rows("SELECT account, published FROM accounts WHERE published IS NOT NULL")
                .forEach(row -> stored.put(Topics.ENTITLEMENT_CHANGED + "/" + row.get(0), row.get(1)));
        database.rows("SELECT id, published FROM subscriptions WHERE published IS NOT NULL")
                .forEach(row -> stored.put(Topics.SUBSCRIPTION_CHANGED + "/" + row.get(0), row.get(1)));
        assertThat(newest).isEqualTo(stored);
        return this;
    }

    private Map<String, String> storedSubscriptions() {
        Map<String, String> subscriptions = new TreeMap<>();
        database.rows("SELECT id, account || ' ' || status FROM subscriptions WHERE version IS NOT NULL")
                .forEach(row -> subscriptions.put(row.get(0), row.get(1)));
        return subscriptions;
    }

    /// By account, one line for each benefit that it may use; an account without benefits is left out.
    public Map<String, List<String>> storedSets() {
        Map<String, List<String>> sets = new TreeMap<>();
        database.rows("SELECT account, published FROM accounts WHERE published IS NOT NULL").forEach(row -> {
            List<String> lines = new ArrayList<>();
            json(row.get(1)).get("entitlements").forEach(entitlement -> lines.add(line(entitlement)));
            if (!lines.isEmpty()) {
                sets.put(row.get(0), lines);
            }
        });
        return sets;
    }

    private Map<String, Set<String>> liveGrants() {
        Map<String, Set<String>> grants = new TreeMap<>();
        database.rows("SELECT account, id FROM grants WHERE account IS NOT NULL")
                .forEach(row -> grants.computeIfAbsent(row.get(0), account -> new TreeSet<>()).add(row.get(1)));
        return grants;
    }

    private List<Message> messages() {
        return topics.messages(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED);
    }

    private Map<Integer, Long> positions() {
        Map<Integer, Long> positions = new HashMap<>();
        database.rows("SELECT partition, next_offset FROM positions WHERE topic_id = ?", topics.id(Topics.RECEIVED))
                .forEach(row -> positions.put(Integer.valueOf(row.get(0)), Long.valueOf(row.get(1))));
        return positions;
    }

    private static String line(Entitlement entitlement) {
        return String.join(" ", entitlement.benefitId(), entitlement.benefitType(), entitlement.description(),
                entitlement.feature(), Integer.toString(entitlement.grantCount()), entitlement.grantsDigest(),
                entitlement.grants().stream().map(Entitlement.Through::grantId).toList().toString());
    }

    /// A message of a release that did not count the grants lists all of them.
    private static String line(JsonNode entitlement) {
        List<String> grants = entitlement.get("grants").findValuesAsText("grant_id");
        boolean counted = entitlement.has("grant_count");
        return String.join(" ", entitlement.get("benefit_id").textValue(), entitlement.get("benefit_type").textValue(),
                entitlement.get("description").textValue(), entitlement.get("feature").textValue(),
                counted ? entitlement.get("grant_count").asText() : Integer.toString(grants.size()),
                counted ? entitlement.get("grants_digest").textValue() : digest(grants),
                (counted ? grants : grants.stream().limit(Entitlement.MAX_GRANTS).toList()).toString());
    }

    private static String digest(List<String> grants) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", grants).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
