package dev.plinto.polar.start;

import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// What is held of the schema itself: its migrations.
@ApplicationScoped
class SchemaData implements HeldData {

    @Override
    public String room() {
        return "start";
    }

    @Override
    public List<HeldTable> tables() {
        return List.of(HeldTable.impersonal("flyway_schema_history", "installed_rank", "version", "description",
                "type", "script", "checksum", "installed_by", "installed_on", "execution_time", "success"));
    }
}
