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
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// A database with the schema of a release before, in which the rows of another one are, with the columns that the
/// release before had.
final class KeptByTheReleaseBefore implements AutoCloseable {

    /// That knows what decides access only.
    static final String WITHOUT_READ_MODELS = "18";
    /// That does not know a customer's country, and numbers what it reads in an event.
    static final String WITHOUT_COUNTRY = "20";
    private static final String STATEMENTS = "statements";
    private static final List<String> TABLES = List.of("customers", "subscriptions", "orders", "grants", "products",
            "benefits", "accounts", "inbox", "payloads", "parked", "checkouts", "members", "seats", "meters",
            "customer_meters");

    final Database database;
    final Pool pool;
    private final Database complete;

    /// @param version  of its schema
    /// @param complete what this release has made of the same events
    KeptByTheReleaseBefore(EmbeddedPostgres postgres, String name, Database complete, String version) {
        this.complete = complete;
        Database.of(postgres).execute("CREATE DATABASE " + name);
        database = of(postgres, name);
        pool = pool(postgres, name);
        flyway().target(version).load().migrate();
        TABLES.stream().filter(table -> !columns(table).isEmpty()).forEach(table -> copy(table, columns(table), table));
        if (version.equals(WITHOUT_COUNTRY)) {
            database.execute("UPDATE inbox SET statements = 1");
        }
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
    ///
    /// @param statements which number it gives what it reads in the event; null if it knows no number
    void overwrite(String table, List<String> knownColumns, String webhookId, @Nullable Integer statements) {
        database.execute("CREATE TABLE copied AS SELECT " + String.join(", ", knownColumns) + " FROM " + table
                + " LIMIT 0");
        copy(table, knownColumns, "copied");
        database.execute("UPDATE %s SET (%s) = (SELECT %2$s FROM copied WHERE copied.id = %1$s.id)".formatted(table,
                String.join(", ", knownColumns)));
        database.execute("DROP TABLE copied");
        List<String> inbox = columns("inbox").stream().filter(column -> !column.equals(STATEMENTS)).toList();
        copy("(SELECT * FROM inbox WHERE webhook_id = '" + webhookId + "') AS inbox", inbox, "inbox");
        copy("(SELECT * FROM payloads WHERE webhook_id = '" + webhookId + "') AS payloads", columns("payloads"),
                "payloads");
        database.execute("UPDATE inbox SET statements = ? WHERE webhook_id = ?", statements, webhookId);
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
