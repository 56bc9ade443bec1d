package dev.plinto.polar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.TokenIssuer;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What one organization's usage costs another: it sends all that it has in lists, as fast as they are taken, while
/// another one sends an event each second. Polar takes as many requests as in production.
final class UsageAmongOthers {

    private static final int EVENTS = Integer.parseInt(System.getenv().getOrDefault("USAGE", "1000000"));
    private static final int LIST = 1_000;
    private static final int CONNECTIONS = 8;
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    /// After the last list was taken: most of the events are still to be sent.
    private static final Duration AFTER = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    private static final String MANY = "the-many";
    private static final String FEW = "the-few";
    private static final String CLIENT = "bench";

    private final Report report;
    private final String part;

    UsageAmongOthers(Report report, String part) {
        this.report = report;
        this.part = part;
    }

    void run() {
        try (TokenIssuer issuer = new TokenIssuer();
                OwnStack stack = OwnStack.start();
                Provider provider = Provider.start();
                PackagedService service = BenchService.service(stack, "usage", settings(issuer, provider))) {
            Database database = stack.database();
            List.of(MANY, FEW).forEach(organization -> becomeCustomer(organization, provider, database));
            String url = service.baseUrl() + "/api/v1/polar/usage";
            String token = issuer.producer(CLIENT);
            System.out.println("usage of one organization beside another's");
            CompletableFuture<Void> many = CompletableFuture.runAsync(() -> sendMany(url, token),
                    task -> Thread.ofVirtual().start(task));
            List<CompletableFuture<Times>> few = new ArrayList<>();
            long until = Long.MAX_VALUE;
            for (long n = 0; System.nanoTime() < until; n++) {
                long number = n;
                few.add(CompletableFuture.supplyAsync(() -> sendOne(url, token, number, database),
                        task -> Thread.ofVirtual().start(task)));
                LockSupport.parkNanos(BETWEEN.toNanos());
                if (many.isDone() && until == Long.MAX_VALUE) {
                    many.join();
                    until = System.nanoTime() + AFTER.toNanos();
                }
            }
            List<Times> times = few.stream().map(CompletableFuture::join).toList();
            report.check(part, () -> check(database, few.size()));
            report.figure(part, "an event beside a million of another organization: taken after, at most", "ms",
                    times.stream().mapToDouble(Times::takenMillis).max().orElseThrow(), "at most 10,000");
            report.figure(part, "the same: at Polar after, at most", "ms",
                    times.stream().mapToDouble(Times::sentMillis).max().orElseThrow(), "at most 10,000");
        }
    }

    private record Times(double takenMillis, double sentMillis) {}

    private static Map<String, String> settings(TokenIssuer issuer, Provider provider) {
        Map<String, String> settings = new HashMap<>(issuer.environment());
        settings.put("PLINTO_SERVICE_CLIENTS", CLIENT);
        settings.put("POLAR_API_URL", provider.api());
        settings.put("POLAR_ACCESS_TOKEN", Provider.TOKEN);
        settings.put("POLAR_SANDBOX", "true");
        return settings;
    }

    /// Polar knows the customer, and so do we.
    private static void becomeCustomer(String organization, Provider provider, Database database) {
        JsonHttp.answer(JsonHttp.post(provider.api() + "/customers/",
                Map.of("email", organization + "@buyers.example", "external_id", organization),
                "authorization", "Bearer " + Provider.TOKEN));
        database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", provider.customer(organization),
                organization);
    }

    private static void sendMany(String url, String token) {
        AtomicLong next = new AtomicLong();
        List<Thread> connections = IntStream.range(0, CONNECTIONS).mapToObj(i -> Thread.ofVirtual().start(() -> {
            for (long first = next.getAndAdd(LIST); first < EVENTS; first = next.getAndAdd(LIST)) {
                JsonHttp.answer(JsonHttp.post(url, Map.of("events", events(first)), "authorization",
                        "Bearer " + token));
            }
        })).toList();
        for (Thread connection : connections) {
            try {
                connection.join();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }
    }

    private static List<Map<String, ?>> events(long first) {
        return LongStream.range(first, Math.min(EVENTS, first + LIST)).mapToObj(UsageAmongOthers::event)
                .collect(Collectors.toList());
    }

    private static Map<String, ?> event(long number) {
        return Map.of("organization_id", MANY, "event_name", "api_call", "idempotency_key", "call-" + number);
    }

    /// From before it is sent, until it is taken, and until Polar has it.
    private static Times sendOne(String url, String token, long number, Database database) {
        long began = System.nanoTime();
        String key = "call-" + number;
        HttpRequest request = JsonHttp.post(url, Map.of("organization_id", FEW, "event_name", "api_call",
                "idempotency_key", key), "authorization", "Bearer " + token);
        JsonHttp.answer(request);
        double taken = (System.nanoTime() - began) / 1e6;
        while (database.number("SELECT count(*) FROM usage_events WHERE organization = ? AND key = ?", FEW, key) > 0) {
            LockSupport.parkNanos(POLL.toNanos());
        }
        return new Times(taken, (System.nanoTime() - began) / 1e6);
    }

    private static void check(Database database, int few) {
        assertThat(database.number("SELECT sum(events) FROM usage_sent WHERE organization = ?", FEW))
                .as("events of the one that Polar took").isEqualTo(few);
        assertThat(database.number("SELECT count(*) FROM usage_keys WHERE organization = ?", MANY))
                .as("events of the other that were taken").isEqualTo(EVENTS);
        assertThat(database.number("""
                SELECT (SELECT count(*) FROM usage_events WHERE organization = ?)
                     + (SELECT sum(events) FROM usage_sent WHERE organization = ?)
                """, MANY, MANY)).as("events of the other that wait or were sent").isEqualTo(EVENTS);
    }
}
