package dev.plinto.polar.polar.api;

import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// What is held of calls to Polar: when, for the limits.
@ApplicationScoped
class PolarData implements HeldData {

    @Override
    public String room() {
        return "polar";
    }

    @Override
    public List<HeldTable> tables() {
        return List.of(HeldTable.impersonal("polar_requests", "one", "full_at", "closed_until"),
                HeldTable.impersonal("polar_organization_calls", "organization", "called_at"));
    }
}
