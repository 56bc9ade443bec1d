package dev.plinto.polar.bench;

import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Part f: a replica's start time on a database with its schema, and the size of the artefact. The parts that load a
/// replica measure its memory after load. The oracle checks with events that a ready replica works.
final class Footprint {

    static final String PART = "f footprint";
    private static final int EVENTS = 2_000;

    static void run(Report report, int rounds) {
        try (OwnStack stack = OwnStack.start(); RawTopicWriter writer = stack.writer()) {
            List<MadeBacklog> written = new ArrayList<>();
            BenchService.service(stack, "ingress,projection,relay,api", Map.of()).close();
            for (int round = 1; round <= rounds; round++) {
                long began = System.nanoTime();
                PackagedService service = BenchService.service(stack, "ingress,projection,relay,api", Map.of());
                report.figure(PART, "start until ready", "s", (System.nanoTime() - began) / 1e9, "at most 4");
                written.add(MadeBacklog.of(EVENTS, "start-" + round));
                writer.write(written.getLast().records());
                report.check(PART, () -> check(stack, written));
                service.close();
            }
        }
        report.figure(PART, "artefact", "MB", BenchService.megabytesOf(Path.of("target", "quarkus-app")),
                "at most 110");
    }

    /// Every event was applied once, and the end state matches the rules.
    static void check(OwnStack stack, List<MadeBacklog> written) {
        new EndState(stack.database(), stack.reader()).awaitDrained(Duration.ofMinutes(1))
                .everyEventIsInInboxOrParked(written).everyChangeWasPublishedOnceInOrder()
                .stateMatchesTheRules(written);
    }

    private Footprint() {}
}
