package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.polar.api.FailureReason;
import dev.plinto.polar.polar.api.PolarCustomer;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.PolarPortal;
import dev.plinto.polar.polar.api.PolarPortal.Session;
import dev.plinto.polar.polar.api.PolarPortal.Visit;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import dev.plinto.polar.polar.api.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sessions at Polar's portal, each of the customer that is the organization's own, and of no other: that one's portal
/// would show what somebody else bought. Only for threads that may block.
@ApplicationScoped
class PortalVisits {

    private static final Problem NO_CUSTOMER = new Problem("no-customer", 404, "The organization has no customer",
            "It has bought nothing yet, so that there is no portal to open. Offer it a checkout.");
    private static final Problem SHARED = new Problem("customer-shared", 409,
            "What the organization has belongs to a customer who is not its own",
            "Nothing was done, since that customer's portal may show what others bought. An operator must give the "
                    + "organization a customer of its own at Polar.");

    private final PolarPortal polar;
    private final OrganizationCustomers customers;
    private final CustomerMembers members;

    PortalVisits(PolarPortal polar, OrganizationCustomers customers, CustomerMembers members) {
        this.polar = polar;
        this.customers = customers;
        this.members = members;
    }

    /// Throws 404 `no-customer`, 409 `customer-shared`, or what [CustomerMembers#ensure] throws.
    ///
    /// @param returnUrl where the portal leads back to; it is allowed
    /// @throws PolarFailure if Polar does not answer, or refuses
    Session open(String organization, Visitor visitor, @Nullable String returnUrl, Actor actor)
            throws InterruptedException {
        ForOrganization purpose = new ForOrganization(organization);
        Optional<CustomerMembers.Known> known = members.known(organization, visitor);
        if (known.isPresent()) {
            try {
                return polar.open(purpose, visit(known.get().customerId(), known.get().memberId(), returnUrl));
            } catch (PolarFailure failure) {
                if (!(failure.reason() instanceof FailureReason.Refused)) { // else one of them was just deleted
                    throw failure;
                }
            }
        }
        PolarCustomer customer = own(purpose);
        try {
            return polar.open(purpose,
                    visit(customer.id(), members.ensure(purpose, customer, visitor, actor), returnUrl));
        } catch (PolarFailure failure) {
            throw failure.reason() instanceof FailureReason.Refused refused
                    && refused.refusal() == Refusal.UNKNOWN_CUSTOMER
                            ? NO_CUSTOMER.exception()
                            : failure;
        }
    }

    private static Visit visit(String customerId, @Nullable String memberId, @Nullable String returnUrl) {
        return new Visit(customerId, null, memberId, returnUrl);
    }

    private PolarCustomer own(ForOrganization purpose) throws InterruptedException {
        return customers.own(purpose).orElseThrow(
                () -> (customers.isShared(purpose.organization()) ? SHARED : NO_CUSTOMER).exception());
    }
}
