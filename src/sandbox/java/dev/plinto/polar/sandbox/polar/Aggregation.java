package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.DoubleSummaryStatistics;
import java.util.Optional;
import java.util.stream.Stream;

/// How a meter makes a number of units of events.
record Aggregation(String function, String property) {

    static Aggregation of(Meter meter) {
        return new Aggregation(meter.aggregation().path("func").asText("count"),
                meter.aggregation().path("property").asText());
    }

    /// Whether the units of later events are added to those of earlier ones.
    boolean adds() {
        return function.equals("count") || function.equals("sum");
    }

    double of(Stream<UsageEvent> events) {
        return switch (function) {
            case "count" -> events.count();
            case "unique" -> events.map(event -> event.metadata().get(property)).filter(value -> value != null)
                    .map(String::valueOf).distinct().count();
            default -> {
                DoubleSummaryStatistics values = events.flatMap(event -> number(event).stream())
                        .mapToDouble(Double::doubleValue).summaryStatistics();
                yield values.getCount() == 0 ? 0 : switch (function) {
                    case "max" -> values.getMax();
                    case "min" -> values.getMin();
                    case "avg" -> values.getAverage();
                    default -> values.getSum();
                };
            }
        };
    }

    private Optional<Double> number(UsageEvent event) {
        return event.metadata().get(property) instanceof Number number
                ? Optional.of(number.doubleValue())
                : Optional.empty();
    }

    /// Whether a meter's `filter` lets an event through.
    static boolean matches(JsonNode filter, UsageEvent event) {
        Stream<JsonNode> clauses = filter.path("clauses").valueStream();
        return filter.path("conjunction").asText().equals("or")
                ? clauses.anyMatch(clause -> holds(clause, event))
                : clauses.allMatch(clause -> holds(clause, event));
    }

    private static boolean holds(JsonNode clause, UsageEvent event) {
        if (clause.has("clauses")) {
            return matches(clause, event);
        }
        Object value = switch (clause.path("property").asText()) {
            case "name" -> event.name();
            case "source" -> event.source();
            default -> event.metadata().get(clause.path("property").asText());
        };
        String wanted = clause.path("value").asText();
        String operator = clause.path("operator").asText();
        if (value == null) {
            return operator.equals("ne") || operator.equals("not_like");
        }
        int order = value instanceof Number number && clause.path("value").isNumber()
                ? Double.compare(number.doubleValue(), clause.path("value").asDouble())
                : value.toString().compareTo(wanted);
        return switch (operator) {
            case "eq" -> order == 0;
            case "ne" -> order != 0;
            case "gt" -> order > 0;
            case "gte" -> order >= 0;
            case "lt" -> order < 0;
            case "lte" -> order <= 0;
            case "like" -> value.toString().contains(wanted);
            default -> !value.toString().contains(wanted);
        };
    }
}
