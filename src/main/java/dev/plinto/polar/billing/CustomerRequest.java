package dev.plinto.polar.billing;

import dev.plinto.polar.audit.Actor;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A row of `customer_requests`: a customer that is still to be registered. All times are the database's.
@Entity
@Table(name = "customer_requests")
class CustomerRequest extends PanacheEntityBase {

    @Id
    String organization = "";

    /// Another one in each request.
    String id = "";

    String email = "";

    String proof = "";

    @Nullable
    String name;

    @Nullable
    String country;

    @Nullable
    String locale;

    @Column(name = "user_id")
    @Nullable
    String userId;

    @Column(name = "actor_kind")
    String actorKind = "";

    String actor = "";

    @Column(name = "request_id")
    @Nullable
    String requestId;

    @Column(name = "requested_at")
    Instant requestedAt = Instant.EPOCH;

    @Column(name = "due_at")
    Instant dueAt = Instant.EPOCH;

    int attempt;

    CustomerRequest() {}

    /// One attempt to do it, which nobody else makes until its lease is over.
    ///
    /// @param number from 1
    /// @param waited since the request
    record Attempt(String id, int number, WantedCustomer wanted, Actor actor, Duration waited) {

        /// Without who it is.
        @Override
        public String toString() {
            return "Attempt[organization=" + wanted.organization() + ", number=" + number + "]";
        }
    }

    /// Changes the row, which is locked.
    Attempt take(Instant now, Duration lease) {
        attempt++;
        dueAt = now.plus(lease);
        return new Attempt(id, attempt,
                new WantedCustomer(organization, email, WantedCustomer.Proof.valueOf(proof), name, country, locale,
                        userId),
                new Actor(Actor.Kind.valueOf(actorKind), actor, Actor.Way.API, requestId),
                Duration.between(requestedAt, now));
    }
}
