package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.UUID;

/// A person inside a customer. Every customer has one with the role `owner`. `deletedAt` is not sent.
record Member(
        UUID id,
        Instant createdAt,
        Instant modifiedAt,
        UUID customerId,
        String email,
        String name,
        String externalId,
        String role,
        Instant deletedAt) {

    static final String OWNER = "owner";

    boolean isOwner() {
        return role.equals(OWNER);
    }

    Member renamed(String newName, Instant at) {
        return new Member(id, createdAt, at, customerId, email, newName, externalId, role, deletedAt);
    }

    Member changed(String newEmail, String newName, String newRole, Instant at) {
        return new Member(id, createdAt, at, customerId, newEmail, newName, externalId, newRole, deletedAt);
    }

    Member deleted(Instant at) {
        return new Member(id, createdAt, at, customerId, email, name, externalId, role, at);
    }
}
