package dev.plinto.polar.polar;

import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.TrackedObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `customer.state_changed` and `customer.deleted`: statements about a customer and all of its grants at once.
final class CustomerSnapshot {

    /// Polar builds the state before it stamps the event, by a queue's delay: what it says may be that old.
    static final Duration MARGIN = Duration.ofSeconds(30);

    /// Listed grants are live and unlisted ones are not. The listed subscriptions are not used: the list omits those
    /// that are past due. Meters count as of their own modification.
    static List<TrackedObject> ofState(Payload data, Stamp stamp) {
        Stamp asOf = new Stamp(stamp.moment().minus(MARGIN), stamp.webhookId());
        Id.Customer customer = new Id.Customer(data.requiredId("id"));
        List<Grant> listed = data.objects("granted_benefits").map(grant -> listedGrant(customer, grant, asOf)).toList();

        Facts facts = PolarObjects.customerFacts(data, asOf, false)
                .carries(Customer.LIVE_GRANTS, idsOf(listed))
                .build();
        List<TrackedObject> statements = new ArrayList<>(listed);
        statements.add(new Customer(customer, facts));
        data.objects("active_meters").forEach(meter -> meter.modifiedAt()
                .ifPresent(moment -> statements.add(PolarReferences.customerMeter(customer.value(), meter,
                        new Stamp(moment, stamp.webhookId())))));
        return statements;
    }

    static Customer ofDeleted(Payload data, Stamp stamp) {
        Instant deletedAt = Optional.ofNullable(data.time("deleted_at")).orElse(stamp.moment());
        Facts facts = PolarObjects.customerFacts(data, stamp, true)
                .carries(Customer.DELETED_AT, deletedAt)
                .carries(Customer.LIVE_GRANTS, List.of())
                .build();
        return new Customer(new Id.Customer(data.requiredId("id")), facts);
    }

    /// Without its scope, which the list does not contain.
    private static Grant listedGrant(Id.Customer customer, Payload grant, Stamp asOf) {
        Facts.StatementBuilder facts = Facts.statedAt(asOf)
                .carries(Grant.CUSTOMER_ID, customer.value())
                .carries(Grant.BENEFIT_ID, grant.requiredId("benefit_id"));
        grant.carry(facts, Grant.BENEFIT_TYPE, grant::text);
        grant.carry(facts, Grant.GRANTED_AT, grant::time);
        grant.carry(facts, Grant.FEATURE, "benefit_metadata", metadata -> PolarObjects.feature(grant, metadata));
        return new Grant(new Id.Grant(grant.requiredId("id")), facts.build());
    }

    private static List<String> idsOf(List<Grant> grants) {
        return Payload.sorted(grants.stream().map(grant -> grant.id().value()));
    }

    private CustomerSnapshot() {}
}
