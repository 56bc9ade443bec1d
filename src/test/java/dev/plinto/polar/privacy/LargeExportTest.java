package dev.plinto.polar.privacy;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.Size;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Exports that are larger than what a connection takes ahead of its reader.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class LargeExportTest {

    private static final int EVENTS = Size.of("polar.test.exported-events", 10_000, 100_000);
    private static final int BYTES = 4_000;
    /// Longer than other transactions may be idle, and in full than a connection to the database may be silent.
    private static final Duration PAUSE = Duration.ofSeconds(Size.of("polar.test.export-pause", 6, 17));
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long MOST_GROWTH = 16L * 1024 * 1024;

    @TestHTTPResource("/")
    URI service;

    private final List<LargeExport> made = new ArrayList<>();

    @AfterEach
    void remove() {
        made.forEach(LargeExport::remove);
    }

    @Test
    void manyEvents_areReadSlowly_inBoundedMemory() throws IOException {
        LargeExport large = exportOf(new LargeExport(service).filledWithEvents(EVENTS, BYTES));
        exportOf(new LargeExport(service)).read(); // nothing is done for the first time
        long before = heap();
        int bodies = 0;
        int history = 0;
        try (JsonParser json = new JsonFactory().createParser(large.open().body())) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME && json.currentName().equals("body")
                        && bodies++ % (EVENTS / 4) == 0) {
                    assertThat(heap() - before).as("bytes more after " + bodies + " events").isLessThan(MOST_GROWTH);
                    pauseOnce(large, bodies);
                } else if (token == JsonToken.FIELD_NAME && json.currentName().equals("cause_webhook_id")) {
                    history++;
                }
            }
        }

        assertThat(List.of(bodies, history)).containsOnly(EVENTS);
        await().atMost(PATIENCE).until(() -> !large.isRunning());
        assertThat(large.result()).startsWith("exported ").doesNotContain("not ");
    }

    @Test
    void secondExportOfAnOrganization_isRefused_andOthersGoOn() throws IOException {
        LargeExport one = exportOf(new LargeExport(service).filled());
        try (InputStream begun = one.begun()) {
            assertProblem(one.read(), 409, "export-in-progress");

            assertThat(exportOf(new LargeExport(service)).read().statusCode()).isEqualTo(200);
            assertThat(begun.readAllBytes()).hasSizeGreaterThan(20_000_000);
        }
        await().atMost(PATIENCE).until(() -> !one.isRunning());
    }

    @Test
    void receiverThatLeaves_freesTheLockAndTheConnection() throws IOException {
        LargeExport left = exportOf(new LargeExport(service).filled());
        left.begun().close();

        await().atMost(PATIENCE).until(() -> !left.isRunning());
        await().atMost(PATIENCE).until(left::result, result -> result.startsWith("not exported as a whole"));
        assertThat(left.read().statusCode()).isEqualTo(200);
    }

    @Test
    void moreThanAFew_areAskedToComeLater() throws IOException {
        List<InputStream> running = new ArrayList<>();
        try {
            for (int i = 0; i < Exports.MOST; i++) {
                running.add(exportOf(new LargeExport(service).filled()).begun());
            }
            LargeExport late = exportOf(new LargeExport(service));
            HttpResponse<String> refused = late.read();
            assertProblem(refused, 503, "too-many-exports");
            assertThat(refused.headers().firstValue("retry-after")).isPresent();

            running.getFirst().close();

            await().atMost(PATIENCE).until(() -> late.read().statusCode() == 200);
        } finally {
            for (InputStream stream : running) {
                stream.close();
            }
        }
        await().atMost(PATIENCE).until(() -> made.stream().noneMatch(LargeExport::isRunning));
    }

    private LargeExport exportOf(LargeExport export) {
        made.add(export);
        return export;
    }

    private static void pauseOnce(LargeExport export, int bodies) {
        if (bodies == 1) {
            await().during(PAUSE).atMost(PAUSE.multipliedBy(3)).until(export::isRunning);
        }
    }

    private static long heap() {
        return Stream.generate(LargeExportTest::heapNow).limit(2).min(Long::compare).orElseThrow();
    }

    private static long heapNow() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
