package dev.plinto.polar.bench;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Parts b and c: the time from a backlog on the raw topic to the last published change, against the same rows written
/// by one batched statement in a loop; on an empty database, and on one with a million stored events.
final class Drain {

    private static final String PART = "b drain";
    private static final String FULL_PART = "c drain, full database";
    private static final int WARM_UP = 60_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Report report;
    private final int events = Integer.parseInt(System.getenv().getOrDefault("EVENTS", "200000"));
    private final int stored = Integer.parseInt(System.getenv().getOrDefault("STORED", "1000000"));
    private final MadeBacklog warmUp;
    private final MadeBacklog backlog;

    Drain(Report report) {
        this.report = report;
        System.out.printf("generating a backlog of %d events%n", events);
        this.warmUp = MadeBacklog.of(WARM_UP, "warm-up");
        this.backlog = MadeBacklog.of(events, "drain");
    }

    void run(int rounds, boolean full) throws SQLException {
        for (int round = 1; round <= rounds; round++) {
            System.out.println("drain, round " + round);
            double seconds = onEmpty();
            if (full) {
                double onFull = onFull();
                report.compare(FULL_PART, "time against an empty database", "s", onFull, seconds, "at most 1.3");
            }
        }
    }

    /// In seconds.
    private double onEmpty() throws SQLException {
        try (OwnStack stack = OwnStack.startForLoad()) {
            stack.createRawTopic(ReceiverTopics.PARTITIONS);
            try (PackagedService service = BenchService.service(stack, "projection,relay,api", Map.of())) {
                double seconds = drain(PART, stack);
                int size = backlog.records().size();
                double limit = RowWriter.of(stack.database()).rowsOfEventsPerSecond(size + warmUp.records().size());
                report.compare(PART, "events against their rows written in a loop", "1/s", size / seconds, limit,
                        "at least 0.35");
                report.resident(PART, "after the drain, without ingress", BenchService.residentMegabytes(service),
                        "at most 420");
                return seconds;
            }
        }
    }

    private double onFull() throws SQLException {
        try (OwnStack stack = OwnStack.startForLoad()) {
            stack.createRawTopic(ReceiverTopics.PARTITIONS);
            try (PackagedService service = BenchService.service(stack, "projection,relay,api", Map.of())) {
                StoredEvents.fill(stack.database(), stored);
                double seconds = drain(FULL_PART, stack);
                report.resident(FULL_PART, "after the drain on a full database",
                        BenchService.residentMegabytes(service), "at most 420");
                return seconds;
            }
        }
    }

    private double drain(String part, OwnStack stack) throws SQLException {
        Database database = stack.database();
        EndState endState = new EndState(database, stack.reader());
        try (RawTopicWriter writer = stack.writer()) {
            writer.write(warmUp.records());
            endState.awaitDrained(PATIENCE);
            double seconds = seconds(stack, writer, backlog.records());
            check(part, endState, database);
            return seconds;
        }
    }

    /// The time until the last change of these events is published. They are written while the positions are locked, so
    /// that projection starts only when all are there.
    static double seconds(OwnStack stack, RawTopicWriter writer, List<ProducerRecord<String, byte[]>> records)
            throws SQLException {
        long began;
        try (Connection holding = stack.database().connect(); Statement statement = holding.createStatement()) {
            holding.setAutoCommit(false);
            statement.execute("LOCK TABLE positions IN ACCESS EXCLUSIVE MODE");
            writer.write(records);
            holding.rollback();
            began = System.nanoTime();
        }
        new EndState(stack.database(), stack.reader()).awaitDrained(PATIENCE);
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(Locale.ROOT, "  drained %d events in %.1f s%n", records.size(), seconds);
        return seconds;
    }

    private void check(String part, EndState endState, Database database) {
        StoredEvents.setAside(database);
        List<MadeBacklog> all = List.of(warmUp, backlog);
        report.check(part, () -> endState.everyEventIsInInboxOrParked(all).everyChangeWasPublishedOnceInOrder()
                .stateMatchesTheRules(all));
    }
}
