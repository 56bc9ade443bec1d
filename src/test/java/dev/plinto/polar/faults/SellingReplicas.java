package dev.plinto.polar.faults;

import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.TcpProxy;
import dev.plinto.polar.testing.Trap;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// A replica that stays, and one that is killed and started again; proxies may stand between it, the database and
/// Polar.
final class SellingReplicas implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /// Of the requests, which go to the one that is killed.
    private static final double SHARE = 0.7;

    private final Map<String, String> environment;
    private final int database;
    private final int polar;
    private final PackagedService steady;
    private volatile PackagedService other;

    SellingReplicas(PolarOnStack stack) {
        this(stack, Map.of());
    }

    /// @param ofSteady what the replica that stays has beyond the environment of both
    SellingReplicas(PolarOnStack stack, Map<String, String> ofSteady) {
        polar = stack.server().apiUrl().getPort();
        database = stack.stack().postgres().port();
        environment = stack.environment();
        Map<String, String> steadyEnvironment = new HashMap<>(environment);
        steadyEnvironment.putAll(ofSteady);
        steady = PackagedService.start(steadyEnvironment);
        other = steady;
    }

    PackagedService steady() {
        return steady;
    }

    /// The one that is killed; without one, the steady one.
    PackagedService other() {
        return other;
    }

    PackagedService any() {
        return ThreadLocalRandom.current().nextDouble() < SHARE ? other : steady;
    }

    /// Starts the other one, and kills it at the moment, which the requests bring about.
    ///
    /// @param requests which are sent from then on
    void killAt(KillMoment moment, Runnable requests) {
        AtomicReference<PackagedService> victim = new AtomicReference<>();
        Trap trap = moment.trap(() -> victim.get().kill());
        try (TcpProxy toDatabase = TcpProxy.to(database); TcpProxy toPolar = TcpProxy.to(polar)) {
            switch (moment.server()) {
                case DATABASE -> toDatabase.set(trap);
                case POLAR -> toPolar.set(trap);
            }
            victim.set(PackagedService.start(behind(toDatabase, toPolar)));
            other = victim.get();
            requests.run();
            trap.sprung().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        } catch (CompletionException notReached) {
            throw new AssertionError(moment + " was not reached", notReached);
        } finally {
            other = steady;
            if (victim.get() != null) {
                victim.get().kill();
            }
        }
    }

    /// Starts the other one, and kills it some time after.
    void killAfter(Duration time, Runnable requests) {
        PackagedService victim = PackagedService.start(environment);
        other = victim;
        requests.run();
        LockSupport.parkNanos(time.toNanos());
        victim.kill();
        other = steady;
    }

    private Map<String, String> behind(TcpProxy toDatabase, TcpProxy toPolar) {
        Map<String, String> proxied = new HashMap<>(environment);
        proxied.compute("QUARKUS_DATASOURCE_REACTIVE_URL",
                (name, url) -> url.replace(":" + database, ":" + toDatabase.port()));
        proxied.compute("POLAR_API_URL", (name, url) -> url.replace(":" + polar, ":" + toPolar.port()));
        return proxied;
    }

    @Override
    public void close() {
        steady.close();
    }
}
