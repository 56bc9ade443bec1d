package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Sessions of customers at Polar's portal.
public final class CustomerSessions {

    private static final Duration LIFE = Duration.ofHours(1);

    private final SimulatedState state;
    private final Emissions emissions;
    private final Payloads payloads;
    private final HostedPages pages;
    private final Members members;

    CustomerSessions(
            SimulatedState state, Emissions emissions, Payloads payloads, HostedPages pages, Members members) {
        this.state = state;
        this.emissions = emissions;
        this.payloads = payloads;
        this.pages = pages;
        this.members = members;
    }

    /// A session of this member, or of the owner if it is null; no event tells of it. `returnUrl` may be null.
    ///
    /// @return what the merchant gets
    /// @throws InvalidFields if a team is meant, and no member
    public ObjectNode create(UUID customerId, UUID memberId, String returnUrl) {
        Customer customer = SimulatedState.find(state.customers, customerId);
        if (memberId == null && customer.type.equals("team")) {
            throw InvalidFields.of("A team customer needs the member whose session it is.", "member_id");
        }
        if (memberId == null && members.of(customerId).stream().filter(Member::isOwner).count() > 1) {
            throw new Refusal(500, "InternalServerError", "Multiple rows were found when one or none was required");
        }
        Member member = memberId == null ? state.ownerOf(customerId) : SimulatedState.find(state.members, memberId);
        CustomerSession session = open(customer, member, returnUrl);
        ObjectNode node = SimulatedJson.MAPPER.valueToTree(session);
        node.put("customer_portal_url", pages.portal(state.merchant, session.token()));
        node.set("customer", payloads.customer(customerId));
        return node.without("member_id");
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
