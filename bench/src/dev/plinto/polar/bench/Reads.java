package dev.plinto.polar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.TokenIssuer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Part e: reads of entitlements over HTTP with a token, against a bare client's reads of the same rows. One row; and
/// five hundred in turn, because reads of one row share more work.
final class Reads {

    private static final String PART = "e reads";
    private static final int SECONDS = 8;
    private static final int WARM_UP = 400_000;
    private static final int MANY = 500;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Report report;
    private final Path requests;

    Reads(Report report) throws IOException {
        this.report = report;
        this.requests = Files.createTempFile("plinto-bench", ".requests");
    }

    void run(int rounds) throws IOException, InterruptedException {
        try (TokenIssuer issuer = new TokenIssuer();
                OwnStack stack = OwnStack.start();
                PackagedService service = BenchService.service(stack, "projection,relay,api", issuer.environment());
                RawTopicWriter writer = stack.writer();
                BareReads bare = new BareReads(stack.database())) {
            MadeBacklog backlog = MadeBacklog.of(10_000, "reads");
            writer.write(backlog.records());
            new EndState(stack.database(), stack.reader()).awaitDrained(Duration.ofMinutes(2));
            List<String> accounts = stack.database().column("""
                    SELECT account FROM accounts WHERE NOT starts_with(account, 'customer:') AND published IS NOT NULL
                    ORDER BY length(published::text) DESC LIMIT %d
                    """.formatted(MANY));
            String token = issuer.service();
            report.check(PART, () -> accounts.forEach(account -> check(service, token, account, stack.database())));
            warmUp(service, token, accounts);
            for (int round = 1; round <= rounds; round++) {
                System.out.println("reads, round " + round);
                compare("GET entitlements of one account", "at least 0.6", service, token, accounts.subList(0, 1),
                        bare);
                compare("GET entitlements of %d accounts".formatted(MANY), "for information", service, token, accounts,
                        bare);
            }
            report.check(PART, () -> accounts.forEach(account -> check(service, token, account, stack.database())));
        } finally {
            Files.delete(requests);
        }
    }

    /// Runs until the code is compiled.
    private void warmUp(PackagedService service, String token, List<String> accounts) throws IOException {
        for (long read = 0; read < WARM_UP;) {
            read += load(service, token, accounts).requests();
        }
    }

    private void compare(String name, String wanted, PackagedService service, String token, List<String> accounts,
            BareReads bare) throws IOException, InterruptedException {
        Wrk.Load load = load(service, token, accounts);
        report.compare(PART, name, "1/s", load.perSecond(), bare.perSecond(accounts, Duration.ofSeconds(SECONDS)),
                wanted);
    }

    private Wrk.Load load(PackagedService service, String token, List<String> accounts) throws IOException {
        Files.write(requests, accounts.stream().map(account -> path(account) + " authorization: Bearer " + token)
                .toList());
        Wrk.Load load = Wrk.run(service.baseUrl(), SECONDS, "read.lua", requests.toString());
        report.check(PART, () -> assertThat(load.failed()).as("reads that have failed").isZero());
        return load;
    }

    private static String path(String account) {
        return "/api/v1/polar/entitlements?organization_id=" + account;
    }

    /// The answer equals the stored row.
    private static void check(PackagedService service, String token, String account, Database database) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.baseUrl() + path(account)))
                .header("authorization", "Bearer " + token).build();
        HttpResponse<String> answer = HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
        String stored = database.column("SELECT published FROM accounts WHERE account = ?", account).getFirst();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer.body())).as("the answer for %s", account).isEqualTo(json(stored));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException none) {
            throw new AssertionError("no JSON: " + text, none);
        }
    }
}
