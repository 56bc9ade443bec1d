package dev.plinto.polar.sandbox.broker;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The class path of the broker's process, as JVM options: the jars of this JVM, and the broker's main class.
///
/// At its first clean stop the process can write an archive of the classes that it loaded (class-data sharing), which
/// halves the start time of the next ones; writing it takes longer than one start saves. The JVM requires every path on
/// the class path to be a jar, and the archive's class path to equal its own.
public final class KafkaClasses {

    private static final String MAIN = KafkaBroker.class.getName().replace('.', '/') + ".class";
    private static final LocalDateTime ALWAYS = LocalDateTime.of(2000, 1, 1, 0, 0);

    static List<String> options(Path directory) throws IOException {
        return List.of("-cp", classPath(directory), KafkaBroker.class.getName());
    }

    /// For a directory that is started on repeatedly, or whose archive several brokers share.
    static List<String> archivedOptions(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<String> options = new ArrayList<>(List.of(
                "-XX:SharedArchiveFile=" + archiveFor(classPath(directory), directory), "-XX:+AutoCreateSharedArchive",
                "-Xlog:disable", "-Xlog:all=error:stderr")); // no warning while there is no archive yet
        options.addAll(options(directory));
        return options;
    }

    private static String classPath(Path directory) throws IOException {
        return jarOfMain(directory.resolve("broker.jar")) + File.pathSeparator
                + String.join(File.pathSeparator, jars());
    }

    /// Another class path needs another archive; the JVM would neither use nor replace this one.
    private static Path archiveFor(String classPath, Path directory) throws IOException {
        Path archive = directory.resolve("classes-" + Integer.toHexString(classPath.hashCode()) + ".jsa");
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(directory, "classes-*.jsa")) {
            for (Path other : archives) {
                if (!other.equals(archive)) {
                    Files.delete(other);
                }
            }
        }
        return archive;
    }

    /// Written only when it changes, since the archive depends on the file's time, and never seen half written.
    private static Path jarOfMain(Path jar) throws IOException {
        byte[] content = jarOf(MAIN);
        if (!Files.exists(jar) || !Arrays.equals(Files.readAllBytes(jar), content)) {
            Path written = Files.write(Files.createTempFile(jar.getParent(), "broker-", ".jar"), content);
            Files.move(written, jar, StandardCopyOption.ATOMIC_MOVE);
        }
        return jar;
    }

    private static byte[] jarOf(String resource) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var jar = new ZipOutputStream(bytes);
                InputStream content = KafkaBroker.class.getClassLoader().getResourceAsStream(resource)) {
            var entry = new ZipEntry(resource);
            entry.setTimeLocal(ALWAYS);
            jar.putNextEntry(entry);
            content.transferTo(jar);
        }
        return bytes.toByteArray();
    }

    /// Under Quarkus' class loaders java.class.path is useless; the jars are found by their manifests.
    private static List<String> jars() throws IOException {
        return Collections.list(KafkaBroker.class.getClassLoader().getResources("META-INF/MANIFEST.MF")).stream()
                .map(KafkaClasses::open)
                .filter(JarURLConnection.class::isInstance)
                .map(connection -> path((JarURLConnection) connection))
                .filter(jar -> !jar.contains("surefirebooter")) // another in each JVM; it only leads to the others
                .sorted() // class loaders return them in varying order
                .toList();
    }

    private static URLConnection open(URL manifest) {
        try {
            return manifest.openConnection();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String path(JarURLConnection jar) {
        try {
            return Path.of(jar.getJarFileURL().toURI()).toString();
        } catch (URISyntaxException failure) {
            throw new IllegalStateException("not a file: " + jar.getJarFileURL(), failure);
        }
    }

    private KafkaClasses() {}
}
