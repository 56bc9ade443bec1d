package dev.plinto.polar.bench;

import dev.plinto.polar.bench.BetterAuth.User;
import dev.plinto.polar.bench.Checkouts.Seller;
import dev.plinto.polar.bench.OurSeller.Organization;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.TokenIssuer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Part i: what a call of ours costs beside the provider's own, against Polar's plugin for better-auth at the same
/// simulated Polar; and how soon a buyer knows that it works.
final class Selling {

    static final String PART = "i selling";
    private static final int ORGANIZATIONS = 100; // each may make 20 calls to Polar a minute
    private static final int USERS = 50;
    private static final int CHECKOUTS = 200;
    private static final int PURCHASES = 50;
    private static final int WARM_UP = 6_000; // so that compiling is no part of what a checkout takes
    private static final int WARMING = 600;
    private static final int AT_ONCE = 8;
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final Report report;

    Selling(Report report) {
        this.report = report;
    }

    void run(int rounds) throws IOException {
        try (TokenIssuer issuer = new TokenIssuer();
                OwnStack stack = OwnStack.startForLoad();
                Provider provider = Provider.start();
                OurSeller ours = OurSeller.start(stack, issuer, provider);
                BetterAuth theirs = BetterAuth.start(stack, provider)) {
            List<Organization> organizations = IntStream.range(0, ORGANIZATIONS)
                    .mapToObj(i -> ours.organization("org-" + i)).toList();
            List<User> users = theirs.signUp(USERS);
            System.out.println("selling: warming up");
            provider.tellCheckouts(false);
            List<Organization> warming = IntStream.range(0, WARMING)
                    .mapToObj(i -> ours.organization("warming-" + i)).toList();
            load(WARM_UP, n -> ours.checkout(warming.get(n % WARMING)));
            load(ORGANIZATIONS, n -> ours.checkout(organizations.get(n)));
            load(WARM_UP, n -> theirs.checkout(users.get(n % USERS), provider.product()));
            provider.tellCheckouts(true);
            List<Organization> bought = buyers(ours, 0);
            Activations.run(stack, ours, bought);
            users.forEach(user -> theirs.buy(user, provider));
            StateReads reads = new StateReads(report, stack, ours, bought, theirs, users);
            reads.warmUp();
            List<String> customers = organizations.stream().map(one -> provider.customer(one.id())).toList();
            for (int round = 1; round <= rounds; round++) {
                System.out.println("selling, round " + round);
                provider.tellCheckouts(false);
                double idle = idleShare(ours.service().pid());
                double othersIdle = idleShare(ours.others().pid());
                double othersBefore = ProcessorTime.seconds(ours.others().pid());
                long began = System.nanoTime();
                Checkouts checkouts = Checkouts.run(CHECKOUTS,
                        new Seller(provider.process().pid(), n -> provider.checkout(customers.get(n % ORGANIZATIONS),
                                Map.of("organization_id", organizations.get(n % ORGANIZATIONS).id()))),
                        new Seller(ours.service().pid(), n -> ours.checkout(organizations.get(n % ORGANIZATIONS))),
                        new Seller(theirs.process().pid(),
                                n -> theirs.checkout(users.get(n % USERS), provider.product())),
                        idle);
                report.check(PART, () -> checkouts.check(provider, stack.database()));
                report(checkouts);
                double others = ProcessorTime.seconds(ours.others().pid()) - othersBefore
                        - othersIdle * (System.nanoTime() - began) / 1e9;
                report.figure(PART, "checkout: processor time of our other replica, which projects it", "ms",
                        others * 1e3 / CHECKOUTS, "for information");
                provider.tellCheckouts(true);
                List<Organization> buyers = buyers(ours, round);
                report.check(PART, () -> report(Activations.run(stack, ours, buyers)));
                reads.run();
            }
        }
    }

    private void report(Checkouts checkouts) {
        double provider = checkouts.provider().p50();
        report.compare(PART, "checkout: p50 over the provider's own, against better-auth", "ms",
                checkouts.ours().p50() - provider, checkouts.theirs().p50() - provider, "at most 1");
        report.compare(PART, "checkout: processor time of the process that is called, against better-auth", "ms",
                checkouts.ours().processorMillis(), checkouts.theirs().processorMillis(), "at most 1");
        report.figure(PART, "checkout: p50 of the provider's own", "ms", provider, "for information");
    }

    private void report(Activations activations) {
        report.compare(PART, "activation: p50, against freshness", "ms", p50(activations.activations()),
                p50(activations.freshness()), "at most 3");
    }

    static double p50(List<Double> millis) {
        return millis.stream().sorted().skip(millis.size() / 2).findFirst().orElseThrow();
    }

    private static List<Organization> buyers(OurSeller ours, int round) {
        return IntStream.range(0, PURCHASES).mapToObj(i -> ours.organization("buyer-" + round + "-" + i)).toList();
    }

    /// Several at once, until the code is compiled.
    private static void load(int count, IntFunction<HttpRequest> request) {
        Semaphore atOnce = new Semaphore(AT_ONCE);
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int n = 0; n < count; n++) {
                HttpRequest next = request.apply(n);
                atOnce.acquireUninterruptibly();
                answers.add(CompletableFuture.runAsync(() -> JsonHttp.answer(next), threads)
                        .whenComplete((answered, failure) -> atOnce.release()));
            }
        }
        answers.forEach(CompletableFuture::join); // fails if one has failed
    }

    /// The part of a core that a process uses when nobody calls it.
    private static double idleShare(long pid) {
        double before = ProcessorTime.seconds(pid);
        LockSupport.parkNanos(IDLE.toNanos());
        return (ProcessorTime.seconds(pid) - before) / IDLE.toSeconds();
    }
}
