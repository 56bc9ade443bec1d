package dev.plinto.polar.faults;

import static dev.plinto.polar.faults.KillMoment.Server.DATABASE;
import static dev.plinto.polar.faults.KillMoment.Server.POLAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import dev.plinto.polar.testing.JsonLog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.PolarsLists;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.Size;
import dev.plinto.polar.testing.TokenIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The replica that works on an erasure is killed at every step: before what the step does, after it, before the step
/// is marked as done, and after that. Each time another replica goes on. A replica without the role api stays.
class KilledErasureIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final int MOST_KILLS = Size.of("polar.test.erasure-kills", 6, 1_000);
    private static final int EVENTS = Size.of("polar.test.erasure-events", 100, 300);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ERASED = "org-that-goes";
    private static final String OTHER = "org-that-stays";
    private static final String DATA = "/api/v1/polar/customer/data?organization_id=";

    private final SimulatedPolar polar = new SimulatedPolar(InstantSource.system(), new Random(22));
    private final PolarServer server = PolarServer.start(polar);
    private final TokenIssuer issuer = new TokenIssuer();
    private final OwnStack stack = OwnStack.start();
    private final Queue<WebhookEvent> emitted = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService deliveries = Executors.newSingleThreadScheduledExecutor();
    private SellingReplicas replicas;
    private UUID own;
    private UUID shared;
    private UUID onShared;

    @BeforeEach
    void start() {
        stack.createRawTopic(6);
        replicas = new SellingReplicas(stack, server.apiUrl(), issuer,
                Map.of("POLAR_ROLES", "ingress,projection,relay,reconcile,usage"));
        PolarsLists.areRead(stack.database());
        RawTopicWriter writer = stack.writer();
        deliveries.scheduleWithFixedDelay(() -> {
            List<WebhookEvent> events = polar.exclusively(polar::takeEvents);
            emitted.addAll(events);
            writer.write(events.stream().map(RawTopicWriter::record).toList());
        }, 0, 100, TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void stop() {
        deliveries.shutdownNow();
        if (replicas != null) {
            replicas.close();
        }
        stack.close();
        issuer.close();
        server.close();
    }

    @Test
    void erasure_isCompleted_onceAtPolar_andChangesNothingOfOthers() {
        polar.exclusively(this::buy);
        sendUsage(ERASED);
        sendUsage(OTHER);
        JsonNode[] before = new JsonNode[1];
        replicas.killAfter(Duration.ZERO, () -> {
            awaitProjected();
            IntStream.range(0, 5).forEach(i -> export(ERASED)); // for the audit log
            before[0] = export(OTHER);
        });
        JsonNode buyer = customer(shared);

        int kills = killAtEveryStep();
        JsonNode[] after = new JsonNode[1];
        replicas.killAfter(Duration.ZERO, () -> {
            await().atMost(PATIENCE).until(this::isComplete); // once the lease of the dead one is over
            after[0] = export(OTHER);
        });

        System.out.printf("%d kills; steps: %s%n", kills, stack.database().column(
                "SELECT step || ': ' || outcome FROM erasure_steps ORDER BY position"));
        assertThat(kills).isGreaterThanOrEqualTo(6);
        everythingIsAsBefore(before[0], after[0]);
        assertThat(customer(shared)).as("the buyer of both").isEqualTo(buyer);
        assertThat(events("customer.deleted")).containsExactly(own.toString());
        assertThat(events("subscription.revoked")).as("each once").doesNotHaveDuplicates().contains(
                onShared.toString());
        assertThat(stack.database().number("SELECT count(*) FROM usage_events WHERE organization = ? "
                + "AND properties IS NOT NULL", ERASED)).isZero();
        assertThat(stack.database().number("SELECT count(*) FROM audit_personal WHERE organization = ?", ERASED))
                .isZero();
        assertThat(stack.database().number("SELECT count(*) FROM erasures")).isEqualTo(1);
        assertThat(JsonLog.errors(replicas.steady().output())).isEmpty();
    }

    /// The organization buys seats by its own customer, and something by another one's.
    private Void buy() {
        own = polar.customers().create(ERASED);
        UUID team = polar.checkouts().purchaseSeats(own, 10, Map.of("organization_id", ERASED));
        IntStream.range(0, 10).forEach(i -> polar.seats().assign(team, "seat-" + i + "@goes.example"));
        IntStream.range(0, EVENTS / 4).forEach(i -> polar.subscriptions().renew(team));
        shared = polar.customers().create(OTHER);
        UUID others = polar.checkouts().purchase(shared, polar.catalogue().pro(), Map.of("organization_id", OTHER));
        IntStream.range(0, 10).forEach(i -> polar.subscriptions().renew(others));
        onShared = polar.checkouts().purchase(shared, polar.catalogue().team(), Map.of("organization_id", ERASED));
        return null;
    }

    private void sendUsage(String organization) {
        String events = IntStream.range(0, EVENTS).mapToObj(i -> """
                {"organization_id":"%s","event_name":"call","idempotency_key":"%d",
                 "properties":{"by":"jo@goes.example"}}
                """.formatted(organization, i)).collect(Collectors.joining(","));
        assertThat(send(replicas.steady(), "POST", "/api/v1/polar/usage", issuer.producer(SellingReplicas.CLIENT),
                "{\"events\":[" + events + "]}").statusCode()).isEqualTo(202);
    }

    private void awaitProjected() {
        await().atMost(PATIENCE).until(() -> stack.database().number("SELECT count(*) FROM orders WHERE status = "
                + "'paid'") == EVENTS / 4 + 1 + 11 + 1);
        await().atMost(PATIENCE).until(() -> stack.database().number("SELECT count(*) FROM seats") == 10);
        await().atMost(PATIENCE).until(() -> stack.database().number("SELECT count(*) FROM usage_events") == 0);
    }

    /// Ends when nothing of the erasure is left, or enough replicas were killed.
    ///
    /// @return how many
    private int killAtEveryStep() {
        int kills = 0;
        for (List<KillMoment> moments = momentsOf("subscriptions"); !moments.isEmpty(); moments = next()) {
            for (KillMoment moment : moments) {
                if (kills == MOST_KILLS) {
                    return kills;
                }
                stack.database().execute( // until the next one is there to be killed
                        "UPDATE erasures SET due_at = clock_timestamp() + interval '1 hour'");
                replicas.killAt(moment, this::askForErasure);
                kills++;
            }
        }
        return kills;
    }

    private List<KillMoment> next() {
        return isComplete()
                ? List.of()
                : momentsOf(stack.database().column("""
                        SELECT coalesce((SELECT step FROM erasure_steps WHERE done_at IS NULL
                                         ORDER BY position LIMIT 1), 'none')
                        """).getFirst());
    }

    private static List<KillMoment> momentsOf(String step) {
        List<KillMoment> moments = new ArrayList<>(switch (step) {
            case "subscriptions" -> around(POLAR, "PATCH /v1/subscriptions/");
            case "polar" -> around(POLAR, "DELETE /v1/customers/");
            case "projection rows" -> around(DATABASE, "DELETE FROM payloads WHERE (tableoid");
            case "none" -> around(DATABASE, "UPDATE erasures SET completed_at", "COMMIT");
            default -> List.<KillMoment>of();
        });
        if (!step.equals("none")) {
            moments.add(KillMoment.before(DATABASE, "UPDATE erasure_steps SET done_at"));
            moments.add(KillMoment.after(DATABASE, "UPDATE erasure_steps SET done_at", "COMMIT"));
        }
        return moments;
    }

    private static List<KillMoment> around(KillMoment.Server server, String... texts) {
        return List.of(KillMoment.before(server, texts), KillMoment.after(server, texts));
    }

    /// Once. A replica that is killed meanwhile gives no answer.
    private void askForErasure() {
        if (stack.database().number("SELECT count(*) FROM erasures") > 0) {
            stack.database().execute("UPDATE erasures SET due_at = clock_timestamp()"); // as after the lease
            return;
        }
        try {
            HttpResponse<String> answer = send(replicas.other(), "DELETE", DATA + ERASED + "&cancel=true",
                    issuer.seller(SellingReplicas.CLIENT), "");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        } catch (UncheckedIOException killed) {
            assertThat(stack.database().number("SELECT count(*) FROM erasures")).isEqualTo(1);
        }
    }

    private boolean isComplete() {
        return stack.database().number("SELECT count(*) FROM erasures WHERE completed_at IS NOT NULL") == 1;
    }

    /// But for the log of who asked, and the live grants of the shared customer, among which the erased one's were.
    private static void everythingIsAsBefore(JsonNode before, JsonNode after) {
        before.path("held").properties().stream().filter(room -> !room.getKey().equals("audit"))
                .forEach(room -> room.getValue().properties().stream()
                        .filter(table -> !table.getKey().equals("customers"))
                        .forEach(table -> assertThat(after.at("/held/" + room.getKey() + "/" + table.getKey()))
                                .as(table.getKey()).containsAll(table.getValue())));
        assertThat(before.at("/held/projection/subscriptions")).hasSize(1);
        assertThat(before.at("/held/projection/payloads")).isNotEmpty();
        assertThat(after.at("/held/projection/subscriptions")).isEqualTo(before.at("/held/projection/subscriptions"));
        assertThat(after.at("/held/projection/accounts")).isEqualTo(before.at("/held/projection/accounts"));
        assertThat(after.at("/at_provider/polar/orders")).isEqualTo(before.at("/at_provider/polar/orders"));
    }

    private JsonNode export(String organization) {
        HttpResponse<String> answer = send(replicas.other(), "GET", DATA + organization,
                issuer.seller(SellingReplicas.CLIENT), "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer.body());
    }

    private JsonNode customer(UUID id) {
        return polar.exclusively(() -> polar.customerRegister().json(id).deepCopy());
    }

    /// The ids of the objects that they are about.
    private List<String> events(String type) {
        return emitted.stream().filter(event -> event.type().equals(type))
                .map(event -> json(new String(event.body(), StandardCharsets.UTF_8)).at("/data/id").asText()).toList();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static HttpResponse<String> send(PackagedService replica, String method, String path, String token,
            String body) {
        try {
            return HTTP.send(HttpRequest.newBuilder(URI.create(replica.baseUrl() + path))
                    .header("authorization", "Bearer " + token).header("content-type", "application/json")
                    .method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }
}
