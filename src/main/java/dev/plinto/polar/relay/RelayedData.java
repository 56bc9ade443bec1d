package dev.plinto.polar.relay;

import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// What the relay holds: its lease.
@ApplicationScoped
class RelayedData implements HeldData {

    @Override
    public String room() {
        return "relay";
    }

    @Override
    public List<HeldTable> tables() {
        return List.of(HeldTable.impersonal("relay_lease", "one", "holder", "expires_at"));
    }
}
