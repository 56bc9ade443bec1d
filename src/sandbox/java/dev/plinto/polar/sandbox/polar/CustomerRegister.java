package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.InvalidFields.Found;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/// Customers as the merchant creates, changes and reads them through Polar's API. Deleted ones are none.
///
/// Fields have Polar's names, and the form that Polar's schema demands; whoever passes them on has checked that.
public final class CustomerRegister {

    private static final String TEAM = "team";

    private final SimulatedState state;
    private final Payloads payloads;
    private final Customers customers;
    private final Members members;
    private final BusinessFaults faults;

    CustomerRegister(
            SimulatedState state, Payloads payloads, Customers customers, Members members, BusinessFaults faults) {
        this.state = state;
        this.payloads = payloads;
        this.customers = customers;
        this.members = members;
        this.faults = faults;
    }

    /// `member.created` (the owner), `customer.created`, `customer.state_changed`.
    ///
    /// @throws InvalidFields if the e-mail or the external id is another customer's, or neither e-mail is given
    public UUID create(ObjectNode fields) {
        ObjectNode wanted = fields.deepCopy();
        JsonNode owner = wanted.path("owner");
        wanted.remove("owner");
        Customer blank = new Customer();
        blank.metadata = Map.of();
        blank.locale = null;
        Customer customer = merged(blank, wanted);
        String ownersEmail = owner.path("email").asText(customer.email);
        Found found = new Found();
        checkTaken(customer, found);
        checkTaxId(customer, wanted, found);
        found.missing(ownersEmail == null, "An email address is required, of the customer or its owner.", "email");
        found.check();
        return customers.announce(customers.register(customer, new Customers.Owner(
                ownersEmail, owner.path("name").asText(customer.name), owner.path("external_id").textValue())));
    }

    /// `customer.updated`, `customer.state_changed`; with [BusinessFault#SECOND_OWNER] `member.created`.
    ///
    /// @throws InvalidFields if Polar's rules forbid a change
    public void update(UUID id, ObjectNode fields) {
        Customer customer = SimulatedState.find(state.customers, id);
        Customer changed = merged(customer, fields);
        Found found = new Found();
        found.broken(customer.externalId != null && !customer.externalId.equals(changed.externalId),
                "Customer external ID cannot be updated.", "external_id");
        found.broken(customer.type.equals(TEAM) && !changed.type.equals(TEAM),
                "A team customer cannot become an individual one.", "type");
        checkTaken(changed, found);
        checkTaxId(changed, fields, found);
        found.check();
        changed.emailVerified = customer.emailVerified && Objects.equals(customer.email, changed.email);
        state.customers.put(id, changed);
        customers.emitUpdate(id);
        if (!Objects.equals(customer.email, changed.email) && faults.happens(BusinessFault.SECOND_OWNER, id)) {
            members.create(id, changed.email, changed.name, null, Member.OWNER);
        }
    }

    public Optional<UUID> withId(UUID id) {
        return Optional.ofNullable(state.customers.get(id))
                .filter(customer -> customer.deletedAt == null)
                .map(customer -> customer.id);
    }

    public Optional<UUID> withExternalId(String externalId) {
        return customers.of(externalId).stream().reduce((older, newer) -> newer);
    }

    public ObjectNode json(UUID id) {
        return payloads.customer(id);
    }

    /// As `customer.state_changed` has it.
    public ObjectNode stateJson(UUID id) {
        return payloads.state(id);
    }

    /// All customers as CSV, oldest first.
    public String export() {
        return CustomerExport.of(state.customers.values().stream()
                .filter(customer -> customer.deletedAt == null)
                .toList());
    }

    private void checkTaken(Customer customer, Found found) {
        found.broken(customer.email != null && customers.withEmail(customer.email).filter(isNot(customer)).isPresent(),
                "A customer with this email address already exists.", "email");
        List<UUID> others = customer.externalId == null ? List.of() : customers.of(customer.externalId);
        found.broken(others.stream().anyMatch(other -> !other.equals(customer.id)),
                "A customer with this external ID already exists.", "external_id");
    }

    private static void checkTaxId(Customer customer, ObjectNode fields, Found found) {
        found.broken(fields.hasNonNull("tax_id") && customer.billingAddress == null,
                "The country is required to validate the tax ID.", "tax_id");
        if (fields.hasNonNull("tax_id") && customer.billingAddress != null) {
            customer.taxId = TaxId.of(fields.get("tax_id").textValue(), customer.billingAddress);
        }
    }

    private static Predicate<Customer> isNot(Customer customer) {
        return other -> !other.id.equals(customer.id);
    }

    /// The tax id has another form in a request than in an answer.
    private static Customer merged(Customer customer, ObjectNode fields) {
        try {
            Customer copy = SimulatedJson.MAPPER.treeToValue(SimulatedJson.MAPPER.valueToTree(customer),
                    Customer.class);
            ObjectNode others = fields.deepCopy();
            if (others.path("tax_id").isTextual()) {
                others.remove("tax_id");
            }
            return SimulatedJson.MAPPER.readerForUpdating(copy).readValue(others);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
