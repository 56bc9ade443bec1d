package dev.plinto.polar.bench;

import dev.plinto.polar.sandbox.process.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One of the servers in `bench/peers`, in a process of its own.
record Peer(Process process, String url) implements AutoCloseable {

    /// A receiver of webhooks.
    static Peer receiver(String check, String bootstrapServers, String topic) {
        int port = FreePort.any();
        return start(port, "/webhooks", "receiver.mjs", check, Integer.toString(port), bootstrapServers, topic,
                SignedIds.SECRET);
    }

    /// An intake of metered events.
    ///
    /// @param keys     the address of the issuer's keys
    /// @param database its address, with user and password
    static Peer usage(String keys, String issuer, String audience, String database, String table) {
        int port = FreePort.any();
        return start(port, "/usage", "usage.mjs", Integer.toString(port), keys, issuer, audience, database, table);
    }

    private static Peer start(int port, String path, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("node", Path.of("bench", "peers", script).toString()));
        command.addAll(Arrays.asList(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = output.readLine();
            if (!"ready".equals(line)) {
                throw new IllegalStateException("the peer " + script + " does not start: " + line);
            }
            return new Peer(process, "http://127.0.0.1:" + port + path);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
