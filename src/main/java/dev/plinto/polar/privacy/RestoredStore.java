package dev.plinto.polar.privacy;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What a restored database knows of told erasures, in one transaction.
final class RestoredStore {

    private static final String TOLD = """
            WITH told AS (
              SELECT decode(organization, 'hex') AS hash, coalesce(erased_until, 'infinity') AS erased_until,
                     last_version, erased_until IS NOT NULL AS is_complete
              FROM unnest($1::text[], $2::timestamptz[], $3::bigint[])
                AS told (organization, erased_until, last_version)
            )
            """;
    /// Of an organization whose erasure is known, all that is held was said after it.
    private static final String UNTOLD_HELD = TOLD + """
            SELECT DISTINCT held.id, told.is_complete
            FROM (SELECT account AS id FROM accounts
                  UNION SELECT external_id FROM customers WHERE external_id IS NOT NULL
                  UNION SELECT organization_id FROM orders WHERE organization_id IS NOT NULL
                  UNION SELECT organization_id FROM checkouts WHERE organization_id IS NOT NULL
                  UNION SELECT organization FROM customer_requests
                  UNION SELECT organization FROM idempotent_requests
                  UNION SELECT organization FROM provider_overrides
                  UNION SELECT organization FROM usage_events
                  UNION SELECT organization FROM audit_personal WHERE organization IS NOT NULL) AS held
              JOIN told ON told.hash = erasure_hash(held.id)
            WHERE NOT EXISTS (SELECT FROM erased_ids WHERE kind = 'organization' AND erased_ids.hash = told.hash
                              AND erased_ids.erased_until >= told.erased_until)
            ORDER BY 1
            """;
    private static final String BURY_ORGANIZATIONS = TOLD + """
            INSERT INTO erased_ids (kind, hash, erased_until, last_version)
            SELECT 'organization', hash, erased_until, last_version FROM told
            ON CONFLICT (kind, hash) DO UPDATE
            SET erased_until = greatest(erased_ids.erased_until, excluded.erased_until),
                last_version = greatest(erased_ids.last_version, excluded.last_version)
            """;
    private static final String BURY_CUSTOMERS = """
            INSERT INTO erased_ids (kind, hash, erased_until, organization)
            SELECT 'customer', decode(customer, 'hex'), 'infinity', decode(organization, 'hex')
            FROM unnest($1::text[], $2::text[]) AS told (customer, organization)
            ON CONFLICT DO NOTHING
            """;
    private static final String RAISE_VERSIONS = """
            UPDATE accounts SET version = last_version
            FROM erased_ids
            WHERE kind = 'organization' AND hash = erasure_hash(account) AND version < last_version
            """;
    private static final String BURIED = """
            SELECT id, EXISTS (SELECT FROM erased_ids WHERE kind = 'customer' AND hash = erasure_hash(id))
            FROM unnest($1::text[]) AS id ORDER BY id
            """;

    private final SqlConnection connection;
    private final List<ToldErasure> told;

    RestoredStore(SqlConnection connection, List<ToldErasure> told) {
        this.connection = connection;
        this.told = told;
    }

    /// An organization that the database holds something of, and does not know as erased until then.
    ///
    /// @param isComplete whether its erasure was told as complete
    record Held(String id, boolean isComplete) {}

    List<Held> untoldHeld() {
        return list(UNTOLD_HELD, organizations()).map(row -> new Held(row.getString(0), row.getBoolean(1))).toList();
    }

    void bury() {
        rows("SELECT pg_advisory_xact_lock(" + Tombstones.LOCK + ")", Tuple.tuple());
        rows(BURY_ORGANIZATIONS, organizations());
        List<String> customers = new ArrayList<>();
        List<String> owners = new ArrayList<>();
        told.forEach(erasure -> erasure.customers().forEach(customer -> {
            customers.add(customer);
            owners.add(erasure.organization());
        }));
        rows(BURY_CUSTOMERS, Tuple.tuple().addArrayOfString(customers.toArray(String[]::new))
                .addArrayOfString(owners.toArray(String[]::new)));
    }

    /// How many were lower.
    long raiseVersions() {
        return rows(RAISE_VERSIONS, Tuple.tuple()).rowCount();
    }

    /// Only the customers that were erased count as the organization's alone: by another one others bought too when it
    /// was erased, or it is a newer one.
    DataSubject buried(DataSubject subject) {
        List<String> erased = new ArrayList<>();
        List<String> others = new ArrayList<>(subject.sharedCustomers());
        list(BURIED, Tuple.tuple().addArrayOfString(subject.customers().toArray(String[]::new)))
                .forEach(row -> (row.getBoolean(1) ? erased : others).add(row.getString(0)));
        return new DataSubject(subject.organization(), erased, others);
    }

    private Tuple organizations() {
        return Tuple.tuple()
                .addArrayOfString(told.stream().map(ToldErasure::organization).toArray(String[]::new))
                .addArrayOfOffsetDateTime(told.stream().map(erasure -> Timestamps.ofInstant(erasure.erasedUntil()))
                        .toArray(OffsetDateTime[]::new))
                .addArrayOfLong(told.stream().map(ToldErasure::lastVersion).toArray(Long[]::new));
    }

    private Stream<Row> list(String sql, Tuple parameters) {
        return StreamSupport.stream(rows(sql, parameters).spliterator(), false);
    }

    private RowSet<Row> rows(String sql, Tuple parameters) {
        return await(connection.preparedQuery(sql).execute(parameters));
    }
}
