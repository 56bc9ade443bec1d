package dev.plinto.polar.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Main;
import dev.plinto.polar.sandbox.polar.EveryEventType;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// The packaged service with an AOT cache (JEP 483, 514, 515): loaded and linked classes, and method profiles, from a
/// training run on a broker and a database of its own. The cache is valid only for the JVM that made it and the same
/// files of the artefact.
///
/// A JVM caches only what its own class loaders load, so the artefact is started by a jar that puts it on a plain class
/// path, instead of by `quarkus-run.jar`. `main` is a step of the image's build (`src/main/docker/Dockerfile.jvm`).
public record TrainedArtefact(Path java, Path directory) {

    /// The options with which the image starts, and therefore trains, the service.
    public static final String IMAGE_OPTIONS = "-XX:+UseG1GC";
    /// The number of customers in the image's training, each with all events.
    public static final int LIVES = 12;

    /// On a busy machine; it is some 130 MB.
    private static final Duration TO_WRITE_THE_CACHE = Duration.ofMinutes(5);
    private static final int OLDEST_JAVA = 25; // with JEP 514 and 515
    private static final List<String> READS = List.of(
            "/api/v1/polar/entitlements?organization_id=org-everything",
            "/api/v1/polar/subscriptions?organization_id=org-everything",
            "/q/metrics");
    private static final String STARTER = "service.jar";
    private static final String CACHE = "service.aot";

    /// @param arguments the artefact's directory; the variable `TRAINED_JAVA` names the JVM
    public static void main(String... arguments) throws IOException, InterruptedException {
        try (OwnStack stack = OwnStack.start()) {
            TrainedArtefact artefact = new TrainedArtefact(Path.of(System.getenv("TRAINED_JAVA")),
                    Path.of(arguments[0]));
            artefact.train(stack, IMAGE_OPTIONS, LIVES);
            System.out.printf("Trained: %s, %d MB%n", artefact.cache(), Files.size(artefact.cache()) >> 20);
        }
        System.exit(0);
    }

    /// An untrained copy for the JVM that runs this.
    public static TrainedArtefact copyOf(Path packaged, Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(packaged)) {
            for (Path file : files.toList()) {
                Path copy = directory.resolve(packaged.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return new TrainedArtefact(ownJava(), directory.toAbsolutePath());
    }

    /// A copy trained with [OwnStack]'s options: by the first JVM that needs it, for all that test this package.
    static TrainedArtefact forTests(Path packaged) {
        try {
            return OneProcess.at("trained-for-tests", () -> {
                Path directory = Path.of("target", "trained-for-tests");
                Path trainedWith = directory.resolve("trained-with");
                String version = Runtime.version() + " "
                        + Files.getLastModifiedTime(packaged.resolve("quarkus-run.jar"));
                if (Files.exists(trainedWith) && Files.readString(trainedWith).equals(version)) {
                    return new TrainedArtefact(ownJava(), directory.toAbsolutePath());
                }
                Files.deleteIfExists(trainedWith);
                try (OwnStack stack = OwnStack.start()) {
                    TrainedArtefact artefact = copyOf(packaged, directory);
                    artefact.train(stack, OwnStack.JAVA_OPTIONS, 1);
                    Files.writeString(trainedWith, version);
                    stack.kafka().close(); // cleanly, so that it archives its classes for the brokers of other tests
                    return artefact;
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static Path ownJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /// Whether this test's JVM version supports it.
    static boolean isPossible() {
        return Runtime.version().feature() >= OLDEST_JAVA;
    }

    /// The image's start command.
    public List<String> command() {
        return command("-XX:AOTCache=" + cache());
    }

    private List<String> command(String cache) {
        return List.of(java.toString(), "-Xlog:aot=error,aot+codecache+stubs=error", cache,
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-jar", directory.resolve(STARTER).toString());
    }

    public Path cache() {
        return directory.resolve(CACHE);
    }

    /// Runs the service's work once, and lets its JVM write the cache.
    ///
    /// @param options of that JVM, separated by blanks: with others, the cache is of less use or none
    /// @param lives number of customers, each with all events; frequent work is recorded as worth compiling
    public void train(OwnStack stack, String options, int lives) throws IOException, InterruptedException {
        writeStarter(directory);
        try (TokenIssuer plinto = new TokenIssuer()) {
            Map<String, String> environment = new HashMap<>(stack.environment());
            environment.put("JAVA_TOOL_OPTIONS", options);
            environment.putAll(plinto.environment());
            // Later starts find schema and topics, so the training must, too.
            PackagedService.start(directory.resolve("quarkus-run.jar"), environment).close();
            PackagedService service = PackagedService.start(command("-XX:AOTCacheOutput=" + cache()), environment);
            for (int life = 1; life <= lives; life++) {
                for (WebhookEvent event : EveryEventType.events(life)) {
                    deliver(service, event);
                }
            }
            for (String path : READS) {
                assertThat(service.get(path, plinto.service()).statusCode()).as(path).isEqualTo(200);
            }
            new EndState(stack.database(), stack.reader()).awaitDrained(Duration.ofMinutes(1));
            service.terminate();
            service.exitCode(TO_WRITE_THE_CACHE);
        }
    }

    /// Writes a jar with only a manifest: the permissions of Quarkus' own jar, and a class path of the whole artefact
    /// in the order of Quarkus' loader.
    public static void writeStarter(Path directory) throws IOException {
        Manifest manifest;
        try (JarFile quarkus = new JarFile(directory.resolve("quarkus-run.jar").toFile())) {
            manifest = quarkus.getManifest();
        }
        List<String> jars = new ArrayList<>(
                List.of("quarkus/transformed-bytecode.jar", "quarkus/generated-bytecode.jar"));
        for (String part : List.of("app", "lib/boot", "lib/main")) {
            try (Stream<Path> files = Files.list(directory.resolve(part))) {
                files.map(file -> part + "/" + file.getFileName()).filter(file -> file.endsWith(".jar")).sorted()
                        .forEach(jars::add);
            }
        }
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", jars));
        new JarOutputStream(Files.newOutputStream(directory.resolve(STARTER)), manifest).close();
    }

    private static void deliver(PackagedService service, WebhookEvent event) {
        SignedDelivery delivery = SignedDelivery.of(event.webhookId(), event.body(), Instant.now(),
                OwnStack.SECRET.getBytes(StandardCharsets.UTF_8));
        assertThat(delivery.send(service.webhooks()).statusCode()).isEqualTo(202);
    }
}
