package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// The benefits that the merchant adds to its [catalogue][Catalogue], changes and deletes.
public final class Benefits {

    private final SimulatedState state;
    private final Payloads payloads;
    private final Emissions emissions;
    private final Grants grants;

    Benefits(SimulatedState state, Payloads payloads, Emissions emissions, Grants grants) {
        this.state = state;
        this.payloads = payloads;
        this.emissions = emissions;
        this.grants = grants;
    }

    public BenefitTerms terms(UUID id) {
        Benefit benefit = SimulatedState.find(state.benefits, id);
        return new BenefitTerms(benefit.type(), benefit.description(), benefit.visibility(), benefit.properties(),
                benefit.metadata());
    }

    /// `benefit.created`
    public UUID create(BenefitTerms terms) {
        UUID id = emissions.newId();
        state.benefits.put(id, benefit(id, emissions.next(), null, false, terms));
        emissions.emit("benefit.created", payloads.benefit(id));
        return id;
    }

    /// `benefit.updated`, then `benefit_grant.updated` for each of its live grants, then `customer.state_changed` for
    /// each customer that has one.
    public void update(UUID id, BenefitTerms terms) {
        Benefit before = SimulatedState.find(state.benefits, id);
        state.benefits.put(id, benefit(id, before.createdAt(), emissions.next(), false, terms));
        emissions.emit("benefit.updated", payloads.benefit(id));
        grants.update(id);
    }

    /// `benefit.updated`, which says that it is deleted; then `benefit_grant.revoked` for each of its live grants, and
    /// `customer.state_changed` for each customer that had one. No product has it any more.
    public void delete(UUID id) {
        Benefit before = SimulatedState.find(state.benefits, id);
        Instant now = emissions.next();
        state.benefits.put(id, benefit(id, before.createdAt(), now, true, terms(id)));
        state.products.replaceAll((product, known) -> known.benefitIds().contains(id)
                ? known.granting(without(known.benefitIds(), id), now)
                : known);
        emissions.emit("benefit.updated", payloads.benefit(id));
        Set<UUID> had = state.grants.values().stream()
                .filter(grant -> grant.isGranted && grant.benefitId.equals(id))
                .map(grant -> grant.customerId)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        grants.revokeAll(grant -> grant.benefitId.equals(id));
        had.forEach(grants::emitState);
    }

    private static List<UUID> without(List<UUID> benefits, UUID deleted) {
        return benefits.stream().filter(benefit -> !benefit.equals(deleted)).toList();
    }

    private Benefit benefit(UUID id, Instant createdAt, Instant modifiedAt, boolean deleted, BenefitTerms terms) {
        return new Benefit(id, createdAt, modifiedAt, terms.type(), terms.description(), true, true, deleted,
                state.merchant.id(), terms.metadata(), terms.visibility(), terms.properties(), true);
    }
}
