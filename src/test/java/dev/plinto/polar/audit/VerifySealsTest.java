package dev.plinto.polar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.audit.Verification.Finding;
import dev.plinto.polar.audit.Verification.Wrong;
import dev.plinto.polar.postgres.Lease;
import jakarta.ws.rs.WebApplicationException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/// What somebody who may write SQL does to the seals is found.
class VerifySealsTest extends SealedLog {

    private final Instant second = recent.plus(Duration.ofHours(1));

    @Test
    void hourWhoseSealIsMadeAnew_breaksTheChain() {
        asAttacker("DELETE FROM audit_log WHERE id = " + first, """
                UPDATE audit_seals SET rows = 1, digests = substring(digests FROM 41),
                  sha256 = sha256(decode(repeat('00', 32), 'hex')
                    || int8send(extract(epoch FROM hour)::bigint) || substring(digests FROM 41))
                WHERE hour = (SELECT min(hour) FROM audit_seals)
                """);

        assertThat(verify().findings()).extracting(Finding::wrong, Finding::hour).containsExactly(
                tuple(Wrong.SEAL_CHANGED, Rfc3339.format(second)),
                tuple(Wrong.SEAL_CHANGED, Rfc3339.format(recent)));
    }

    @Test
    void untouchedChain_saysWhereItBegins_andIsTheOneOfTheServicesLog() {
        Verification found = verify(second, sealOf(second));

        assertThat(found.findings()).isEmpty();
        assertThat(found.sealedFrom()).isEqualTo(Rfc3339.format(recent));
    }

    @Test
    void firstSealThatIsRemoved_isMissing() {
        asAttacker("DELETE FROM audit_seals WHERE hour = '" + recent + "'");

        assertThat(verify().findings()).extracting(Finding::wrong, Finding::hour).containsExactly(
                tuple(Wrong.SEAL_CHANGED, Rfc3339.format(second)),
                tuple(Wrong.HOUR_NOT_SEALED, Rfc3339.format(recent)),
                tuple(Wrong.SEAL_MISSING, Rfc3339.format(recent)));
    }

    @Test
    void sealInTheMiddleThatIsRemoved_isMissing() {
        sealLater();
        asAttacker("DELETE FROM audit_seals WHERE hour = '" + second + "'");

        assertThat(verify().findings()).extracting(Finding::wrong, Finding::hour)
                .contains(tuple(Wrong.SEAL_MISSING, Rfc3339.format(second)));
    }

    @Test
    void historyThatIsMadeAnew_isFound_byTheCountOfSeals_andByALineOfTheLog() {
        String logged = sealOf(second);
        asAttacker("DELETE FROM audit_seals WHERE hour >= '" + second + "'",
                "UPDATE audit_log SET actor = 'usr_other' WHERE id = " + (first + 2));
        keep.keep(now);

        assertThat(verify().findings()).extracting(Finding::wrong).containsExactly(Wrong.SEAL_COUNT_DIFFERS);

        asAttacker("UPDATE audit_chain SET seals = (SELECT count(*) FROM audit_seals)");
        assertThat(verify().intact()).isTrue();
        assertThat(verify(second, logged).findings()).extracting(Finding::wrong, Finding::hour)
                .containsExactly(tuple(Wrong.LOGGED_SEAL_DIFFERS, Rfc3339.format(second)));
    }

    @Test
    void logThatIsEmptied_isFound_byWhatIsKnownOfTheChain_andByALineOfTheLog() {
        String logged = sealOf(second);
        asAttacker("TRUNCATE audit_log, audit_personal, audit_seals");

        assertThat(verify().findings()).extracting(Finding::wrong, Finding::hour).containsExactly(
                tuple(Wrong.SEAL_MISSING, Rfc3339.format(recent)), tuple(Wrong.SEAL_COUNT_DIFFERS, null));

        asAttacker("TRUNCATE audit_chain");
        assertThat(verify().intact()).isTrue();
        assertThat(verify(second, logged).findings()).extracting(Finding::wrong, Finding::hour)
                .containsExactly(tuple(Wrong.LOGGED_SEAL_MISSING, Rfc3339.format(second)));
    }

    @Test
    void hoursThatAreDue_areSealedFirst() {
        empty();
        action(recent, "reconcile");

        assertThat(verify().findings()).isEmpty();
        assertThat(database.number("SELECT count(*) FROM audit_seals")).isPositive();
    }

    @Test
    void partitionThatIsDroppedMeanwhile_orHourThatIsSealedMeanwhile_isNoFinding() {
        splitOffOldPartition();
        empty();
        action(old, "republish");
        new SealHours(new SealStore(pool)).seal();
        Instant last = Instant.ofEpochSecond(database.number("SELECT extract(epoch FROM max(hour))::bigint "
                + "FROM audit_seals"));
        asAttacker("DELETE FROM audit_seals WHERE hour = '" + last + "'");
        action(last.plusSeconds(1), "reconcile");
        asAttacker("UPDATE audit_chain SET seals = (SELECT count(*) FROM audit_seals)");
        Findings findings = new Findings();

        new VerifySeals(new SealStore(pool), new AuditStore(pool), RETENTION.audit(), InstantSource.system(), findings,
                () -> keep.keep(now)).walk();

        assertThat(findings.all()).isEmpty();
        assertThat(database.number("SELECT count(*) FROM audit_log WHERE action = 'republish'")).isZero();
    }

    @Test
    void secondVerification_isRefused_whileOneRuns() {
        Lease other = new Lease(io.vertx.mutiny.sqlclient.Pool.newInstance(pool), "audit_verification",
                Duration.ofMinutes(1));
        other.take();
        try {
            assertThatThrownBy(SealedLog::verify).isInstanceOfSatisfying(WebApplicationException.class,
                    problem -> assertThat(problem.getResponse().getStatus()).isEqualTo(503))
                    .hasMessage("The audit log is being verified already");
        } finally {
            other.release();
        }
        assertThat(verify().intact()).isTrue();
    }

    private String sealOf(Instant hour) {
        return database.column("SELECT encode(sha256, 'hex') FROM audit_seals WHERE hour = ?::timestamptz",
                hour.toString()).getFirst();
    }

    /// The hour after the second one is sealed, whatever the time is.
    private void sealLater() {
        if (database.number("SELECT count(*) FROM audit_seals") == 2) {
            asAttacker("INSERT INTO audit_seals VALUES ('" + second.plus(Duration.ofHours(1)) + "', 0, '', '')");
        }
    }
}
