package dev.plinto.polar.faults;

import dev.plinto.polar.sandbox.broker.EmbeddedKafka;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.TcpProxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// A small production deployment: two replicas of all roles, a broker and a database, and a network between them that
/// may fail.
final class SmallDeployment implements AutoCloseable {

    static final int REPLICAS = 2;

    private final TcpProxy toKafka;
    private final TcpProxy toPostgres;
    private final OwnStack stack;
    private final Map<String, String> environment;
    private final List<PackagedService> replicas = new CopyOnWriteArrayList<>();
    private final List<PackagedService> all = new ArrayList<>();

    SmallDeployment() {
        int detour = FreePort.any();
        toKafka = TcpProxy.to(detour);
        stack = OwnStack.start(new EmbeddedKafka.Detour(detour, toKafka.port()));
        stack.createRawTopic(6);
        toPostgres = TcpProxy.to(URI.create(stack.postgres().reactiveUrl()).getPort());
        environment = stack.environment();
        environment.put("POLAR_ROLES", "ingress,projection,relay,api");
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "localhost:" + toKafka.port());
        environment.put("QUARKUS_DATASOURCE_REACTIVE_URL",
                "postgresql://localhost:" + toPostgres.port() + "/" + EmbeddedPostgres.DATABASE);
        for (int i = 0; i < REPLICAS; i++) {
            replicas.add(launched(PackagedService.start(environment)));
        }
    }

    OwnStack stack() {
        return stack;
    }

    TcpProxy toKafka() {
        return toKafka;
    }

    TcpProxy toPostgres() {
        return toPostgres;
    }

    PackagedService replica(int number) {
        return replicas.get(number);
    }

    /// The endpoint for a delivery: the replicas by turns, alive or not.
    URI endpoint(int attempt) {
        return replicas.get(attempt % REPLICAS).webhooks();
    }

    /// Replaces an exited replica; returns at once, since broker or database may be down.
    void replace(int number) {
        replicas.set(number, launched(PackagedService.launch(environment)));
    }

    /// Replaces replicas that exited because they could not start, as an orchestrator does.
    void replaceExited() {
        for (int i = 0; i < REPLICAS; i++) {
            if (!replicas.get(i).isAlive()) {
                replace(i);
            }
        }
    }

    /// The output of all replicas, including replaced ones.
    String output() {
        return String.join("\n", all.stream().map(PackagedService::output).toList());
    }

    @Override
    public void close() {
        replicas.stream().filter(PackagedService::isAlive).forEach(PackagedService::close);
        toKafka.close();
        toPostgres.close();
        stack.close();
    }

    private PackagedService launched(PackagedService replica) {
        all.add(replica);
        return replica;
    }
}
