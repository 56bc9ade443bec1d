package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.api.Polar.Page;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Grants of benefits at Polar. Each call blocks for one organization, whose user waits, and throws [PolarFailure] if
/// Polar does not answer or refuses.
@ApplicationScoped
public class PolarGrants {

    private final PolarCalls calls;

    PolarGrants(PolarCalls calls) {
        this.calls = calls;
    }

    /// The newest 100 of a customer, newest first; empty if Polar cannot have such an id.
    public Optional<Dated<List<Answered<PolarGrant>>>> newestOf(Purpose.ForOrganization caller, String customerId)
            throws InterruptedException {
        return calls.find(caller, Operation.LIST_GRANTS_OF_CUSTOMER, "customer_id", customerId,
                api -> api.listGrants(customerId, "-created_at", Polar.PAGE, 1),
                answer -> Page.of(answer, item -> Answered.itself(item, "customer_id", customerId, PolarGrant::of))
                        .items());
    }
}
