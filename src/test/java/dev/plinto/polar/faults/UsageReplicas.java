package dev.plinto.polar.faults;

import dev.plinto.polar.testing.PackagedService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Two replicas, of which each is killed and replaced.
final class UsageReplicas implements AutoCloseable {

    private final Map<String, String> environment;
    private final List<PackagedService> running;
    private final List<PackagedService> all;

    UsageReplicas(PolarOnStack stack) {
        environment = stack.environment();
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
