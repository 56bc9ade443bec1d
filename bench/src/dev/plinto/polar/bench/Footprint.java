package dev.plinto.polar.bench;

import dev.plinto.polar.testing.Aftermath;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Part f: how long a replica takes to start on a database with its schema, and how large the artefact is. What a
/// replica occupies after load is measured by the parts that load it. A replica that says it is ready has to show it:
/// the oracle gives it events.
final class Footprint {

    static final String PART = "f footprint";
    private static final int EVENTS = 2_000;

    static void run(Report report, int rounds) {
        try (OwnStack stack = OwnStack.start(); RawTopicWriter writer = stack.writer()) {
            List<MadeBacklog> written = new ArrayList<>();
            Machinery.service(stack, "ingress,projection,relay,api", Map.of()).close();
            for (int round = 1; round <= rounds; round++) {
                long began = System.nanoTime();
                PackagedService service = Machinery.service(stack, "ingress,projection,relay,api", Map.of());
                report.figure(PART, "start until ready", "s", (System.nanoTime() - began) / 1e9, "at most 4");
                written.add(MadeBacklog.of(EVENTS, "start-" + round));
                writer.write(written.getLast().records());
                report.check(PART, () -> check(stack, written));
                service.close();
            }
        }
        report.figure(PART, "artefact", "MB", Machinery.megabytesOf(Path.of("target", "quarkus-app")),
                "at most 110");
    }

    /// Every event was applied once, and the end is what the rules say.
    static void check(OwnStack stack, List<MadeBacklog> written) {
        new Aftermath(stack.database(), stack.reader()).awaitDrained(Duration.ofMinutes(1))
                .everyEventIsWhereItBelongs(written).everyChangeWasToldOnceAndInOrder().endsAsTheRulesSay(written);
    }

    private Footprint() {}
}
