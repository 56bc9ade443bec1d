package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.ParkedRows;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SmallSpoolAndTraces;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Many events take longer than a connection may be idle, which are two seconds here.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SmallSpoolAndTraces.class)
class SlowSelectionTest extends AsOperator {

    private static final String WHY = "{\"reason\":\"sent by a test of ours\"}";

    private final ParkedRows parked = new ParkedRows();

    @Test
    void calls_areAnswered() throws Exception {
        operator.get("parked"); // the first call of all takes longer

        assertThat(slow(Stream.of("parked/replay?type=" + parked.type(), "parked/discard?type=" + parked.type(),
                "unknown-types/" + parked.type() + "/replay")
                .map(call -> () -> operator.post(call, WHY))))
                .extracting(HttpResponse::statusCode).containsExactly(202, 200, 202);
    }

    @Test
    void forms_areAnswered() throws Exception {
        Map<String, String> filled = Map.of("type", parked.type(), "why", "for a test", "form", visitor.formToken());

        assertThat(slow(Stream.of("replay", "discard", "unknown-types/replay")
                .map(form -> () -> visitor.post("/ops/parked/" + form, filled, "sec-fetch-site", "same-origin"))))
                .extracting(HttpResponse::statusCode).containsOnly(303);
    }

    /// All at once.
    private List<HttpResponse<String>> slow(Stream<Supplier<HttpResponse<String>>> calls) throws Exception {
        try (Connection other = database.connect(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE parked, inbox IN ACCESS EXCLUSIVE MODE");
            List<CompletableFuture<HttpResponse<String>>> answers = calls.map(CompletableFuture::supplyAsync).toList();
            await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM pg_stat_activity "
                    + "WHERE wait_event_type = 'Lock' AND query ~ '(parked|unknown_type).*LIMIT' "
                    + "AND now() - query_start > interval '2500 ms'") == answers.size());
            other.rollback();
            return answers.stream().map(CompletableFuture::join).toList();
        }
    }
}
