package dev.plinto.polar.privacy;

import static dev.plinto.polar.postgres.Answers.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinto.polar.DataSubject;
import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.logging.Log;
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
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Everything that is held on an organization, as one JSON document, room by room and table by table. It is written
/// while it is read, by a cursor, from one snapshot of the database: memory stays bounded whatever there is.
@ApplicationScoped
class ExportDocument {

    private static final int ROWS = 200;
    /// A document that a failure ends has no end, and of one that has not begun nothing is sent.
    private static final JsonFactory JSON = new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)
            .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);

    private static final String BEGIN = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    /// Ends with the transaction, however that ends.
    private static final String LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('export:' || $1, 0))";
    private static final String TYPES = """
            SELECT table_name, column_name, data_type FROM information_schema.columns
            WHERE table_schema = current_schema()
            """;

    private final Pool pool;
    private final Rooms rooms;
    private final ProviderRecord provider;
    private final InstantSource clock;

    ExportDocument(Pool pool, Rooms rooms, ProviderRecord provider, InstantSource clock) {
        this.pool = pool;
        this.rooms = rooms;
        this.provider = provider;
        this.clock = clock;
    }

    /// Only for threads that may block. Throws 409 `export-in-progress` while another one of the organization runs, and
    /// 503 `database-unavailable`; later failures leave the document without its end.
    ///
    /// @return how many rows it has
    long write(String organization, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            long rows = writeHeld(organization, json);
            json.writeFieldName("at_provider");
            provider.write(organization, json); // no transaction waits for it
            json.writeEndObject();
            return rows;
        } catch (RuntimeException failure) {
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            Log.warnf("An export has failed: %s", DatabaseAway.describe(failure));
            throw Problem.databaseUnavailable();
        }
    }

    private long writeHeld(String organization, JsonGenerator json) throws IOException {
        SqlConnection connection = await(pool.getConnection());
        try {
            Transaction transaction = await(connection.begin());
            try {
                await(connection.query(BEGIN).execute());
                return writeHeld(organization, connection, json);
            } finally {
                await(transaction.rollback()); // it has only read
            }
        } finally {
            connection.close();
        }
    }

    private long writeHeld(String organization, SqlConnection connection, JsonGenerator json) throws IOException {
        if (!await(connection.preparedQuery(LOCK).execute(Tuple.of(organization))).iterator().next().getBoolean(0)) {
            throw inProgress();
        }
        DataSubject subject = await(Subjects.find(connection, organization));
        Map<String, Map<String, String>> types = types(connection);
        long rows = 0;
        json.writeStartObject();
        json.writeStringField("organization_id", organization);
        json.writeStringField("exported_at", Rfc3339.format(clock.instant()));
        json.writeObjectFieldStart("held");
        for (HeldData room : rooms.all()) {
            json.writeObjectFieldStart(room.room());
            for (HeldTable table : room.tables()) {
                rows += write(table, subject, types.getOrDefault(table.name(), Map.of()), connection, json);
            }
            json.writeEndObject();
        }
        json.writeEndObject();
        return rows;
    }

    private static long write(HeldTable table, DataSubject subject, Map<String, String> types,
            SqlConnection connection, JsonGenerator json) throws IOException {
        Optional<String> sql = new SubjectRows(table).exported(types);
        if (sql.isEmpty()) {
            return 0;
        }
        json.writeArrayFieldStart(table.name());
        long rows = 0;
        PreparedStatement statement = await(connection.prepare(sql.get()));
        Cursor cursor = statement.cursor(SubjectRows.parameters(subject));
        do {
            for (Row row : await(cursor.read(ROWS))) {
                ExportedRow.write(row, table.exported(), types, json);
                rows++;
            }
        } while (cursor.hasMore());
        await(cursor.close());
        await(statement.close());
        json.writeEndArray();
        return rows;
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
