package dev.plinto.polar.billing;

import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.billing.BillingConfig.CustomerType;
import dev.plinto.polar.billing.OrganizationCustomers.OwnCustomer;
import dev.plinto.polar.billing.WantedCustomer.Proof;
import dev.plinto.polar.polar.api.PolarCustomer;
import dev.plinto.polar.polar.api.PolarCustomers;
import dev.plinto.polar.polar.api.PolarFailure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Finds, links or creates the customer of an organization at Polar. Whoever does not prove that an address is theirs
/// learns nothing about it: Polar is not asked for it. Only for threads that may block.
@ApplicationScoped
class CustomerRegistration {

    private final PolarCustomers polar;
    private final OrganizationCustomers customers;
    private final BillingConfig config;

    CustomerRegistration(PolarCustomers polar, OrganizationCustomers customers, BillingConfig config) {
        this.polar = polar;
        this.customers = customers;
        this.config = config;
    }

    /// Throws 409 `customer-mismatch`, or the problem that a change at Polar ended with.
    ///
    /// @param beforeChange runs before a call that changes something at Polar
    /// @throws PolarFailure if a question to Polar fails
    OwnCustomer register(WantedCustomer wanted, Actor actor, Runnable beforeChange) throws InterruptedException {
        Optional<String> own = customers.find(wanted.purpose());
        if (own.isPresent()) {
            return new OwnCustomer(own.get(), false);
        }
        if (wanted.proof() == Proof.NONE) {
            throw OrganizationCustomers.MISMATCH.exception();
        }
        Optional<PolarCustomer> known = polar.withEmail(wanted.purpose(), wanted.email())
                .map(customer -> customer.answer().object());
        boolean isNobodys = known.isPresent() && known.get().externalId() == null;
        if (isNobodys && wanted.proof() != Proof.VERIFIED) {
            throw OrganizationCustomers.MISMATCH.exception();
        }
        beforeChange.run();
        if (isNobodys && !customers.boughtForOthers(known.get().id(), wanted.organization())) {
            return customers.link(wanted.purpose(), known.get().id(), actor);
        }
        if (known.isPresent() && config.customerType() == CustomerType.INDIVIDUAL) { // Polar allows each address once
            throw OrganizationCustomers.MISMATCH.exception();
        }
        return customers.create(wanted.purpose(), wanted.as(config.customerType()), actor);
    }
}
