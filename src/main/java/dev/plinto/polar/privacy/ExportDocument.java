package dev.plinto.polar.privacy;

import static dev.plinto.polar.postgres.Answers.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinto.polar.DataSubject;
import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything that is held on an organization, as one JSON document, room by room and table by table. It is written
/// while it is read, by a cursor, from one snapshot of the database: memory stays bounded whatever there is.
@ApplicationScoped
class ExportDocument {

    private static final int ROWS = 200;
    /// Of a table with bodies or JSON, of which a row can have more than a megabyte.
    private static final int LARGE_ROWS = 10;
    /// A document that a failure ends has no end, and of one that has not begun nothing is sent.
    private static final JsonFactory JSON = new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)
            .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);

    /// A receiver may be slow, so the transaction may be idle for longer than others.
    private static final String BEGIN = """
            SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
            SET LOCAL idle_in_transaction_session_timeout = '1min'
            """;
    /// Shorter than any `POLAR_DATABASE_SILENCE`, after which a connection is closed.
    private static final Duration ALIVE = Duration.ofSeconds(1);
    /// Ends with the transaction, however that ends.
    private static final String LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('export:' || $1, 0))";
    private static final Set<String> LARGE = Set.of("bytea", "json", "jsonb");
    private static final String TYPES = """
            SELECT table_name, column_name, data_type FROM information_schema.columns
            WHERE table_schema = current_schema()
            """;

    private final Pool pool;
    private final Vertx vertx;
    private final Rooms rooms;
    private final List<ProviderRecord> providers;
    private final InstantSource clock;

    ExportDocument(Pool pool, Vertx vertx, Rooms rooms, PolarRecord polar, ConektaRecord conekta,
            InstantSource clock) {
        this.pool = pool;
        this.vertx = vertx;
        this.rooms = rooms;
        this.providers = List.of(polar, conekta);
        this.clock = clock;
    }

    /// How much is written.
    static final class Progress {

        private long rows;

        long rows() {
            return rows;
        }
    }

    /// Only for threads that may block. Throws 409 `export-in-progress` while another one of the organization runs.
    /// A failure leaves the document without its end.
    void write(String organization, OutputStream out, Progress progress) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            writeHeld(organization, json, progress);
            json.writeObjectFieldStart("at_provider");
            for (ProviderRecord provider : providers) {
                provider.write(organization, json); // no transaction waits for it
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private void writeHeld(String organization, JsonGenerator json, Progress progress) throws IOException {
        SqlConnection connection = await(pool.getConnection());
        long alive = vertx.setPeriodic(ALIVE.toMillis(), timer -> connection.query("SELECT").execute());
        try {
            Transaction transaction = await(connection.begin());
            try {
                await(connection.query(BEGIN).execute());
                writeHeld(organization, connection, json, progress);
            } finally {
                await(transaction.rollback()); // it has only read
            }
        } finally {
            vertx.cancelTimer(alive);
            connection.close();
        }
    }

    private void writeHeld(String organization, SqlConnection connection, JsonGenerator json, Progress progress)
            throws IOException {
        if (!await(connection.preparedQuery(LOCK).execute(Tuple.of(organization))).iterator().next().getBoolean(0)) {
            throw inProgress();
        }
        DataSubject subject = await(Subjects.toExport(connection, organization));
        Map<String, Map<String, String>> types = types(connection);
        json.writeStartObject();
        json.writeStringField("organization_id", organization);
        json.writeStringField("exported_at", Rfc3339.format(clock.instant()));
        json.writeObjectFieldStart("held");
        for (HeldData room : rooms.all()) {
            json.writeObjectFieldStart(room.room());
            for (HeldTable table : room.tables()) {
                write(table, subject, types.getOrDefault(table.name(), Map.of()), connection, json, progress);
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void write(HeldTable table, DataSubject subject, Map<String, String> types,
            SqlConnection connection, JsonGenerator json, Progress progress) throws IOException {
        Optional<String> sql = new SubjectRows(table).exported(types);
        if (sql.isEmpty()) {
            return;
        }
        int part = table.exported().stream().map(types::get).anyMatch(LARGE::contains) ? LARGE_ROWS : ROWS;
        json.writeArrayFieldStart(table.name());
        PreparedStatement statement = await(connection.prepare(sql.get()));
        Cursor cursor = statement.cursor(SubjectRows.parameters(subject));
        do {
            for (Row row : await(cursor.read(part))) {
                ExportedRow.write(row, table.exported(), types, json);
                progress.rows++;
            }
        } while (cursor.hasMore());
        await(cursor.close());
        await(statement.close());
        json.writeEndArray();
    }

    private static Map<String, Map<String, String>> types(SqlConnection connection) {
        Map<String, Map<String, String>> types = new HashMap<>();
        for (Row row : await(connection.query(TYPES).execute())) {
            types.computeIfAbsent(row.getString(0), table -> new HashMap<>()).put(row.getString(1), row.getString(2));
        }
        return types;
    }

    private static RuntimeException inProgress() {
        Problem problem = new Problem("export-in-progress", 409, "The organization's data is being exported",
                "Wait until the other export has ended: one runs at a time.");
        return new WebApplicationException(problem.title(), problem.responseBuilder()
                .header(HttpHeaders.RETRY_AFTER, 10).build());
    }
}
