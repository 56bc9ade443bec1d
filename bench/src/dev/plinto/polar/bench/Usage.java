package dev.plinto.polar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.TokenIssuer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Part j: metered events that are taken each second, in lists and one by one, against an intake of Fastify that
/// inserts each by itself; and in lists against their rows alone.
final class Usage {

    private static final String PART = "j usage";
    private static final int SECONDS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10); // of wrk, on a busy machine
    private static final int WARM_UP = 100_000;
    private static final int MOST_WARM_UPS = 8;
    private static final String CLIENT = "bench";
    private static final String THEIRS = "fastify_events";

    private final Report report;

    Usage(Report report) {
        this.report = report;
    }

    void run(int rounds) {
        try (TokenIssuer issuer = new TokenIssuer();
                OwnStack stack = OwnStack.start();
                PackagedService service = BenchService.service(stack, "usage", settings(issuer))) {
            Database database = stack.database();
            database.execute("CREATE TABLE %s (LIKE usage_events INCLUDING ALL)".formatted(THEIRS));
            try (Peer fastify = Peer.usage(issuer.keysAddress(), TokenIssuer.ISSUER, TokenIssuer.AUDIENCE,
                    address(stack), THEIRS);
                    UsageRows rows = new UsageRows(database)) {
                run(rounds, new Intakes(database, service.baseUrl() + "/api/v1/polar/usage", fastify.url(), rows,
                        issuer.producer(CLIENT)));
            }
            report.resident(PART, "after load, usage alone", BenchService.residentMegabytes(service), "");
        }
        new UsageAmongOthers(report, PART).run();
    }

    private static Map<String, String> settings(TokenIssuer issuer) {
        Map<String, String> settings = new HashMap<>(issuer.environment());
        settings.put("PLINTO_SERVICE_CLIENTS", CLIENT);
        return settings;
    }

    private static String address(OwnStack stack) {
        return stack.postgres().reactiveUrl().replaceFirst("//",
                "//%s:%s@".formatted(EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD));
    }

    private record Intakes(Database database, String ours, String theirs, UsageRows rows, String token) {}

    private void run(int rounds, Intakes of) {
        System.out.println("usage: warming up");
        long taken = 0;
        for (int i = 0; i < MOST_WARM_UPS && taken < WARM_UP; i++) {
            taken += send(of, of.ours, start(of, "warm-up")).requests();
        }
        single(of, of.theirs);
        lists(of, of.ours);
        lists(of, of.theirs + "/each");
        lists(of, of.theirs + "/transaction");
        rows(of);
        String lists = "in lists of %,d, ".formatted(UsageLists.SIZE);
        for (int round = 1; round <= rounds; round++) {
            System.out.println("usage, round " + round);
            double ours = lists(of, of.ours);
            report.compare(PART, lists + "against Fastify, each committed", "1/s", ours,
                    lists(of, of.theirs + "/each"), "at least 4");
            report.compare(PART, lists + "against Fastify, a transaction for each list", "1/s", ours,
                    lists(of, of.theirs + "/transaction"), "for information");
            report.compare(PART, lists + "against their rows alone", "1/s", ours, rows(of), "at least 0.5");
            report.compare(PART, "one by one, against Fastify", "1/s", single(of, of.ours), single(of, of.theirs),
                    "at least 3");
        }
    }

    private double lists(Intakes of, String url) {
        MadeUsage events = start(of, "list");
        UsageLists load = UsageLists.send(url, events, of.token, Duration.ofSeconds(SECONDS));
        report.check(PART, () -> {
            assertThat(load.failed()).as("lists that %s did not take", url).isZero();
            check(of, url, events, load.accepted(), load.accepted());
        });
        return load.perSecond();
    }

    private double single(Intakes of, String url) {
        MadeUsage events = start(of, "single");
        Wrk.Load load = send(of, url, events);
        report.check(PART, () -> {
            assertThat(load.failed()).as("events that %s did not take", url).isZero();
            long sent = load.requests() + Wrk.CONNECTIONS + 1; // wrk makes one before, which it does not send
            check(of, url, events, load.requests(), sent);
        });
        return load.perSecond();
    }

    private static Wrk.Load send(Intakes of, String url, MadeUsage events) {
        return Wrk.run(PATIENCE, url, SECONDS, "usage.lua", events.prefix(),
                Integer.toString(MadeUsage.ORGANIZATIONS), events.time(), of.token);
    }

    private double rows(Intakes of) {
        MadeUsage events = start(of, "row");
        UsageRows.Written written = of.rows.write(events, Duration.ofSeconds(SECONDS));
        report.check(PART, () -> check(of, of.ours, events, written.events(), written.events()));
        return written.perSecond();
    }

    /// Every load begins with empty tables, after a checkpoint.
    private static MadeUsage start(Intakes of, String prefix) {
        of.database.execute("TRUNCATE usage_keys, usage_events, " + THEIRS);
        of.database.execute("CHECKPOINT");
        return MadeUsage.of(prefix);
    }

    private static void check(Intakes of, String url, MadeUsage events, long accepted, long sent) {
        if (url.equals(of.ours)) {
            events.check(of.database, "usage_events", accepted, sent);
            MadeUsage.checkKeys(of.database);
        } else {
            events.check(of.database, THEIRS, accepted, sent);
        }
    }
}
