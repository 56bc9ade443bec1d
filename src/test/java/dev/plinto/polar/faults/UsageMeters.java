package dev.plinto.polar.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.MeterTerms;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import java.util.Map;
import java.util.UUID;

/// Two meters at the simulated Polar: how many events a customer has, and their quantities together.
record UsageMeters(SimulatedPolar polar, UUID count, UUID sum) {

    static UsageMeters create(SimulatedPolar polar) {
        ObjectNode count = JsonNodeFactory.instance.objectNode().put("func", "count");
        ObjectNode sum = JsonNodeFactory.instance.objectNode().put("func", "sum").put("property", "quantity");
        return polar.exclusively(() -> new UsageMeters(polar, polar.meters().create(terms("Events", count)),
                polar.meters().create(terms("Quantity", sum))));
    }

    private static MeterTerms terms(String name, ObjectNode aggregation) {
        ObjectNode filter = JsonNodeFactory.instance.objectNode().put("conjunction", "and");
        filter.putArray("clauses").addObject()
                .put("property", "name").put("operator", "eq").put("value", UsageProducer.EVENT);
        return new MeterTerms(name, "scalar", null, null, filter, aggregation, false, Map.of());
    }

    double events(String organization) {
        return consumed(organization, count);
    }

    double quantity(String organization) {
        return consumed(organization, sum);
    }

    private double consumed(String organization, UUID meter) {
        return polar.exclusively(() -> polar.records().customerMeters().map(listed -> (JsonNode) listed.json().get())
                .filter(used -> used.path("meter_id").asText().equals(meter.toString())
                        && used.at("/customer/external_id").asText().equals(organization))
                .mapToDouble(used -> used.path("consumed_units").asDouble()).sum());
    }
}
