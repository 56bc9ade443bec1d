package dev.plinto.polar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.bench.BetterAuth.User;
import dev.plinto.polar.bench.OurSeller.Organization;
import dev.plinto.polar.testing.OwnStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What may a buyer use? Asked of our service, and of better-auth, which asks Polar; each by buyers of the same product
/// with tokens or sessions of their own, on 64 connections.
record StateReads(Report report, OwnStack stack, OurSeller ours, List<Organization> organizations, BetterAuth theirs,
        List<User> users) {

    private static final int SECONDS = 8;
    /// better-auth is slow when it is asked 64 times at once: that is compared, and no failure.
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int WARM_UP_ROUNDS = 2;

    void warmUp() throws IOException {
        report.check(Selling.PART, this::check);
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            load(ours.service().baseUrl(), ourRequests());
            load(theirs.url(), theirRequests());
        }
    }

    void run() throws IOException {
        report.compare(Selling.PART, "GET entitlements, against better-auth's customer.state", "1/s",
                load(ours.service().baseUrl(), ourRequests()), load(theirs.url(), theirRequests()), "at least 10");
        report.check(Selling.PART, this::check);
    }

    /// Ours equals what was published last, theirs has the benefits too.
    private void check() {
        organizations.forEach(organization -> {
            String stored = stack.database().column("SELECT published FROM accounts WHERE account = ?",
                    organization.id()).getFirst();
            assertThat(ours.get(OurSeller.entitlements(organization), organization)).as("what %s may use",
                    organization.id()).isEqualTo(JsonHttp.json(stored));
            assertThat(JsonHttp.json(stored).path("entitlements")).as("what %s bought", organization.id()).isNotEmpty();
        });
        users.forEach(user -> assertThat(theirs.state(user).path("grantedBenefits")).as("the state of %s", user.email())
                .isNotEmpty());
    }

    private double load(String url, List<String> requests) throws IOException {
        Path file = Files.createTempFile("plinto-bench", ".requests");
        try {
            Files.write(file, requests);
            Wrk.Load load = Wrk.run(PATIENCE, url, SECONDS, "read.lua", file.toString());
            report.check(Selling.PART,
                    () -> assertThat(load.failed()).as("reads at %s that have failed", url).isZero());
            return load.perSecond();
        } finally {
            Files.delete(file);
        }
    }

    private List<String> ourRequests() {
        return organizations.stream().map(
                one -> OurSeller.entitlements(one) + " authorization: Bearer " + one.token()).toList();
    }

    private List<String> theirRequests() {
        return users.stream().map(user -> BetterAuth.STATE + " cookie: " + user.cookie()).toList();
    }
}
