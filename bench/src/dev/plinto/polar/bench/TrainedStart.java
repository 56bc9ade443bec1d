package dev.plinto.polar.bench;

import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.TrainedArtefact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Part g: the time until a replica of all roles is ready, started as in the image, against the same JVM and artefact
/// without a cache, one after the other. The oracle checks that the started replica works.
final class TrainedStart {

    private static final String PART = "g trained start";
    private static final int EVENTS = 500;

    static void run(Report report, int rounds) throws IOException, InterruptedException {
        Path packaged = Path.of("target", "quarkus-app").toAbsolutePath();
        TrainedArtefact trained = TrainedArtefact.copyOf(packaged, Path.of("target", "trained"));
        try (OwnStack stack = OwnStack.start()) {
            trained.train(stack, BenchService.JAVA_OPTIONS, TrainedArtefact.LIVES);
        }
        try (OwnStack stack = OwnStack.start(); RawTopicWriter writer = stack.writer()) {
            List<String> untrained = List.of(trained.java().toString(), "-jar",
                    packaged.resolve("quarkus-run.jar").toString());
            List<MadeBacklog> written = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                double theirs = start(untrained, stack, report, writer, written);
                double ours = start(trained.command(), stack, report, writer, written);
                report.compare(PART, "until ready, with a cache against without", "s", ours, theirs, "under 1.5 s");
            }
        }
        report.figure(PART, "cache", "MB", Files.size(trained.cache()) / 1e6, "for information");
    }

    private static double start(List<String> command, OwnStack stack, Report report, RawTopicWriter writer,
            List<MadeBacklog> written) {
        Map<String, String> environment = new HashMap<>(stack.environment());
        environment.put("JAVA_TOOL_OPTIONS", BenchService.JAVA_OPTIONS);
        environment.put("MALLOC_ARENA_MAX", "2");
        long began = System.nanoTime();
        try (PackagedService service = PackagedService.start(command, environment)) {
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.println("  " + service.output().lines().filter(line -> line.contains("started in")).toList());
            written.add(MadeBacklog.of(EVENTS, "trained-" + written.size()));
            writer.write(written.getLast().records());
            report.check(PART, () -> Footprint.check(stack, written));
            return seconds;
        }
    }

    private TrainedStart() {}
}
