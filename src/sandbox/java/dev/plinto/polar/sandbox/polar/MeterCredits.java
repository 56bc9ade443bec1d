package dev.plinto.polar.sandbox.polar;

import dev.plinto.polar.Rfc3339;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// What benefits of type `meter_credit` do to their customers' meters: each period of a subscription they credit units.
/// Those that are left over are kept if they roll over; the meter begins anew.
final class MeterCredits {

    private static final String LAST = "last_credited_at";

    private final SimulatedState state;
    private final Emissions emissions;

    MeterCredits(SimulatedState state, Emissions emissions) {
        this.state = state;
        this.emissions = emissions;
    }

    /// A grant has begun, perhaps again in the same period, for which it has credited its units already.
    void granted(Grant grant) {
        Benefit benefit = SimulatedState.find(state.benefits, grant.benefitId);
        if (benefit.isMeterCredit() && !hasCredited(grant)) {
            credit(grant, benefit, usage(grant, benefit));
        }
    }

    /// A period has begun.
    void cycled(Grant grant) {
        Benefit benefit = SimulatedState.find(state.benefits, grant.benefitId);
        if (benefit.isMeterCredit()) {
            CustomerMeter before = usage(grant, benefit);
            int rolled = Boolean.TRUE.equals(benefit.properties().get("rollover"))
                    ? (int) Math.max(0, before.balance())
                    : 0;
            Usage.record(state, UsageEvent.system(emissions.newId(), emissions.next(), "meter.reset", grant.customerId,
                    Map.of("meter_id", before.meterId().toString())));
            credit(grant, benefit, before.restarted(rolled, emissions.moment()));
        }
    }

    private boolean hasCredited(Grant grant) {
        Object last = grant.properties.get(LAST);
        Subscription subscription = grant.subscriptionId == null
                ? null
                : state.subscriptions.get(grant.subscriptionId);
        return last != null && (subscription == null
                || !Instant.parse(last.toString()).isBefore(subscription.currentPeriodStart));
    }

    private void credit(Grant grant, Benefit benefit, CustomerMeter usage) {
        int units = ((Number) benefit.properties().get("units")).intValue();
        Instant now = emissions.next();
        state.meters.put(usage.id(), usage.credited(units, now));
        grant.properties = new TreeMap<>(Map.of(
                "last_credited_meter_id", usage.meterId().toString(), "last_credited_units", units,
                LAST, Rfc3339.format(now)));
        Usage.record(state, UsageEvent.system(emissions.newId(), now, "meter.credited", grant.customerId, Map.of(
                "meter_id", usage.meterId().toString(), "units", units,
                "rollover", Boolean.TRUE.equals(benefit.properties().get("rollover")))));
    }

    private CustomerMeter usage(Grant grant, Benefit benefit) {
        UUID meter = UUID.fromString(benefit.properties().get("meter_id").toString());
        return Usage.of(state, emissions, grant.customerId, meter);
    }
}
