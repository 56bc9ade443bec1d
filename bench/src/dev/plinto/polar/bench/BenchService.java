package dev.plinto.polar.bench;

import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;

/// The packaged service as started by the benchmark, and the operating system's figures about it.
final class BenchService {

    /// Options of the service; JAVA_MORE adds to them, for instance a profiler.
    static final String JAVA_OPTIONS = "-Xmx256m -XX:+UseG1GC " + System.getenv().getOrDefault("JAVA_MORE", "");

    static PackagedService service(OwnStack stack, String roles, Map<String, String> more) {
        Map<String, String> environment = environment(stack, roles);
        environment.putAll(more);
        return PackagedService.start(environment);
    }

    static Map<String, String> environment(OwnStack stack, String roles) {
        Map<String, String> environment = new HashMap<>(stack.environment());
        environment.put("POLAR_WEBHOOK_SECRET", SignedIds.SECRET);
        environment.put("POLAR_ROLES", roles);
        environment.put("JAVA_TOOL_OPTIONS", JAVA_OPTIONS);
        environment.put("MALLOC_ARENA_MAX", "2"); // as in the README
        return environment;
    }

    /// The line above the table: machine and versions, without which figures mean little.
    static String description() throws IOException, InterruptedException {
        String cpu = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: ", ""))
                .findFirst().orElse("unknown CPU");
        return "%s: %d cores, %s; JDK %s (%s), Kafka %s, PostgreSQL %s, Node %s".formatted(
                LocalDate.now(Clock.systemUTC()), Runtime.getRuntime().availableProcessors(), cpu,
                System.getProperty("java.version"), JAVA_OPTIONS.strip(), AppInfoParser.getVersion(),
                postgres(), node());
    }

    private static String postgres() {
        return System.getProperty("bench.postgres", "of unknown version");
    }

    private static String node() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("node", "--version").start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            process.waitFor();
            return version;
        } catch (IOException notInstalled) {
            return "none"; // only part a needs it
        }
    }

    static double residentMegabytes(PackagedService service) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(service.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst().orElseThrow();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static double megabytesOf(Path directory) {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum() / 1e6;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private BenchService() {}
}
