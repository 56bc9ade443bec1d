package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.InvalidFields.Found;
import java.util.Optional;
import java.util.UUID;

/// Members as the merchant manages them through Polar's API. A customer always has one owner.
public final class CustomerMembers {

    private final SimulatedState state;
    private final Payloads payloads;
    private final Members members;
    private final Customers customers;
    private final BusinessFaults faults;

    CustomerMembers(
            SimulatedState state, Payloads payloads, Members members, Customers customers, BusinessFaults faults) {
        this.state = state;
        this.payloads = payloads;
        this.members = members;
        this.customers = customers;
        this.faults = faults;
    }

    /// `member.created`
    ///
    /// @throws Refusal if the customer is no team
    /// @throws InvalidFields if the e-mail or the external id is another member's
    public UUID create(UUID customer, ObjectNode fields) {
        faults.refuse(customer, BusinessFault.MEMBERS_OFF);
        if (!SimulatedState.find(state.customers, customer).type.equals("team")) {
            throw new Refusal(403, "NotPermitted", "Only a team customer can have members beside its owner.");
        }
        String email = fields.get("email").textValue();
        String externalId = fields.path("external_id").textValue();
        Found found = new Found();
        checkEmail(customer, null, email, found);
        found.broken(externalId != null && withExternalId(customer, externalId).isPresent(),
                "A member with this external ID already exists.", "external_id");
        found.check();
        return members.create(customer, email, fields.path("name").textValue(), externalId,
                fields.path("role").asText("member")).id();
    }

    /// `member.updated`; for a new owner, first for the old one, who becomes a billing manager.
    ///
    /// @throws InvalidFields if the e-mail is another member's, or the customer would have no owner
    public void update(UUID id, ObjectNode fields) {
        Member member = SimulatedState.find(state.members, id);
        String email = fields.path("email").asText(member.email());
        String role = fields.path("role").asText(member.role());
        boolean isOwner = member.role().equals(Member.OWNER);
        Found found = new Found();
        checkEmail(member.customerId(), id, email, found);
        found.broken(isOwner && !role.equals(Member.OWNER), "A customer must have an owner.", "role");
        found.check();
        if (!isOwner && role.equals(Member.OWNER)) {
            Member owner = state.ownerOf(member.customerId());
            members.change(owner, owner.email(), owner.name(), "billing_manager");
        }
        JsonNode name = fields.path("name");
        members.change(member, email, name.isMissingNode() ? member.name() : name.textValue(), role);
    }

    /// As [Customers#removeMember(UUID)].
    ///
    /// @throws InvalidFields for the owner
    public void delete(UUID id) {
        if (SimulatedState.find(state.members, id).role().equals(Member.OWNER)) {
            throw InvalidFields.of("A customer must have an owner.", "role");
        }
        customers.removeMember(id);
    }

    public Optional<UUID> withId(UUID customer, UUID id) {
        return members.of(customer).stream().map(Member::id).filter(id::equals).findFirst();
    }

    public Optional<UUID> withExternalId(UUID customer, String externalId) {
        return members.of(customer).stream()
                .filter(member -> externalId.equals(member.externalId()))
                .map(Member::id)
                .findFirst();
    }

    public ObjectNode json(UUID id) {
        return payloads.member(id);
    }

    private void checkEmail(UUID customer, UUID self, String email, Found found) {
        found.broken(members.of(customer).stream()
                .anyMatch(member -> member.email().equalsIgnoreCase(email) && !member.id().equals(self)),
                "A member with this email address already exists.", "email");
    }
}
