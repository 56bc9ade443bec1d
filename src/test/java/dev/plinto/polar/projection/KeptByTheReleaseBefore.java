package dev.plinto.polar.projection;

import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.testing.Database;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.PGConnection;

/// A database with the schema of the release before, in which the rows of another one are, with the columns that the
/// release before had.
final class KeptByTheReleaseBefore implements AutoCloseable {

    private static final String VERSION = "18";
    private static final List<String> TABLES = List.of("customers", "subscriptions", "orders", "grants", "products",
            "benefits", "accounts", "inbox", "payloads", "parked");

    final Database database;
    final Pool pool;
    private final Database complete;

    /// @param complete what this release has made of the same events
    KeptByTheReleaseBefore(EmbeddedPostgres postgres, String name, Database complete) {
        this.complete = complete;
        Database.of(postgres).execute("CREATE DATABASE " + name);
        database = of(postgres, name);
        pool = pool(postgres, name);
        flyway().target(VERSION).load().migrate();
        TABLES.forEach(table -> copy(table, columns(table), table));
    }

    static Database of(EmbeddedPostgres postgres, String name) {
        return new Database(postgres.jdbcUrl().replace(EmbeddedPostgres.DATABASE, name), EmbeddedPostgres.USER,
                EmbeddedPostgres.PASSWORD);
    }

    static Pool pool(EmbeddedPostgres postgres, String name) {
        return PgBuilder.pool().connectingTo("%s?user=%s&password=%s".formatted(
                postgres.reactiveUrl().replace(EmbeddedPostgres.DATABASE, name), EmbeddedPostgres.USER,
                EmbeddedPostgres.PASSWORD)).build();
    }

    /// Events of types in which it read nothing are ignored by it.
    void ignore(String types) {
        database.execute("UPDATE inbox SET outcome = 'ignored' WHERE type ~ ?", types);
    }

    void upgrade() {
        flyway().load().migrate();
    }

    /// As a replica of the release before writes an object that an event fully states: all columns that it knows.
    void overwrite(String table, List<String> knownColumns, String webhookId) {
        database.execute("CREATE TABLE copied AS SELECT " + String.join(", ", knownColumns) + " FROM " + table
                + " LIMIT 0");
        copy(table, knownColumns, "copied");
        database.execute("UPDATE %s SET (%s) = (SELECT %2$s FROM copied WHERE copied.id = %1$s.id)".formatted(table,
                String.join(", ", knownColumns)));
        database.execute("DROP TABLE copied");
        List<String> inbox = columns("inbox").stream().filter(column -> !column.equals("statements")).toList();
        copy("(SELECT * FROM inbox WHERE webhook_id = '" + webhookId + "') AS inbox", inbox, "inbox");
        copy("(SELECT * FROM payloads WHERE webhook_id = '" + webhookId + "') AS payloads", columns("payloads"),
                "payloads");
    }

    List<String> columns(String table) {
        return database.column("SELECT column_name FROM information_schema.columns WHERE table_name = ? "
                + "ORDER BY ordinal_position", table);
    }

    private FluentConfiguration flyway() {
        return Flyway.configure().dataSource(database.jdbcUrl(), database.user(), database.password());
    }

    private void copy(String from, List<String> columns, String to) {
        String names = String.join(", ", columns);
        try (Connection source = complete.connect(); Connection target = database.connect()) {
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            source.unwrap(PGConnection.class).getCopyAPI()
                    .copyOut("COPY (SELECT " + names + " FROM " + from + ") TO STDOUT", rows);
            target.unwrap(PGConnection.class).getCopyAPI()
                    .copyIn("COPY " + to + " (" + names + ") FROM STDIN",
                            new ByteArrayInputStream(rows.toByteArray()));
        } catch (SQLException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        pool.close().toCompletionStage().toCompletableFuture().join();
    }
}
