package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Topics;
import dev.plinto.polar.entitlement.Entitlement;
import dev.plinto.polar.testing.TopicReader.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What must hold once everything that was on the raw topic is projected and published, whatever happened meanwhile.
public final class Aftermath {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;
    private final TopicReader topics;

    public Aftermath(Database database, TopicReader topics) {
        this.database = database;
        this.topics = topics;
    }

    /// Until spool and outbox are empty and the stored positions are the raw topic's ends. These may move to the last: a
    /// broker that was away can take what it was sent before, after it has been sent again. Asks seldom, so as not to be
    /// what the service waits for.
    public Aftermath awaitDrained(Duration atMost) {
        await().atMost(atMost).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(500)).ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(database.number("SELECT count(*) FROM spool")).as("rows in the spool").isZero();
                    assertThat(positions()).isEqualTo(topics.ends(Topics.RECEIVED));
                    assertThat(database.number("SELECT count(*) FROM outbox")).as("rows in the outbox").isZero();
                });
        return this;
    }

    /// Nothing lost, nothing parked that could be applied. The inbox's primary key says that nothing is in it twice.
    public Aftermath everyEventIsWhereItBelongs(Collection<MadeBacklog> backlogs) {
        Set<String> inbox = new HashSet<>(database.column("SELECT webhook_id FROM inbox"));
        Set<String> parked = new HashSet<>(database.column("SELECT webhook_id FROM parked"));
        Set<String> misplaced = new TreeSet<>();
        backlogs.forEach(backlog -> misplaced.addAll(backlog.misplaced(inbox, parked)));
        assertThat(misplaced).as("events that are not where they belong").isEmpty();
        assertThat(parked.size()).isEqualTo(backlogs.stream().mapToInt(backlog -> backlog.parked().size()).sum());
        assertThat(new HashSet<>(database.column("SELECT webhook_id FROM payloads"))).isEqualTo(inbox);
        return this;
    }

    /// Each change that is in the history is on its topic exactly once, and per key the versions only grow.
    public Aftermath everyChangeWasToldOnceAndInOrder() {
        Set<String> told = new HashSet<>();
        messages().forEach(message -> told.add(message.name()));
        assertThat(told).as("changes told").isEqualTo(
                new HashSet<>(database.column("SELECT topic || '/' || key || ':' || version FROM history")));
        return versionsOnlyGrow();
    }

    /// Per key on the topics, none twice.
    public Aftermath versionsOnlyGrow() {
        Map<String, Long> newest = new HashMap<>();
        List<String> notGrown = new ArrayList<>();
        for (Message message : messages()) {
            Long before = newest.put(message.topic() + "/" + message.key(), message.version());
            if (before != null && before >= message.version()) {
                notGrown.add(message.name() + " came after " + before);
            }
        }
        assertThat(notGrown).as("versions that did not grow").isEmpty();
        return this;
    }

    /// What is stored, what is on the topics and what the rules alone say is the same; and it is true.
    public Aftermath endsAsTheRulesSay(Collection<MadeBacklog> backlogs) {
        Map<String, List<String>> sets = new TreeMap<>();
        Map<String, String> subscriptions = new TreeMap<>();
        Map<String, Set<String>> truth = new TreeMap<>();
        for (MadeBacklog backlog : backlogs) {
            backlog.sets()
                    .forEach((account, set) -> sets.put(account.value(), set.stream().map(Aftermath::line).toList()));
            subscriptions.putAll(backlog.subscriptions());
            truth.putAll(backlog.truth());
        }
        assertThat(storedSets()).isEqualTo(sets);
        assertThat(storedSubscriptions()).isEqualTo(subscriptions);
        assertThat(liveGrants()).isEqualTo(truth);
        return newestMessagesAreWhatIsStored();
    }

    /// A consumer that starts from the compacted topics alone knows what the database knows.
    public Aftermath newestMessagesAreWhatIsStored() {
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

    /// By account, one line for each benefit that it may use; an account without any is left out.
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
                entitlement.feature(), entitlement.grants().stream().map(Entitlement.Through::grantId).toList()
                        .toString());
    }

    private static String line(JsonNode entitlement) {
        return String.join(" ", entitlement.get("benefit_id").textValue(), entitlement.get("benefit_type").textValue(),
                entitlement.get("description").textValue(), entitlement.get("feature").textValue(),
                entitlement.get("grants").findValuesAsText("grant_id").toString());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
