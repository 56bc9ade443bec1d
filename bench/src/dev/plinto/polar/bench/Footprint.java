package dev.plinto.polar.bench;

import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import java.nio.file.Path;
import java.util.Map;

/// Part f: how long a replica takes to start on a database with its schema, and how large the artefact is. What a
/// replica occupies after load is measured by the parts that load it.
final class Footprint {

    static void run(Report report, int rounds) {
        try (OwnStack stack = OwnStack.start()) {
            Machinery.service(stack, "ingress,projection,relay,api", Map.of()).close();
            for (int round = 1; round <= rounds; round++) {
                long began = System.nanoTime();
                PackagedService service = Machinery.service(stack, "ingress,projection,relay,api", Map.of());
                report.figure("f footprint", "start until ready", "s", (System.nanoTime() - began) / 1e9, "at most 4");
                service.close();
            }
        }
        report.figure("f footprint", "artefact", "MB", Machinery.megabytesOf(Path.of("target", "quarkus-app")),
                "at most 110");
    }

    private Footprint() {}
}
