package dev.plinto.polar.faults;

import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.TokenIssuer;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Two replicas, of which each is killed and replaced.
final class UsageReplicas implements AutoCloseable {

    static final String CLIENT = "the-producer";

    private final Map<String, String> environment = new HashMap<>();
    private final List<PackagedService> running;
    private final List<PackagedService> all;

    UsageReplicas(OwnStack stack, URI polar, TokenIssuer issuer) {
        environment.putAll(stack.environment());
        environment.putAll(issuer.environment());
        environment.put("PLINTO_SERVICE_CLIENTS", CLIENT);
        environment.put("POLAR_ACCESS_TOKEN", PolarServer.ACCESS_TOKEN);
        environment.put("POLAR_SANDBOX", "true");
        environment.put("POLAR_API_REQUESTS_PER_MINUTE", "100000");
        environment.put("POLAR_API_URL", polar.toString());
        running = new CopyOnWriteArrayList<>(
                IntStream.range(0, 2).mapToObj(i -> PackagedService.start(environment)).toList());
        all = new CopyOnWriteArrayList<>(running);
    }

    /// One of them; it may be dead.
    PackagedService any() {
        return running.get(ThreadLocalRandom.current().nextInt(running.size()));
    }

    void killAndReplace(int number) {
        running.get(number).kill();
        PackagedService next = PackagedService.start(environment);
        running.set(number, next);
        all.add(next);
    }

    /// Of all of them, also of those that were killed.
    String output() {
        return all.stream().map(PackagedService::output).collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        running.forEach(PackagedService::close);
    }
}
