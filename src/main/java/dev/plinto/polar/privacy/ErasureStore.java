package dev.plinto.polar.privacy;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.HeldTable;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.Topics;
import dev.plinto.polar.polar.api.PolarCustomer;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The tables of erasures, their steps and the tombstones, in one transaction.
final class ErasureStore {

    private static final String ERASURE = """
            SELECT id, organization, keep_at_provider, requested_at, completed_at, trouble FROM erasures""";
    private static final String STEPS = """
            SELECT step, done_at, outcome FROM erasure_steps WHERE erasure = $1 ORDER BY position
            """;
    private static final String INSERT = """
            WITH added AS (
              INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider)
              VALUES (gen_random_uuid(), $1, $2, $3, $4) RETURNING id
            ), steps AS (
              INSERT INTO erasure_steps (erasure, position, step)
              SELECT added.id, step.number, step.name
              FROM added, unnest($5::text[]) WITH ORDINALITY AS step (name, number)
            )
            SELECT id FROM added
            """;
    /// In the order of ids: whoever projects events of one of them has either stored what they say before, or asks
    /// after this is committed.
    private static final String LOCK_CUSTOMERS = """
            SELECT FROM customers WHERE id = ANY ($1) ORDER BY id || '' FOR UPDATE
            """;
    /// The version as the set was told last, so that it goes on to grow after a backup of before is restored.
    private static final String BURY = """
            INSERT INTO erased_ids (kind, hash, erased_until, last_version, organization)
            SELECT 'customer', erasure_hash(id), 'infinity'::timestamptz, NULL::bigint, erasure_hash($1)
            FROM unnest($2::text[]) AS id
            UNION ALL
            SELECT 'organization', erasure_hash($1), 'infinity',
                   coalesce((SELECT version FROM accounts WHERE account = $1), 0), NULL
            ON CONFLICT (kind, hash) DO UPDATE
            SET erased_until = excluded.erased_until,
                last_version = greatest(excluded.last_version, erased_ids.last_version)
            """;

    private static final String TAKE = """
            UPDATE erasures SET due_at = clock_timestamp() + $1::bigint * interval '1 ms', attempt = attempt + 1
            WHERE id = (SELECT id FROM erasures WHERE completed_at IS NULL AND due_at <= clock_timestamp()
                        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id, organization, customers, shared_customers, attempt, keep_at_provider, requested_at
            """;
    private static final String NEXT_STEP = """
            SELECT position, step, customers, shared_customers
            FROM erasure_steps JOIN erasures ON erasures.id = erasure
            WHERE erasure = $1 AND done_at IS NULL ORDER BY position LIMIT 1
            """;
    private static final String SORT_CUSTOMERS = """
            UPDATE erasures SET customers = $2, shared_customers = $3 WHERE id = $1
            """;
    private static final String DIG_OUT = """
            DELETE FROM erased_ids
            WHERE kind = 'customer' AND organization = erasure_hash($1)
              AND hash IN (SELECT erasure_hash(id) FROM unnest($2::text[]) AS id)
            """;
    private static final String STEP_DONE = """
            UPDATE erasure_steps SET done_at = clock_timestamp(), outcome = $3
            WHERE erasure = $1 AND position = $2 AND done_at IS NULL
            """;
    private static final String GOES_ON = """
            UPDATE erasures SET due_at = clock_timestamp() + $2::bigint * interval '1 ms', attempt = 1, trouble = NULL
            WHERE id = $1 AND completed_at IS NULL
            """;
    private static final String RENEW = """
            UPDATE erasures SET due_at = clock_timestamp() + $2::bigint * interval '1 ms'
            WHERE id = $1 AND completed_at IS NULL AND due_at > clock_timestamp()
            """;
    private static final String RETRY = """
            UPDATE erasures SET due_at = clock_timestamp() + $2::bigint * interval '1 ms', trouble = $3
            WHERE id = $1 AND completed_at IS NULL
            """;
    /// What is said from now on is said by an organization that has come back.
    private static final String COMPLETE = """
            WITH completed AS (
              UPDATE erasures SET completed_at = clock_timestamp(), trouble = NULL
              WHERE id = $1 AND completed_at IS NULL RETURNING organization
            )
            UPDATE erased_ids SET erased_until = clock_timestamp()
            FROM completed WHERE kind = 'organization' AND hash = erasure_hash(completed.organization)
              AND erased_until = 'infinity' -- it is told already otherwise
            """;

    private final SqlConnection connection;

    ErasureStore(SqlConnection connection) {
        this.connection = connection;
    }

    static <T> T inOne(Pool pool, Function<ErasureStore, T> work) {
        return inTransaction(pool, connection -> work.apply(new ErasureStore(connection)));
    }

    static <T> T inTransaction(Pool pool, Function<SqlConnection, T> work) {
        SqlConnection connection = await(pool.getConnection());
        try {
            Transaction transaction = await(connection.begin());
            boolean isDone = false;
            try {
                T result = work.apply(connection);
                isDone = true;
                return result;
            } finally {
                await(isDone ? transaction.commit() : transaction.rollback());
            }
        } finally {
            connection.close();
        }
    }

    /// One request of an organization at a time.
    void lock(String organization) {
        rows("SELECT pg_advisory_xact_lock(hashtextextended('erasure:' || $1, 0))", Tuple.of(organization));
    }

    DataSubject subject(String organization) {
        return await(Subjects.toErase(connection, organization));
    }

    List<String> liveSubscriptions(String organization) {
        return list("SELECT id FROM live_subscriptions WHERE account = $1 ORDER BY id", Tuple.of(organization))
                .map(row -> row.getString(0)).toList();
    }

    /// Sorts the customers anew: those by which another organization has begun to buy meanwhile are shared, and keep
    /// their data.
    ///
    /// @param added was not known here when the erasure was accepted
    DataSubject sortAnew(Attempt attempt, Optional<String> added) {
        String organization = attempt.subject.organization();
        List<String> sharedNow = subject(organization).sharedCustomers();
        List<String> customers = new ArrayList<>(attempt.subject.customers());
        added.ifPresent(customers::add);
        List<String> shared = new ArrayList<>(customers);
        shared.retainAll(sharedNow);
        customers.removeAll(shared);
        Tuple organizationAndShared = Tuple.of(organization).addArrayOfString(shared.toArray(String[]::new));
        shared.addAll(attempt.subject.sharedCustomers());
        DataSubject sorted = new DataSubject(organization, customers, shared);
        rows(SORT_CUSTOMERS, Tuple.of(attempt.erasure, customers.toArray(String[]::new),
                shared.toArray(String[]::new)));
        bury(sorted);
        rows(DIG_OUT, organizationAndShared);
        return sorted;
    }

    UUID insert(ErasureRequest request, DataSubject subject, List<String> steps) {
        return rows(INSERT, Tuple.of(request.organization(), subject.customers().toArray(String[]::new),
                subject.sharedCustomers().toArray(String[]::new), request.keepAtProvider(),
                steps.toArray(String[]::new))).iterator().next().getUUID(0);
    }

    /// From the commit on nobody stores anything personal of the subject any more.
    void bury(DataSubject subject) {
        String[] customers = subject.customers().toArray(String[]::new);
        rows(LOCK_CUSTOMERS, Tuple.tuple().addArrayOfString(customers));
        rows("SELECT pg_advisory_xact_lock(" + Tombstones.LOCK + ")", Tuple.tuple());
        rows(BURY, Tuple.of(subject.organization()).addArrayOfString(customers));
    }

    Optional<Erasure> pendingOf(String organization) {
        return list(ERASURE + " WHERE organization = $1 AND completed_at IS NULL", Tuple.of(organization))
                .map(this::erasure).findFirst();
    }

    Optional<Erasure> find(UUID id) {
        return list(ERASURE + " WHERE id = $1", Tuple.of(id)).map(this::erasure).findFirst();
    }

    /// Empty if an erasure leaves the table as it is.
    Optional<Long> count(HeldTable table, DataSubject subject) {
        return new SubjectRows(table).countErased()
                .map(sql -> rows(sql, SubjectRows.parameters(subject)).iterator().next().getLong(0));
    }

    /// The one that has been due for longest, which nobody else gets for the time of the lease.
    Optional<Attempt> take(Duration lease) {
        return list(TAKE, Tuple.of(lease.toMillis())).map(row -> new Attempt(row.getUUID(0),
                new DataSubject(row.getString(1), List.of(row.getArrayOfStrings(2)), List.of(row.getArrayOfStrings(3))),
                row.getInteger(4), row.getBoolean(5), Timestamps.toInstant(row.getOffsetDateTime(6)))).findFirst();
    }

    /// For as long as the lease is valid.
    void renew(UUID erasure, Duration lease) {
        rows(RENEW, Tuple.of(erasure, lease.toMillis()));
    }

    /// An erasure that this replica works on.
    ///
    /// @param subject as it was when the erasure was accepted, but for what [#sortAnew] has changed
    /// @param number  of the attempt, since the last step that was done
    record Attempt(UUID erasure, DataSubject subject, int number, boolean keepsAtProvider, Instant requestedAt) {

        Attempt on(DataSubject now) {
            return new Attempt(erasure, now, number, keepsAtProvider, requestedAt);
        }

        Attempt atNextStep() {
            return new Attempt(erasure, subject, 1, keepsAtProvider, requestedAt);
        }

        /// All customers that it knows.
        Set<String> all() {
            return Stream.concat(subject.customers().stream(), subject.sharedCustomers().stream())
                    .collect(Collectors.toSet());
        }

        /// Whether the customer was made before the erasure was asked for.
        boolean isOlder(PolarCustomer customer) {
            return customer.createdAt() == null || customer.createdAt().isBefore(requestedAt);
        }
    }

    /// @param position in the order of steps
    /// @param subject  of the erasure, as it is now
    record DueStep(int position, String name, DataSubject subject) {}

    /// Empty if all are done.
    Optional<DueStep> nextStep(Attempt attempt) {
        String organization = attempt.subject.organization();
        return list(NEXT_STEP, Tuple.of(attempt.erasure)).map(row -> new DueStep(row.getInteger(0), row.getString(1),
                new DataSubject(organization, List.of(row.getArrayOfStrings(2)), List.of(row.getArrayOfStrings(3)))))
                .findFirst();
    }

    void done(UUID erasure, DueStep step, String outcome, Duration lease) {
        rows(STEP_DONE, Tuple.of(erasure, step.position, outcome));
        rows(GOES_ON, Tuple.of(erasure, lease.toMillis()));
    }

    /// @param trouble why; null if it only waits
    void retry(UUID erasure, Duration wait, @Nullable String trouble) {
        rows(RETRY, Tuple.of(erasure, wait.toMillis(), trouble));
    }

    void complete(UUID erasure) {
        rows(COMPLETE, Tuple.of(erasure));
    }

    private Erasure erasure(Row row) {
        UUID id = row.getUUID(0);
        Instant requestedAt = Timestamps.toInstant(row.getOffsetDateTime(3));
        return new Erasure(id.toString(), row.getString(1), row.getOffsetDateTime(4) == null ? "pending" : "complete",
                row.getBoolean(2), Rfc3339.format(requestedAt), Timestamps.toText(row.getOffsetDateTime(4)),
                Rfc3339.format(requestedAt.plus(Topics.RAW_RETENTION).plus(Topics.RAW_SEGMENT)),
                row.getString(5) == null ? null : Erasure.TROUBLE,
                list(STEPS, Tuple.of(id)).map(step -> new Erasure.Step(step.getString(0),
                        step.getOffsetDateTime(1) == null ? "pending" : "done",
                        Timestamps.toText(step.getOffsetDateTime(1)), step.getString(2))).toList());
    }

    private Stream<Row> list(String sql, Tuple parameters) {
        return StreamSupport.stream(rows(sql, parameters).spliterator(), false);
    }

    private RowSet<Row> rows(String sql, Tuple parameters) {
        return await(connection.preparedQuery(sql).execute(parameters));
    }
}
