package dev.plinto.polar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.LargeAccount;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.Replicas;
import dev.plinto.polar.testing.SignedDelivery;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Part h: an account with thousands of grants, which arrive in a burst among events of others, in two replicas. What
/// it costs the others, and what it writes; once with few benefits, as a team with seats has them, and once with a
/// benefit for each grant.
final class LargeAccounts {

    private static final int GRANTS = Integer.parseInt(System.getenv().getOrDefault("GRANTS", "3000"));
    private static final int OTHERS = Integer.parseInt(System.getenv().getOrDefault("OTHERS", "20000"));
    private static final int FEW_BENEFITS = 5;
    private static final int PER_SECOND = 200;
    private static final int SECONDS = 20;
    private static final int BURST_AFTER_SECONDS = 5;
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final double PER_THOUSAND = 1_000.0 / GRANTS;

    private final Report report;
    private final MadeBacklog warmUp = MadeBacklog.of(3 * OTHERS, "large-warm-up");
    private final MadeBacklog onlyOthers = MadeBacklog.of(OTHERS + GRANTS, "large-without");
    private final MadeBacklog others = MadeBacklog.of(OTHERS, "large-with");
    private final MadeBacklog steadyWarmUp = MadeBacklog.of(PER_SECOND * SECONDS, "steady-warm-up");
    private final MadeBacklog steadyAlone = MadeBacklog.of(PER_SECOND * SECONDS, "steady-without");
    private final MadeBacklog steady = MadeBacklog.of(PER_SECOND * SECONDS, "steady-with");

    LargeAccounts(Report report) {
        this.report = report;
    }

    void run(int rounds) throws SQLException, InterruptedException, IOException {
        for (int round = 1; round <= rounds; round++) {
            for (int benefits : List.of(FEW_BENEFITS, GRANTS)) {
                System.out.printf("large account of %d benefits, round %d%n", benefits, round);
                measure(benefits, round % 2 == 0);
            }
        }
    }

    /// @param largeFirst every other time, since the service is the warmer the longer it runs
    private void measure(int benefits, boolean largeFirst) throws SQLException, InterruptedException, IOException {
        String part = "h large account, %d benefits".formatted(benefits);
        try (OwnStack stack = OwnStack.startForLoad()) {
            stack.createRawTopic(ReceiverTopics.PARTITIONS);
            try (Replicas replicas = new Replicas(BenchService.environment(stack, "ingress,projection,relay,api"));
                    RawTopicWriter writer = stack.writer()) {
                replicas.ensure(2);
                URI endpoint = replicas.leader().webhooks();
                LargeAccount among = new LargeAccount("org-among-others", GRANTS, benefits);
                LargeAccount alone = new LargeAccount("org-alone", GRANTS, benefits);
                MadeBacklog first = MadeBacklog.grantsOf(new LargeAccount("org-warm-up", GRANTS, benefits));
                MadeBacklog burst = MadeBacklog.grantsOf(new LargeAccount("org-burst", GRANTS, benefits));
                MadeBacklog amongOthers = MadeBacklog.grantsOf(among);
                MadeBacklog byItself = MadeBacklog.grantsOf(alone);

                writer.write(inTheMiddle(warmUp, first));
                new EndState(stack.database(), stack.reader()).awaitDrained(PATIENCE);
                int accepted = steadily(stack, endpoint, steadyWarmUp).accepted();

                drains(part, stack, writer, inTheMiddle(others, amongOthers), largeFirst);
                messages(part, "among others", stack, among);
                accepted += freshness(part, stack, endpoint, burst, writer);
                byItself(part, stack, writer, byItself, alone);

                report.resident(part, "at most, two replicas, a large account of %d benefits".formatted(benefits),
                        Collections.max(replicas.peakMegabytes()), "at most 480");
                int acceptedInAll = accepted;
                report.check(part, () -> {
                    assertThat(replicas.peakMegabytes()).as("replicas that did not end").hasSize(2);
                    assertThat(acceptedInAll).as("accepted deliveries").isEqualTo(steadyWarmUp.records().size()
                            + steadyAlone.records().size() + steady.records().size());
                    check(stack, List.of(warmUp, first, onlyOthers, others, amongOthers, steadyWarmUp, steadyAlone,
                            steady, burst, byItself));
                });
            }
        }
    }

    private static List<ProducerRecord<String, byte[]>> inTheMiddle(MadeBacklog others, MadeBacklog large) {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>(others.records());
        records.addAll(records.size() / 2, large.records());
        return records;
    }

    private record Drained(double seconds, double megabytesOfLog) {}

    private void drains(String part, OwnStack stack, RawTopicWriter writer,
            List<ProducerRecord<String, byte[]>> withLarge, boolean largeFirst) throws SQLException {
        Drained with = largeFirst ? drain(stack, writer, withLarge) : null;
        Drained without = drain(stack, writer, onlyOthers.records());
        if (with == null) {
            with = drain(stack, writer, withLarge);
        }
        report.compare(part, "drain, against as many events of others", "s", with.seconds, without.seconds,
                "for information");
        report.compare(part, "write-ahead log of the drain", "MB", with.megabytesOfLog, without.megabytesOfLog,
                "for information");
    }

    /// Each after a checkpoint, since the log has each page in full when it first changes after one.
    private static Drained drain(OwnStack stack, RawTopicWriter writer, List<ProducerRecord<String, byte[]>> records)
            throws SQLException {
        stack.database().execute("CHECKPOINT");
        double before = megabytesOfLog(stack.database());
        double seconds = Drain.seconds(stack, writer, records);
        return new Drained(seconds, megabytesOfLog(stack.database()) - before);
    }

    /// How late others' changes are while the burst is worked off, against the same seconds without it.
    ///
    /// @return how many deliveries were accepted
    private int freshness(String part, OwnStack stack, URI endpoint, MadeBacklog burst, RawTopicWriter writer)
            throws InterruptedException, IOException {
        SteadyLoad without = steadily(stack, endpoint, steadyAlone);
        CompletableFuture<Double> written = CompletableFuture.supplyAsync(() -> {
            double now = System.currentTimeMillis();
            writer.write(burst.records());
            return now;
        }, CompletableFuture.delayedExecutor(BURST_AFTER_SECONDS, TimeUnit.SECONDS));
        SteadyLoad with = steadily(stack, endpoint, steady);
        double began = written.join();
        String account = burst.truth().keySet().iterator().next();
        double lasted = with.arrivals().stream().filter(arrival -> arrival.change().key().equals(account))
                .mapToDouble(SteadyLoad.Arrival::read).max().orElseThrow() - began;
        double beganWithout = Collections.min(without.due().values()) + began - Collections.min(with.due().values());
        List<Double> late = delays(stack, with, began, lasted);
        List<Double> usual = delays(stack, without, beganWithout, lasted);
        report.figure(part, "the burst is published after", "s", lasted / 1e3, "for information");
        report.compare(part, "p50 of others meanwhile, at 200 events/s", "s", quantile(late, 0.5),
                quantile(usual, 0.5), "for information");
        report.compare(part, "p99 of others meanwhile", "s", quantile(late, 0.99), quantile(usual, 0.99),
                "for information");
        report.compare(part, "the latest of others meanwhile", "s", late.getLast(), usual.getLast(), "at most 10 s");
        return without.accepted() + with.accepted();
    }

    private static SteadyLoad steadily(OwnStack stack, URI endpoint, MadeBacklog backlog)
            throws InterruptedException, IOException {
        List<SignedDelivery> deliveries = backlog.records().stream()
                .map(record -> SignedDelivery.of(
                        new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8),
                        record.value(), Clock.systemUTC().instant(),
                        SignedIds.SECRET.getBytes(StandardCharsets.UTF_8)))
                .toList();
        return SteadyLoad.run(stack, endpoint, deliveries, PER_SECOND, QUIET);
    }

    /// In seconds, sorted: of the deliveries that were due in this time.
    private static List<Double> delays(OwnStack stack, SteadyLoad load, double from, double lasted) {
        return load.delays(stack.database()).entrySet().stream()
                .filter(delay -> {
                    double due = load.due().get(delay.getKey());
                    return due >= from && due <= from + lasted;
                })
                .map(delay -> delay.getValue() / 1e3).sorted().toList();
    }

    private static double quantile(List<Double> sorted, double quantile) {
        return sorted.get((int) (sorted.size() * quantile));
    }

    /// What the account's events write when nothing else is written.
    private void byItself(String part, OwnStack stack, RawTopicWriter writer, MadeBacklog backlog,
            LargeAccount account) throws SQLException {
        Database database = stack.database();
        double history = megabytesOfHistory(database);
        Drained drained = drain(stack, writer, backlog.records());
        messages(part, "alone", stack, account);
        report.figure(part, "write-ahead log of 1,000 grants, alone", "MB", drained.megabytesOfLog * PER_THOUSAND,
                "at most 30");
        report.figure(part, "history and benefit_changes of 1,000 grants, alone", "MB",
                (megabytesOfHistory(database) - history) * PER_THOUSAND, "at most 5");
        report.figure(part, "rows in benefit_changes of 1,000 grants", "", database.number(
                "SELECT count(*) FROM benefit_changes WHERE account = ?", account.organization()) * PER_THOUSAND,
                "for information");
        report.figure(part, "rows in history of 1,000 grants", "", database.number(
                "SELECT count(*) FROM history WHERE account = ?", account.organization()) * PER_THOUSAND,
                "for information");
    }

    private void messages(String part, String how, OwnStack stack, LargeAccount account) {
        List<Integer> sizes = stack.reader().records("polar.entitlement.changed").stream()
                .filter(record -> record.key().equals(account.organization()))
                .map(record -> record.value().length).toList();
        report.figure(part, "messages of 1,000 grants, " + how, "MB",
                sizes.stream().mapToLong(Integer::longValue).sum() / 1e6 * PER_THOUSAND, "at most 20");
        report.figure(part, "number of messages of 1,000 grants, " + how, "", sizes.size() * PER_THOUSAND,
                "for information");
    }

    private static double megabytesOfLog(Database database) {
        return database.number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint") / 1e6;
    }

    private static double megabytesOfHistory(Database database) {
        return database.number("""
                SELECT sum(pg_total_relation_size(partition)) FROM (
                  SELECT partition FROM partitions_of('history')
                  UNION ALL SELECT partition FROM partitions_of('benefit_changes')) AS partitions
                """) / 1e6;
    }

    private static void check(OwnStack stack, List<MadeBacklog> all) {
        new EndState(stack.database(), stack.reader()).awaitDrained(PATIENCE).everyEventIsInInboxOrParked(all)
                .everyChangeWasPublishedOnceInOrder().stateMatchesTheRules(all);
    }
}
