package dev.plinto.polar.faults;

import static dev.plinto.polar.faults.KillMoment.Server.DATABASE;
import static dev.plinto.polar.faults.KillMoment.Server.POLAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.JsonLog;
import dev.plinto.polar.testing.PolarsLists;
import dev.plinto.polar.testing.Size;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The replica that works on an erasure is killed at every step: before what the step does, after it, before the step
/// is marked as done, and after that. Each time another replica goes on. A replica without the role api stays.
class KilledErasureIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_KILLS = Size.of("polar.test.erasure-kills", 6, 1_000);
    private static final int EVENTS = Size.of("polar.test.erasure-events", 100, 300);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ERASED = "org-that-goes";
    private static final String OTHER = "org-that-stays";
    private static final String DATA = "/api/v1/polar/customer/data?organization_id=";

    private final PolarOnStack stack = new PolarOnStack(22);
    private final SimulatedPolar polar = stack.polar();
    private final Database database = stack.stack().database();
    private SellingReplicas replicas;
    private UUID own;
    private UUID shared;
    private UUID onShared;

    @BeforeEach
    void start() {
        replicas = new SellingReplicas(stack, Map.of("POLAR_ROLES", "ingress,projection,relay,reconcile,usage"));
        PolarsLists.areRead(database);
        stack.deliver();
    }

    @AfterEach
    void stop() {
        if (replicas != null) {
            replicas.close();
        }
        stack.close();
    }

    @Test
    void erasure_isCompleted_onceAtPolar_andChangesNothingOfOthers() {
        polar.exclusively(this::buy);
        stack.server().faults().sometimes("/events/ingest", 1, new ApiFault.Broken(502)); // usage stays here
        JsonNode[] before = new JsonNode[1];
        replicas.killAfter(Duration.ZERO, () -> {
            awaitProjected();
            sendUsage(ERASED); // of organizations that are known as customers: what is sent stays pending
            sendUsage(OTHER);
            export(ERASED); // for the audit log
            before[0] = export(OTHER);
            assertThat(erasable()).containsExactly(EVENTS, 1);
        });
        JsonNode buyer = customer(shared);

        int kills = killAtEveryStep();
        JsonNode[] after = new JsonNode[1];
        replicas.killAfter(Duration.ZERO, () -> {
            await().atMost(PATIENCE).until(this::isComplete); // once the lease of the dead one is over
            after[0] = export(OTHER);
        });

        System.out.printf("%d kills; steps: %s%n", kills, database.column(
                "SELECT step || ': ' || outcome FROM erasure_steps ORDER BY position"));
        assertThat(kills).isGreaterThanOrEqualTo(6);
        everythingIsAsBefore(before[0], after[0]);
        assertThat(customer(shared)).as("the buyer of both").isEqualTo(buyer);
        assertThat(events("customer.deleted")).containsExactly(own.toString());
        assertThat(events("subscription.revoked")).as("each once").doesNotHaveDuplicates().contains(
                onShared.toString());
        assertThat(erasable()).containsExactly(0, 0);
        assertThat(database.number("SELECT count(*) FROM erasures")).isEqualTo(1);
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
        assertThat(replicas.steady().send("POST", "/api/v1/polar/usage",
                stack.issuer().producer(PolarOnStack.CLIENT), "{\"events\":[" + events + "]}").statusCode())
                .isEqualTo(202);
    }

    /// Usage with what its producer wrote, and people in the audit log.
    private List<Integer> erasable() {
        return Stream.of("usage_events WHERE properties IS NOT NULL AND", "audit_personal WHERE")
                .map(rows -> (int) database.number("SELECT count(*) FROM " + rows + " organization = ?", ERASED))
                .toList();
    }

    private void awaitProjected() {
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM orders WHERE status = "
                + "'paid'") == EVENTS / 4 + 1 + 11 + 1);
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM seats") == 10);
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
                database.execute( // until the next one is there to be killed
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
                : momentsOf(database.column("""
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
        if (database.number("SELECT count(*) FROM erasures") > 0) {
            database.execute("UPDATE erasures SET due_at = clock_timestamp()"); // as after the lease
            return;
        }
        try {
            HttpResponse<String> answer = replicas.other().send("DELETE", DATA + ERASED + "&cancel=true",
                    stack.issuer().seller(PolarOnStack.CLIENT), "");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        } catch (UncheckedIOException killed) {
            assertThat(database.number("SELECT count(*) FROM erasures")).isEqualTo(1);
        }
    }

    private boolean isComplete() {
        return database.number("SELECT count(*) FROM erasures WHERE completed_at IS NOT NULL") == 1;
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
        HttpResponse<String> answer = replicas.other().send("GET", DATA + organization,
                stack.issuer().owner(organization), "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer.body());
    }

    private JsonNode customer(UUID id) {
        return polar.exclusively(() -> polar.customerRegister().json(id).deepCopy());
    }

    /// The ids of the objects that they are about.
    private List<String> events(String type) {
        return stack.emitted().stream().filter(event -> event.type().equals(type))
                .map(event -> json(new String(event.body(), StandardCharsets.UTF_8)).at("/data/id").asText()).toList();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
