package dev.plinto.polar.sandbox.database;

import dev.plinto.polar.sandbox.process.ChildProcess;
import dev.plinto.polar.sandbox.process.DataDirectory;
import dev.plinto.polar.sandbox.process.EmbeddedServer;
import dev.plinto.polar.sandbox.process.SandboxFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A real PostgreSQL in child processes, durable as in production (`fsync` and `synchronous_commit` on). Its data
/// directory is reused at the next start.
public final class EmbeddedPostgres extends EmbeddedServer {

    public static final String USER = "plinto";
    public static final String PASSWORD = "plinto";
    public static final String DATABASE = "plinto_polar";

    private static final String NAME = "PostgreSQL";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    /// Runs the server and asks it to stop (SIGINT: roll back, disconnect, write a checkpoint) at the end of standard
    /// input; ends when the server ends. The server must not hold the pipe itself.
    private static final String UNTIL_END_OF_INPUT = """
            exec 3<&0
            "$@" </dev/null 3<&- & server=$!
            { read -r _ <&3; kill -INT $server; } & watch=$!
            wait $server; code=$?
            kill $watch 2>/dev/null
            exit $code
            """;

    private final Path directory;
    private final int port;

    private EmbeddedPostgres(Path directory, int port, ChildProcess child) {
        super(child);
        this.directory = directory;
        this.port = port;
    }

    /// Returns when the server accepts connections; the database exists and is empty at first.
    public static EmbeddedPostgres start(Path directory, int port) {
        Path data = directory.toAbsolutePath();
        try {
            Path programs = PostgresBinaries.unpackedUnder(DataDirectory.ofProject()).resolve("bin");
            if (!Files.isDirectory(data)) {
                PostgresDirectory.create(programs, data);
            }
            PostgresDirectory.endOrphan(data);
            ChildProcess child = ChildProcess.start(NAME, data, command(programs, data, port));
            child.awaitReady(() -> PostgresDirectory.isReady(data, child.process().toHandle()), START_TIMEOUT);
            return new EmbeddedPostgres(data, port, child);
        } catch (IOException failure) {
            throw new SandboxFailure("PostgreSQL's directory " + data + " is not usable: " + failure.getMessage(),
                    failure);
        }
    }

    public static EmbeddedPostgres adopt(Path directory, int port, Process process) {
        return new EmbeddedPostgres(directory, port, ChildProcess.adopt(NAME, directory, process));
    }

    /// After [#kill()] or [#close()]: the same database on the same port.
    public EmbeddedPostgres restart() {
        return start(directory, port);
    }

    private static List<String> command(Path programs, Path data, int port) {
        var command = new ArrayList<>(List.of("sh", "-c", UNTIL_END_OF_INPUT, "sh"));
        command.addAll(PostgresDirectory.asOrdinaryUser());
        command.addAll(List.of(programs.resolve("postgres").toString(), "-D", data.toString(),
                "-p", Integer.toString(port),
                "-c", "listen_addresses=localhost",
                "-c", "unix_socket_directories=", // nothing in /tmp that an unclean end would leave behind
                "-c", "max_connections=200",
                "-c", "fsync=on",
                "-c", "synchronous_commit=on",
                "-c", "timezone=UTC"));
        return command;
    }

    /// For Quarkus' reactive client.
    public String reactiveUrl() {
        return "postgresql://localhost:" + port + "/" + DATABASE;
    }

    public String jdbcUrl() {
        return "jdbc:" + reactiveUrl();
    }

    public int port() {
        return port;
    }
}
