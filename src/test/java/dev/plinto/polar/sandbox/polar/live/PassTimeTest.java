package dev.plinto.polar.sandbox.polar.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.CheckoutSessions;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.TestCard;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is due at the simulated Polar happens also while nobody calls it.
class PassTimeTest {

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource time = () -> InstantSource.system().instant().plus(ahead.get());
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path directory;

    private SandboxPolar sandbox;

    @BeforeEach
    void start() {
        sandbox = new SandboxPolar(time, directory, List.of("whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE="),
                1);
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        sandbox.stop();
    }

    @Test
    void latePayment_needsNoCall() {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        HttpServer service = vertx.createHttpServer().requestHandler(request -> request.body().onSuccess(body -> {
            told.add(body.toJsonObject().getString("type"));
            request.response().setStatusCode(202).end();
        })).listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
        sandbox.useServicePort(service.actualPort());
        SimulatedPolar polar = sandbox.simulation();
        polar.exclusively(() -> confirmed(polar));
        ahead.set(Duration.ofMillis(7_500)); // the bank takes eight seconds

        PassTime passTime = new PassTime(vertx, sandbox);
        passTime.start(new StartupEvent());

        await().atMost(Duration.ofSeconds(30)).until(() -> told.contains("order.paid"));
        passTime.stop(new ShutdownEvent());
    }

    @Test
    void pages_areThoseOfThisService() {
        sandbox.useServicePort(8080);

        SimulatedPolar polar = sandbox.simulation();
        UUID checkout = polar.exclusively(() -> confirmed(polar));
        assertThat(polar.exclusively(() -> polar.checkoutSessions().json(checkout)).get("url").asText())
                .startsWith("http://127.0.0.1:8080/sandbox/polar/checkout/polar_c_");
    }

    private static UUID confirmed(SimulatedPolar polar) {
        CheckoutSessions checkouts = polar.checkoutSessions();
        UUID checkout = checkouts.create(List.of(polar.catalogue().pro()), JsonNodeFactory.instance.objectNode());
        ObjectNode buyer = JsonNodeFactory.instance.objectNode().put("customer_email", "kim@example.org");
        buyer.putObject("customer_billing_address").put("country", "ES");
        checkouts.confirm(checkout, buyer, TestCard.PAYS_LATER.token());
        return checkout;
    }
}
