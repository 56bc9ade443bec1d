package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Topics;
import dev.plinto.polar.postgres.StoredJson;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.JsonLog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.Size;
import dev.plinto.polar.testing.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A product that very many bought from Conekta changes its benefits.
class RedefinedProductIT {

    private static final int ACCOUNTS = Size.of("polar.test.redefined-accounts", 1_000, 10_000);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Instant BOUGHT = Instant.parse("2026-11-22T10:00:00Z");

    private static OwnStack stack;
    private static Database database;
    private static Map<String, String> environment;

    @BeforeAll
    static void start() {
        stack = OwnStack.start();
        database = stack.database();
        environment = stack.environment();
        environment.put("POLAR_ROLES", "projection,relay");
        environment.put("CONEKTA_PRIVATE_KEY", "key_of-nobody");
        environment.put("CONEKTA_PLANS", "gold=pro");
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void changedProduct_isToldToEachAccountOnce_whileNobodyElseWaits_andAReplicaIsKilled() {
        try (PackagedService steady = PackagedService.start(environment);
                PackagedService victim = PackagedService.start(environment);
                RawTopicWriter writer = stack.writer()) {
            writer.write(List.of(product(1, "exports")));
            awaitCount(1, "SELECT count(*) FROM products WHERE benefit_ids IS NOT NULL");
            writer.write(IntStream.range(0, ACCOUNTS).mapToObj(RedefinedProductIT::purchase).toList());
            awaitCount(ACCOUNTS, "SELECT count(*) FROM accounts WHERE published IS NOT NULL");

            writer.write(List.of(product(2, "exports", "support")));
            Duration longest = Duration.ZERO;
            boolean isKilled = false;
            Instant latest = Instant.now().plus(PATIENCE.multipliedBy(3));
            for (int other = 0; !isDone(); other++) {
                assertThat(Instant.now()).as("%d are told", told()).isBefore(latest);
                longest = longer(longest, wait(writer, other));
                if (!isKilled && told() > ACCOUNTS / 4) {
                    victim.kill();
                    isKilled = true;
                }
            }
            System.out.printf("%d accounts were told; others waited for %d ms at most%n", told(), longest.toMillis());

            assertThat(isKilled).isTrue();
            assertThat(longest).isLessThan(LONGEST_WAIT);
            awaitCount(0, "SELECT count(*) FROM outbox");
            Map<String, Integer> messages = messages();
            assertThat(messages).hasSize(ACCOUNTS);
            assertThat(messages.values()).containsOnly(1);
            assertThat(JsonLog.errors(steady.output())).isEmpty();
        }
    }

    /// For as long as the event of somebody else waits.
    private static Duration wait(RawTopicWriter writer, int other) {
        long sent = System.nanoTime();
        writer.write(List.of(RawTopicWriter.record("other-" + other, """
                {"type":"benefit_grant.created","timestamp":"%1$s","data":{"id":"grant-%2$d","created_at":"%1$s",
                 "modified_at":"%1$s","customer_id":"customer-%2$d","benefit_id":"b","is_granted":true,
                 "is_revoked":false,"granted_at":"%1$s","revoked_at":null,"subscription_id":null,"order_id":null,
                 "properties":{},"customer":{"id":"customer-%2$d","external_id":"other-%2$d"},
                 "benefit":{"id":"b","type":"custom","description":"B","metadata":{}}}}
                """.formatted(BOUGHT, other).getBytes(StandardCharsets.UTF_8))));
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> database.number(
                "SELECT count(*) FROM inbox WHERE webhook_id = 'other-" + other + "'") == 1);
        return Duration.ofNanos(System.nanoTime() - sent);
    }

    private static boolean isDone() {
        return told() == ACCOUNTS && database.number("SELECT count(*) FROM redefined_products") == 0;
    }

    private static long told() {
        return database.number("SELECT count(*) FROM benefit_changes WHERE benefit_id = 'support'");
    }

    private static void awaitCount(long count, String sql) {
        await().atMost(PATIENCE).until(() -> database.number(sql) == count);
    }

    /// By account, how many messages the change of the product caused.
    private static Map<String, Integer> messages() {
        Map<String, Integer> messages = new TreeMap<>();
        new TopicReader(stack.bootstrapServers()).messages(Topics.ENTITLEMENT_CHANGED).forEach(message -> {
            JsonNode set = StoredJson.read(message.value());
            if (set.at("/cause/webhook_id").asText().equals("product-2")) {
                assertThat(set.path("entitlements")).as(message.key()).hasSize(2);
                messages.merge(message.key(), 1, Integer::sum);
            }
        });
        return messages;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static ProducerRecord<String, byte[]> product(int second, String... benefits) {
        Instant at = BOUGHT.plusSeconds(second);
        String listed = String.join(",", List.of(benefits).stream().map("""
                {"id":"%s","type":"custom","description":"A benefit","metadata":{}}"""::formatted).toList());
        return RawTopicWriter.record("product-" + second, """
                {"type":"product.updated","timestamp":"%1$s","data":{"id":"pro","created_at":"%1$s",
                 "modified_at":"%1$s","name":"Pro","description":null,"is_archived":false,"metadata":{},
                 "prices":[],"benefits":[%2$s]}}
                """.formatted(at, listed).getBytes(StandardCharsets.UTF_8));
    }

    private static ProducerRecord<String, byte[]> purchase(int number) {
        byte[] body = """
                {"id":"event-%1$d","object":"event","type":"subscription.created","created_at":%2$d,"livemode":true,
                 "data":{"object":{"id":"sub_%1$d","object":"subscription","status":"active","plan_id":"gold",
                   "customer_id":"cus_%1$d","customer_custom_reference":"org-%1$d","billing_cycle_start":%2$d,
                   "billing_cycle_end":%3$d}}}
                """.formatted(number, BOUGHT.getEpochSecond(), BOUGHT.plus(Duration.ofDays(30)).getEpochSecond())
                .getBytes(StandardCharsets.UTF_8);
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.CONEKTA_RECEIVED, "cus_" + number, body);
        RawTopicWriter.header(record, HeaderNames.CE_ID, "event-" + number);
        RawTopicWriter.header(record, HeaderNames.CE_TYPE, "com.conekta.subscription.created");
        return RawTopicWriter.header(record, HeaderNames.ORIGIN, "webhook");
    }
}
