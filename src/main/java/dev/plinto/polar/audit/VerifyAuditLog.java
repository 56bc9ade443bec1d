package dev.plinto.polar.audit;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.audit.Verification.Wrong;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.postgres.Lease;
import io.quarkus.logging.Log;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Recomputes the seals of the audit log, and says what was changed, added or removed since an hour was sealed.
@ApplicationScoped
public class VerifyAuditLog {

    /// Longer than any statement may take.
    private static final Duration LEASE = Duration.ofMinutes(3);

    private final Pool pool;
    private final SealHours due;
    private final SealStore seals;
    private final AuditStore store;
    private final PersonalValueStore values;
    private final AuditConfig config;
    private final InstantSource clock;

    VerifyAuditLog(Pool pool, SealHours due, SealStore seals, AuditStore store, PersonalValueStore values,
            AuditConfig config, InstantSource clock) {
        this.pool = pool;
        this.due = due;
        this.seals = seals;
        this.store = store;
        this.values = values;
        this.config = config;
        this.clock = clock;
    }

    /// Blocks while it reads the whole log. Throws 503 `verification-in-progress` while another one runs, of whichever
    /// replica, and 503 `database-unavailable`.
    ///
    /// @param logged a seal that the service wrote to its log, to compare
    public Verification verify(Optional<LoggedSeal> logged) {
        try {
            return alone(logged);
        } catch (RuntimeException failure) {
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            Log.warnf("Could not verify the audit log: %s", DatabaseAway.describe(failure));
            throw Problem.databaseUnavailable();
        }
    }

    private Verification alone(Optional<LoggedSeal> logged) {
        Lease lease = new Lease(pool, "audit_verification", LEASE);
        takeOrThrow(lease);
        try {
            return verify(logged, new KeptLease(lease));
        } finally {
            release(lease);
        }
    }

    private Verification verify(Optional<LoggedSeal> logged, KeptLease lease) {
        sealWhatIsDue();
        Findings findings = new Findings();
        logged.ifPresent(seal -> compare(seal, findings));
        VerifySeals walk = new VerifySeals(seals, store, config.audit(), clock, findings, lease);
        walk.walk();
        new VerifyAddedRows(store, findings, lease).find();
        VerifyPersonalValues personal = new VerifyPersonalValues(values, store, findings, lease);
        personal.compare();
        Seal first = walk.first();
        Seal newest = walk.newest();
        return new Verification(findings.all().isEmpty(), first == null ? null : Rfc3339.format(first.hour()),
                newest == null ? null : Rfc3339.format(newest.end()), newest == null ? null : newest.hex(),
                walk.count(), walk.rows(), walk.oldestKept().map(Rfc3339::format).orElse(null), personal.erased(),
                findings.all());
    }

    /// So that an hour that is only due, such as after a time without any replica, is not said to be unsealed.
    private void sealWhatIsDue() {
        try {
            due.seal();
        } catch (RuntimeException failure) {
            Log.warnf("Cannot seal the audit log's last hours before it is verified: %s",
                    SealHours.describe(failure));
        }
    }

    private void compare(LoggedSeal logged, Findings findings) {
        await(seals.sha256(logged.hour())).ifPresentOrElse(stored -> {
            if (!logged.isThatOf(stored)) {
                findings.ofHour(Wrong.LOGGED_SEAL_DIFFERS, logged.hour());
            }
        }, () -> findings.ofHour(Wrong.LOGGED_SEAL_MISSING, logged.hour()));
    }

    /// Renewed before each page, if it is time to.
    private static final class KeptLease implements Runnable {

        private final Lease lease;
        private long renewedAt = System.nanoTime();

        KeptLease(Lease lease) {
            this.lease = lease;
        }

        @Override
        public void run() {
            if (System.nanoTime() - renewedAt > LEASE.dividedBy(6).toNanos()) {
                takeOrThrow(lease);
                renewedAt = System.nanoTime();
            }
        }
    }

    private static void takeOrThrow(Lease lease) {
        if (!lease.take()) {
            throw inProgress();
        }
    }

    private static void release(Lease lease) {
        try {
            lease.release();
        } catch (RuntimeException failure) {
            Log.debugf("Cannot release the lease of a verification; it expires: %s", failure);
        }
    }

    private static WebApplicationException inProgress() {
        Problem problem = new Problem("verification-in-progress", 503, "The audit log is being verified already",
                "Each verification reads the whole log, so that one at a time runs. Try again when the other one has "
                        + "ended.");
        return new WebApplicationException(problem.title(),
                problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, 60).build());
    }
}
