package dev.plinto.polar.bench;

import dev.plinto.polar.sandbox.process.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// One of the receivers in `bench/peers`, in a process of its own.
record Peer(Process process, String url, String topic) implements AutoCloseable {

    static Peer start(String check, String bootstrapServers, String topic) {
        int port = FreePort.any();
        try {
            Process process = new ProcessBuilder("node", Path.of("bench", "peers", "receiver.mjs").toString(), check,
                    Integer.toString(port), bootstrapServers, topic, SignedIds.SECRET)
                    .redirectErrorStream(true).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = output.readLine();
            if (!"ready".equals(line)) {
                throw new IllegalStateException("the peer " + check + " does not start: " + line);
            }
            return new Peer(process, "http://127.0.0.1:" + port + "/webhooks", topic);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
