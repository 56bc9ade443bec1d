package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import dev.plinto.polar.polar.api.Polar.Page;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Customers at Polar. Each call blocks, most for one organization, whose user waits, and throws [PolarFailure] if
/// Polar does not answer or refuses.
@ApplicationScoped
public class PolarCustomers {

    private final PolarCalls calls;

    PolarCustomers(PolarCalls calls) {
        this.calls = calls;
    }

    /// Empty if no customer has it; a deleted one has none.
    public Optional<Dated<Answered<PolarCustomer>>> withExternalId(Purpose caller, String externalId)
            throws InterruptedException {
        return calls.find(caller, Operation.FIND_CUSTOMER, "external_id", externalId,
                api -> api.readCustomerWithExternalId(externalId),
                answer -> Answered.itself(answer, "external_id", externalId, PolarCustomer::of));
    }

    /// The customer with exactly this e-mail, whatever the case of its letters. Polar allows each one once.
    public Optional<Dated<Answered<PolarCustomer>>> withEmail(Purpose.ForOrganization caller, String email)
            throws InterruptedException {
        Dated<Page<Answered<PolarCustomer>>> found = calls.call(caller, Operation.FIND_CUSTOMER,
                api -> api.listCustomersWithEmail(email, Polar.PAGE, 1),
                answer -> Page.of(answer, item -> Answered.of(withEmail(item, email), PolarCustomer::of)));
        return found.answer().items().stream().findFirst().map(customer -> new Dated<>(customer, found.at()));
    }

    /// @throws Payload.Unreadable if the filter was ignored: an account would be linked to a stranger
    private static Payload withEmail(Payload customer, String email) {
        if (!email.equalsIgnoreCase(customer.anyText("email"))) {
            throw new Payload.Unreadable(customer.path() + ".email", "the one that was asked for");
        }
        return customer;
    }

    /// Refused with [Refusal#EXTERNAL_ID_CONFLICT] if it exists, so that two calls at the same time create one.
    public Dated<Answered<PolarCustomer>> create(Purpose.ForOrganization caller, NewCustomer customer)
            throws InterruptedException {
        String body = RequestBody.of(customer);
        return calls.call(caller, Operation.CREATE_CUSTOMER, api -> api.createCustomer(body),
                answer -> Answered.itself(answer, "external_id", customer.externalId(), PolarCustomer::of));
    }

    /// Gives a customer who has none an external id, for good.
    public Dated<Answered<PolarCustomer>> link(Purpose.ForOrganization caller, String id, String externalId)
            throws InterruptedException {
        String body = RequestBody.of(new Link(externalId));
        return calls.call(caller, Operation.UPDATE_CUSTOMER, api -> api.updateCustomer(id, body),
                answer -> Answered.itself(answer, "id", id,
                        customer -> Answered.itself(customer, "external_id", externalId, PolarCustomer::of).object()));
    }

    /// Ends the customer's subscriptions, takes its benefits back, and leaves nothing of it but hashes of its e-mail
    /// and names, what invoices need, and its orders. By its id: its external id may be another customer's soon
    /// after.
    ///
    /// @return false if Polar has no such customer, or has it no more
    public boolean deleteAndAnonymize(Purpose caller, String id) throws InterruptedException {
        return calls.find(caller, Operation.DELETE_CUSTOMER, "id", id, api -> api.deleteCustomer(id, true),
                answer -> answer).isPresent();
    }

    private record Link(String externalId) {}
}
