package dev.plinto.polar.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.Backlog;
import dev.plinto.polar.testing.Aftermath;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Part e: an organization's entitlements over HTTP, with a token, against the same row read by a bare client.
final class Reads {

    private static final String PART = "e reads";
    private static final int SECONDS = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Report report;

    Reads(Report report) {
        this.report = report;
    }

    void run(int rounds) throws IOException, InterruptedException {
        try (Issuer issuer = new Issuer(); OwnStack stack = OwnStack.start();
                PackagedService service = Machinery.service(stack, "projection,relay,api", issuer.environment());
                RawTopicWriter writer = stack.writer()) {
            Backlog backlog = Backlog.of(2_000, "reads");
            writer.write(backlog.records());
            new Aftermath(stack.database(), stack.reader()).awaitDrained(Duration.ofMinutes(2));
            String account = stack.database().column("""
                    SELECT account FROM accounts WHERE account NOT LIKE 'customer:%' AND published IS NOT NULL
                    ORDER BY length(published::text) DESC LIMIT 1
                    """).getFirst();
            String token = issuer.tokenFor(account);
            String url = service.baseUrl() + "/api/v1/polar/entitlements?organization_id=" + account;
            check(url, token, stack.database().column("SELECT published FROM accounts WHERE account = ?", account).getFirst());
            try (BareReads bare = new BareReads(stack.database(), account)) {
                Wrk.run(url, SECONDS, "read.lua", token);
                bare.perSecond(Duration.ofSeconds(SECONDS));
                for (int round = 1; round <= rounds; round++) {
                    System.out.println("reads, round " + round);
                    Wrk.Load load = Wrk.run(url, SECONDS, "read.lua", token);
                    if (load.failed() > 0) {
                        report.wrong(PART, load.failed() + " reads have failed");
                    }
                    report.compare(PART, "GET entitlements against the bare read", "1/s", load.perSecond(),
                            bare.perSecond(Duration.ofSeconds(SECONDS)), "at least 0.6");
                }
            }
        }
    }

    private void check(String url, String token, String published) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(url))
                .header("authorization", "Bearer " + token).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200 || !JSON.readTree(answer.body()).equals(JSON.readTree(published))) {
            report.wrong(PART, "the answer is not what is stored: " + answer.statusCode() + " " + answer.body());
        }
    }
}
