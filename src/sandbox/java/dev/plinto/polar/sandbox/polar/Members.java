package dev.plinto.polar.sandbox.polar;

import java.util.List;
import java.util.UUID;

/// The members of customers.
final class Members {

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;

    Members(SimulatedState state, Payloads payloads, Emissions emissions) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
    }

    /// Without the deleted ones.
    List<Member> of(UUID customer) {
        return state.members.values().stream()
                .filter(member -> member.customerId().equals(customer) && member.deletedAt() == null)
                .toList();
    }

    /// `member.created`
    Member create(UUID customer, String email) {
        return create(customer, email, null, null, "member");
    }

    /// `member.created`; the external id may be null.
    Member create(UUID customer, String email, String externalId) {
        return create(customer, email, null, externalId, "member");
    }

    /// `member.created`
    Member create(UUID customer, String email, String name, String externalId, String role) {
        Member member = register(SimulatedState.find(state.customers, customer), email, name, externalId, role);
        emissions.emit("member.created", payloads.member(member.id()));
        return member;
    }

    /// The member with this e-mail; if there is none, `member.created`.
    Member findOrCreate(UUID customer, String email) {
        return of(customer).stream()
                .filter(member -> member.email().equals(email))
                .findFirst()
                .orElseGet(() -> create(customer, email));
    }

    /// A new member, of whom no event tells yet.
    Member register(Customer customer, String email, String name, String externalId, String role) {
        Member member = new Member(
                emissions.newId(), emissions.next(), null, customer.id, email, name, externalId, role, null);
        state.members.put(member.id(), member);
        return member;
    }

    /// `member.updated`
    void change(Member member, String email, String name, String role) {
        state.members.put(member.id(), member.changed(email, name, role, emissions.next()));
        emissions.emit("member.updated", payloads.member(member.id()));
    }

    /// `member.updated`
    void rename(UUID id, String name) {
        state.members.put(id, SimulatedState.find(state.members, id).renamed(name, emissions.next()));
        emissions.emit("member.updated", payloads.member(id));
    }

    /// `member.deleted`. The member is kept, since its grants still name it.
    void delete(Member member) {
        state.members.put(member.id(), member.deleted(emissions.next()));
        emissions.emit("member.deleted", payloads.member(member.id()));
    }
}
