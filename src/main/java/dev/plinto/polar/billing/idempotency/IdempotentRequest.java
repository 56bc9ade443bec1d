package dev.plinto.polar.billing.idempotency;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A row of `idempotent_requests`: a request, and how far it got. The row is locked by who reads it here; all times are
/// the database's.
@Entity
@Table(name = "idempotent_requests")
class IdempotentRequest extends PanacheEntityBase {

    static final String CLAIMED = "claimed";
    static final String ACTING = "acting";
    static final String ANSWERED = "answered";

    @Id
    String id = "";

    String organization = "";

    String call = "";

    @Column(name = "body_sha256")
    byte[] bodySha256 = {};

    String state = CLAIMED;

    int attempt;

    @Column(name = "lease_until")
    Instant leaseUntil = Instant.EPOCH;

    @Column(name = "same_until")
    Instant sameUntil = Instant.EPOCH;

    @Nullable
    String progress;

    @Nullable
    Short status;

    @Nullable
    String answer;

    IdempotentRequest() {}

    /// What a sending of a request at this moment means, if its row is there already. Changes the row if the sender is
    /// to act.
    Claim claim(byte[] body, Instant now, Duration lease, Duration same) {
        if (isAnswered() && !sameUntil.isAfter(now)) {
            beginAnew(body, now.plus(same));
            return take(now.plus(lease));
        }
        if (!Arrays.equals(bodySha256, body)) {
            return new Claim.OtherBody();
        }
        if (isAnswered()) {
            return new Claim.Answered(new Answer(Objects.requireNonNull(status), Objects.requireNonNull(answer)));
        }
        if (leaseUntil.isAfter(now)) {
            awaitReturn(now);
            return new Claim.UnderWay();
        }
        return take(now.plus(lease));
    }

    private boolean isAnswered() {
        return state.equals(ANSWERED);
    }

    private void beginAnew(byte[] body, Instant until) {
        state = CLAIMED;
        bodySha256 = body;
        sameUntil = until;
        progress = null;
        status = null;
        answer = null;
    }

    /// A higher number: whoever had a lower one records nothing any more.
    private Claim take(Instant until) {
        attempt++;
        leaseUntil = until;
        return progress == null ? new Claim.First(id, attempt) : new Claim.Resumed(id, attempt, progress);
    }

    /// Who is told to come back must then find the answer, also without a key.
    private void awaitReturn(Instant now) {
        Instant back = now.plus(IdempotentRequests.RETURN);
        if (sameUntil.isBefore(back)) {
            sameUntil = back;
        }
    }
}
