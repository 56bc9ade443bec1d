package dev.plinto.polar.sandbox.database;

import dev.plinto.polar.sandbox.process.SandboxFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// PostgreSQL's data directory: its creation, and the state that its `postmaster.pid` records.
final class PostgresDirectory {

    private static final long CLEAN_STOP_SECONDS = 10;
    private static final int STATUS_LINE = 7;

    /// Atomic: an interrupted creation leaves no directory that the next start would take for a database.
    static void create(Path programs, Path data) throws IOException {
        Path partial = data.resolveSibling(data.getFileName() + ".partial");
        delete(partial);
        Files.createDirectories(data.getParent());
        Path password = Files.writeString(data.resolveSibling(data.getFileName() + ".password"),
                EmbeddedPostgres.PASSWORD);
        run("", programs.resolve("initdb").toString(), "-D", partial.toString(), "-U", EmbeddedPostgres.USER,
                "--pwfile", password.toString(), "--auth", "scram-sha-256",
                "--encoding", "UTF8", "--locale", "C", "--no-instructions");
        run("CREATE DATABASE " + EmbeddedPostgres.DATABASE + ";\n",
                programs.resolve("postgres").toString(), "--single", "-D", partial.toString(), "postgres");
        Files.delete(password);
        Files.move(partial, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /// PostgreSQL refuses to run as root; in a user namespace of its own, root is an ordinary user.
    static List<String> asOrdinaryUser() {
        return "root".equals(System.getProperty("user.name")) ? List.of("unshare", "-U") : List.of();
    }

    /// The server writes its status to `postmaster.pid`, for pg_ctl. A file left by an earlier server names another
    /// process.
    static boolean isReady(Path data, ProcessHandle child) {
        List<String> lines = postmaster(data);
        return lines.size() > STATUS_LINE
                && lines.get(STATUS_LINE).startsWith("ready")
                && child.descendants().anyMatch(each -> lines.getFirst().equals(Long.toString(each.pid())));
    }

    /// Stops a server whose parent process was killed; nothing else would stop it.
    static void endOrphan(Path data) {
        List<String> lines = postmaster(data);
        if (lines.isEmpty()) {
            return;
        }
        ProcessHandle.of(Long.parseLong(lines.getFirst()))
                .filter(server -> server.info().command().filter(name -> name.endsWith("/postgres")).isPresent())
                .ifPresent(server -> {
                    server.destroy();
                    server.onExit().completeOnTimeout(server, CLEAN_STOP_SECONDS, TimeUnit.SECONDS).join();
                    server.destroyForcibly();
                    server.onExit().join();
                });
    }

    private static List<String> postmaster(Path data) {
        try {
            return Files.readAllLines(data.resolve("postmaster.pid"));
        } catch (IOException absent) {
            return List.of();
        }
    }

    private static void run(String input, String... command) throws IOException {
        var whole = new ArrayList<>(asOrdinaryUser());
        whole.addAll(List.of(command));
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new SandboxFailure("""
                    PostgreSQL's database could not be created. %s printed:
                      | %s
                    What to do: fix the error above. As root it needs user namespaces (unshare -U); without them, run \
                    as an ordinary user.""".formatted(command[0], output.strip().replace("\n", "\n  | ")));
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private PostgresDirectory() {}
}
