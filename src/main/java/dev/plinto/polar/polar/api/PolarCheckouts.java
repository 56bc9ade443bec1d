package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import dev.plinto.polar.polar.api.Polar.Page;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Checkouts at Polar. Each call blocks for one organization, whose user waits, and throws [PolarFailure] if Polar
/// does not answer or refuses.
@ApplicationScoped
public class PolarCheckouts {

    private static final String NEWEST_FIRST = "-created_at";
    private static final String EXTERNAL_ID = "external_customer_id";

    private final PolarCalls calls;

    PolarCheckouts(PolarCalls calls) {
        this.calls = calls;
    }

    /// Polar has no idempotency keys: each call that it carries out creates another checkout.
    public Dated<Answered<PolarCheckout>> create(Purpose.ForOrganization caller, NewCheckout checkout)
            throws InterruptedException {
        String body = RequestBody.of(checkout);
        return calls.call(caller, Operation.CREATE_CHECKOUT, api -> api.createCheckout(body),
                answer -> Answered.of(answer, PolarCheckout::of));
    }

    /// Empty if Polar has no such checkout.
    public Optional<Dated<Answered<PolarCheckout>>> find(Purpose.ForOrganization caller, String id)
            throws InterruptedException {
        return calls.find(caller, Operation.READ_CHECKOUT, "id", id, api -> api.readCheckout(id),
                answer -> Answered.itself(answer, "id", id, PolarCheckout::of));
    }

    /// The newest 100 of a customer by Polar's id, newest first; empty if Polar cannot have such an id.
    public Optional<Dated<List<Answered<PolarCheckout>>>> newestOf(Purpose.ForOrganization caller, String customerId)
            throws InterruptedException {
        return calls.find(caller, Operation.LIST_CHECKOUTS_OF_CUSTOMER, "customer_id", customerId,
                api -> api.listCheckoutsOf(customerId, null, NEWEST_FIRST, Polar.PAGE, 1),
                answer -> Page.of(answer,
                        item -> Answered.itself(item, "customer_id", customerId, PolarCheckout::of)).items());
    }

    /// The newest 100 that were created with the id that we give a customer, who need not exist yet.
    public Dated<List<Answered<PolarCheckout>>> newestOfExternal(Purpose.ForOrganization caller, String externalId)
            throws InterruptedException {
        return calls.call(caller, Operation.LIST_CHECKOUTS_OF_CUSTOMER,
                api -> api.listCheckoutsOf(null, externalId, NEWEST_FIRST, Polar.PAGE, 1),
                answer -> Page.of(answer, item -> Answered.of(ofNobodyElse(item, externalId), PolarCheckout::of))
                        .items());
    }

    /// A checkout that names its customer by Polar's id need not state the other one.
    private static Payload ofNobodyElse(Payload checkout, String externalId) {
        String stated = checkout.id(EXTERNAL_ID);
        return stated == null
                ? checkout
                : Answered.itself(checkout, EXTERNAL_ID, externalId, same -> same).object();
    }
}
