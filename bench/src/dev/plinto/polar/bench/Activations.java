package dev.plinto.polar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Topics;
import dev.plinto.polar.bench.OurSeller.Organization;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.OwnStack;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Buyers pay one after the other, and each waits until the service says that it works. Both times begin when our
/// ingress receives an event, since what Polar takes before is not ours.
///
/// @param activations from the receipt of the last grant of a purchase until its buyer is told, in milliseconds
/// @param freshness   from the receipt of each event of these purchases until its change is on its topic
record Activations(List<Double> activations, List<Double> freshness) {

    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    static Activations run(OwnStack stack, OurSeller seller, List<Organization> buyers) {
        Instant began = Clock.systemUTC().instant();
        Map<String, Told> told = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> waiting = new ArrayList<>();
            for (Organization buyer : buyers) {
                JsonNode checkout = JsonHttp.answer(seller.checkout(buyer));
                String id = checkout.path("checkout_id").asText();
                waiting.add(CompletableFuture.runAsync(() -> told.put(id, Told.read(seller, buyer, id)), threads));
                seller.provider().pay(checkout.path("client_secret").asText(), buyer.email());
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            waiting.forEach(CompletableFuture::join);
        }
        new EndState(stack.database(), stack.reader()).awaitDrained(PATIENCE);
        Map<String, Double> granted = lastGrants(stack, began);
        assertThat(told.values()).as("what buyers were told").allMatch(one -> one.state.equals("activated"));
        assertThat(granted.keySet()).as("purchases with grants").isEqualTo(told.keySet());
        return new Activations(
                told.entrySet().stream().map(one -> one.getValue().at - granted.get(one.getKey())).toList(),
                freshness(stack, began));
    }

    /// @param at when that was said, in milliseconds of the clock
    private record Told(String state, double at) {

        /// Waits until it works.
        static Told read(OurSeller seller, Organization buyer, String checkout) {
            JsonNode answer = seller.get("/api/v1/polar/checkout/" + checkout + "/activation?wait=55", buyer);
            Instant now = Clock.systemUTC().instant();
            return new Told(answer.path("state").asText(), now.getEpochSecond() * 1e3 + now.getNano() / 1e6);
        }
    }

    /// By checkout, when its last grant was received.
    private static Map<String, Double> lastGrants(OwnStack stack, Instant since) {
        return stack.database().rows("""
                SELECT s.checkout_id, extract(epoch FROM max(received.received_at)) * 1000
                FROM subscriptions s
                JOIN (SELECT i.received_at, convert_from(p.body, 'UTF8')::jsonb #>> '{data,subscription_id}' AS bought
                      FROM inbox i JOIN payloads p USING (webhook_id)
                      WHERE i.type = 'benefit_grant.created' AND i.received_at >= ?::timestamptz) received
                  ON received.bought = s.id
                GROUP BY s.checkout_id
                """, since.toString()).stream()
                .collect(Collectors.toMap(List::getFirst, row -> Double.valueOf(row.getLast())));
    }

    private static List<Double> freshness(OwnStack stack, Instant since) {
        Map<String, Double> received = stack.database().rows("""
                SELECT webhook_id, extract(epoch FROM received_at) * 1000 FROM inbox WHERE received_at >= ?::timestamptz
                """, since.toString()).stream()
                .collect(Collectors.toMap(List::getFirst, row -> Double.valueOf(row.getLast())));
        List<Double> freshness = new ArrayList<>();
        stack.reader().records(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED).forEach(change -> {
            Double at = received.get(JsonHttp.json(new String(change.value(), StandardCharsets.UTF_8))
                    .at("/cause/webhook_id").asText());
            if (at != null) {
                freshness.add(change.timestamp() - at);
            }
        });
        return freshness;
    }
}
