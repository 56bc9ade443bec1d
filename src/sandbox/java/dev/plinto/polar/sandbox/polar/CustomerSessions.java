package dev.plinto.polar.sandbox.polar;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Sessions of customers at Polar's portal.
public final class CustomerSessions {

    private static final Duration LIFE = Duration.ofHours(1);

    private final SimulatedState state;
    private final Emissions emissions;

    CustomerSessions(SimulatedState state, Emissions emissions) {
        this.state = state;
        this.emissions = emissions;
    }

    /// Whose session it is; empty if there is none with this token, it is over, or its customer or member is deleted.
    public Optional<Visitor> resolve(String token) {
        Instant now = emissions.now();
        return state.sessions.values().stream()
                .filter(session -> session.token().equals(token) && now.isBefore(session.expiresAt()))
                .filter(session -> SimulatedState.find(state.customers, session.customerId()).deletedAt == null
                        && SimulatedState.find(state.members, session.memberId()).deletedAt() == null)
                .map(session -> new Visitor(session.customerId(), session.memberId(), session.returnUrl()))
                .findFirst();
    }

    /// No event tells of it.
    CustomerSession open(Customer customer, Member member, String returnUrl) {
        state.sessions.values().removeIf(session -> !emissions.now().isBefore(session.expiresAt()));
        UUID id = emissions.newId();
        Instant now = emissions.next();
        CustomerSession session = new CustomerSession(
                id, now, null, "polar_mst_" + emissions.newToken(32), now.plus(LIFE), returnUrl, customer.id,
                member.id());
        state.sessions.put(id, session);
        return session;
    }

    /// Who uses a session. `returnUrl` is the merchant's page to lead back to, or null.
    public record Visitor(UUID customer, UUID member, String returnUrl) {}
}
