package dev.plinto.polar.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The load generator `wrk`, on 64 connections.
final class Wrk {

    static final int CONNECTIONS = 64;

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /// @param p50Micros latency, as p99Micros
    record Load(long requests, double seconds, long p50Micros, long p99Micros, long failed) {

        double perSecond() {
            return requests / seconds;
        }
    }

    static Load run(String url, int seconds, String script, String... arguments) {
        return run(TIMEOUT, url, seconds, script, arguments);
    }

    /// @param timeout an answer that takes longer has failed
    static Load run(Duration timeout, String url, int seconds, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s",
                "--timeout", timeout.toSeconds() + "s", "--latency", "-s", Path.of("bench", "wrk", script).toString(),
                url, "--"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String result = output.lines().filter(line -> line.startsWith("RESULT ")).findFirst()
                    .orElseThrow(() -> new IllegalStateException("wrk has failed: " + output));
            String[] figures = result.split(" ");
            return new Load(Long.parseLong(figures[1]), Long.parseLong(figures[2]) / 1e6, Long.parseLong(figures[3]),
                    Long.parseLong(figures[4]), Long.parseLong(figures[5]));
        } catch (IOException failure) {
            throw new UncheckedIOException("wrk does not start: install the Debian package wrk", failure);
        }
    }

    private Wrk() {}
}
