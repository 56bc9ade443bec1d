package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.ParkedRows;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many events take longer than a connection may be idle.
@QuarkusTest
@TestProfile(SlowSelectionTest.ShortIdleTimeout.class)
class SlowSelectionTest extends AsOperator {

    private static final String WHY = "{\"reason\":\"sent by a test of ours\"}";

    private final ParkedRows parked = new ParkedRows();

    public static final class ShortIdleTimeout implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.http.idle-timeout", "2s"); // production has one too
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(SandboxStack.class));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parked/replay?type=", "parked/discard?type=", "unknown-types/%s/replay"})
    void callIsAnswered(String call) throws Exception {
        String path = call.contains("%") ? call.formatted(parked.type()) : call + parked.type();

        operator.get("parked"); // the first call of all takes longer

        assertThat(slow(() -> operator.post(path, WHY)).statusCode()).isIn(200, 202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"replay", "discard", "unknown-types/replay"})
    void formIsAnswered(String form) throws Exception {
        Map<String, String> filled = Map.of("type", parked.type(), "why", "for a test", "form", visitor.formToken());

        assertThat(slow(() -> visitor.post("/ops/parked/" + form, filled, "sec-fetch-site", "same-origin"))
                .statusCode()).isEqualTo(303);
    }

    private HttpResponse<String> slow(Supplier<HttpResponse<String>> call) throws Exception {
        try (Connection other = database.connect(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE parked, inbox IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(call);
            await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM pg_stat_activity "
                    + "WHERE wait_event_type = 'Lock' AND query ~ '(parked|unknown_type).*LIMIT' "
                    + "AND now() - query_start > interval '2500 ms'") > 0);
            other.rollback();
            return answer.join();
        }
    }
}
