package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.faults.PatientCaller.Answer;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.JsonLog;
import dev.plinto.polar.testing.PolarsLists;
import dev.plinto.polar.testing.Size;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A replica is killed in the middle of checkouts and cancellations, at each line that matters and at random moments.
/// Their callers send them again, with their keys, to whichever replica there is. Each has one effect.
class KilledSaleIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SALES = Size.of("polar.test.sales", 500, 500);
    private static final int RANDOM_KILLS = Size.of("polar.test.random-kills", 20, 20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /// From a replica's readiness to the moment at which it is killed.
    private static final int LONGEST_LIFE_MILLIS = 1_500;

    private final PolarOnStack stack = new PolarOnStack(20);
    private final SimulatedPolar polar = stack.polar();
    private final Database database = stack.stack().database();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<CompletableFuture<Sale>> sales = new ArrayList<>();
    private SellingReplicas replicas;
    private PatientCaller caller;

    /// An organization that asks for a checkout, and another one that cancels.
    private record Sale(int number, Answer checkout, Answer cancellation) {}

    @BeforeEach
    void start() {
        Size.onlyFull("checkouts and cancellations while replicas are killed");
        replicas = new SellingReplicas(stack);
        PolarsLists.areRead(database);
        caller = new PatientCaller(replicas::any, stack.issuer().seller(PolarOnStack.CLIENT));
        stack.deliver();
    }

    @AfterEach
    void stop() {
        callers.shutdownNow();
        if (replicas != null) {
            replicas.close();
        }
        stack.close();
    }

    @Test
    void requestsWithKeys_haveOneEffectEach_whateverIsKilled() {
        List<UUID> subscriptions = IntStream.range(0, SALES).mapToObj(this::subscribe).toList();
        await().atMost(PATIENCE).until(() -> database.number(
                "SELECT count(*) FROM subscriptions WHERE account LIKE 'cancels-%'") == SALES);
        KillPoint[] points = KillPoint.values();
        int kills = points.length + RANDOM_KILLS;
        Random moments = new Random(20);

        for (int kill = 0; kill < kills; kill++) {
            int from = SALES * kill / kills;
            int to = SALES * (kill + 1) / kills;
            Runnable requests = () -> IntStream.range(from, to).forEach(number -> sell(number, subscriptions));
            if (kill < points.length) {
                replicas.killAt(points[kill].moment(), requests);
            } else {
                replicas.killAfter(Duration.ofMillis(moments.nextInt(LONGEST_LIFE_MILLIS)), requests);
            }
        }

        List<Sale> done = sales.stream().map(CompletableFuture::join).toList();
        System.out.printf("%d kills; %d of %d requests were sent more than once%n", kills, done.stream()
                .mapToLong(sale -> (sale.checkout.sendings() > 1 ? 1 : 0) + (sale.cancellation.sendings() > 1 ? 1 : 0))
                .sum(), 2 * SALES);
        everyKey_gotOneCheckout(done);
        everySubscription_wasCancelledOnce(done, subscriptions);
        assertThat(JsonLog.errors(replicas.steady().output())).isEmpty();
    }

    private UUID subscribe(int number) {
        String organization = "cancels-" + number;
        return polar.exclusively(() -> polar.checkouts().purchase(polar.customers().create(organization),
                polar.catalogue().pro(), Map.of("organization_id", organization)));
    }

    private void sell(int number, List<UUID> subscriptions) {
        String product = polar.exclusively(() -> polar.catalogue().pro()).toString();
        CompletableFuture<Answer> checkout = CompletableFuture.supplyAsync(() -> checkout(number, product), callers);
        CompletableFuture<Answer> cancellation = CompletableFuture.supplyAsync(
                () -> cancel(number, subscriptions.get(number)), callers);
        sales.add(checkout.thenCombine(cancellation, (one, other) -> new Sale(number, one, other)));
    }

    private Answer checkout(int number, String product) {
        return caller.post("/api/v1/polar/checkout", "checkout-" + number, """
                {"organization_id":"buys-%1$d","user_id":"user-%1$d","customer_email":"buyer-%1$d@plinto.dev",
                 "product_id":"%2$s"}
                """.formatted(number, product));
    }

    private Answer cancel(int number, UUID subscription) {
        return caller.post("/api/v1/polar/subscriptions/" + subscription + "/cancel", "cancel-" + number,
                "{\"at\":\"period_end\"}");
    }

    private void everyKey_gotOneCheckout(List<Sale> done) {
        assertThat(done).allSatisfy(sale -> {
            assertThat(sale.checkout.status()).as(sale.toString()).isEqualTo(201);
            assertThat(sale.checkout.body().path("organization_id").asText()).isEqualTo("buys-" + sale.number);
        });
        Map<String, List<String>> atPolar = polar.exclusively(this::checkoutsByOrganization);
        assertThat(done).allSatisfy(sale -> assertThat(atPolar.get("buys-" + sale.number)).as(sale.toString())
                .containsExactly(sale.checkout.body().path("checkout_id").asText()));
        String product = polar.exclusively(() -> polar.catalogue().pro()).toString();
        assertThat(done.stream().limit(100)).allSatisfy(sale -> {
            assertThat(checkout(sale.number, product).body()).isEqualTo(sale.checkout.body());
            assertThat(caller.get("/api/v1/polar/checkout/" + sale.checkout.body().path("checkout_id").asText())
                    .path("status").asText()).isEqualTo("open");
        });
    }

    private Map<String, List<String>> checkoutsByOrganization() {
        return polar.records().checkouts().map(checkout -> checkout.json().get())
                .collect(Collectors.groupingBy(checkout -> checkout.at("/metadata/organization_id").asText(),
                        Collectors.mapping(checkout -> checkout.path("id").asText(), Collectors.toList())));
    }

    private void everySubscription_wasCancelledOnce(List<Sale> done, List<UUID> subscriptions) {
        assertThat(done).allSatisfy(sale -> {
            assertThat(sale.cancellation.status()).as(sale.toString()).isEqualTo(200);
            assertThat(sale.cancellation.body().path("subscription_id").asText())
                    .isEqualTo(subscriptions.get(sale.number).toString());
            assertThat(sale.cancellation.body().path("status").asText()).isEqualTo("active");
            assertThat(sale.cancellation.body().path("cancel_at_period_end").asBoolean()
                    || !sale.cancellation.body().path("projected").asBoolean()).as(sale.toString()).isTrue();
        });
        await().atMost(PATIENCE).until(() -> database.number(
                "SELECT count(*) FROM subscriptions WHERE cancel_at_period_end") == SALES);
        Map<String, Long> cancellations = stack.emitted().stream()
                .filter(event -> event.type().equals("subscription.canceled"))
                .collect(Collectors.groupingBy(event -> data(event).path("id").asText(), Collectors.counting()));
        assertThat(cancellations).hasSize(SALES).allSatisfy((id, times) -> assertThat(times).as(id).isEqualTo(1));
    }

    private static JsonNode data(WebhookEvent event) {
        try {
            return JSON.readTree(event.body()).path("data");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
