package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.ListedObject;
import dev.plinto.polar.sandbox.polar.Quantities;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import dev.plinto.polar.sandbox.provider.Call;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// What was used of a meter, interval by interval.
final class MeterQuantities {

    private static final int MOST_INTERVALS = 1_000;
    private static final Map<String, ChronoUnit> INTERVALS = Map.of("year", ChronoUnit.YEARS, "month",
            ChronoUnit.MONTHS, "week", ChronoUnit.WEEKS, "day", ChronoUnit.DAYS, "hour", ChronoUnit.HOURS);
    private static final Filter CUSTOMER = Filter.id("customer_id");
    private static final Pattern METADATA = Pattern.compile("metadata\\[([^\\[\\]]+)]");
    private static final List<String> PARAMETERS = List.of("start_timestamp", "end_timestamp", "interval", "timezone",
            "customer_id", "external_customer_id");

    private final SimulatedPolar polar;

    MeterQuantities(SimulatedPolar polar) {
        this.polar = polar;
    }

    Answer answer(Request request) {
        UUID meter = request.id("id");
        if (!polar.meters().contains(meter)) {
            throw PolarAnswers.unknownResource();
        }
        Call call = request.call();
        call.query().keySet().stream()
                .filter(parameter -> !PARAMETERS.contains(parameter) && !METADATA.matcher(parameter).matches())
                .findFirst().ifPresent(parameter -> {
                    throw InvalidRequest.unknownParameter(parameter, call);
                });
        call.all(CUSTOMER.parameter()).forEach(CUSTOMER.rule()::of); // refuses what is no id
        Instant start = time(call, "start_timestamp");
        Instant end = time(call, "end_timestamp");
        String name = required(call, "interval");
        if (!INTERVALS.containsKey(name)) {
            throw InvalidRequest.query("interval", "enum", name, "Input should be year, month, week, day or hour");
        }
        ChronoUnit interval = INTERVALS.get(name);
        ZonedDateTime first = begin(start.atZone(zone(call)), interval);
        if (!end.isAfter(start) || interval.between(first, end.atZone(first.getZone())) > MOST_INTERVALS) {
            throw InvalidRequest.query("end_timestamp", "value_error", call.one("end_timestamp").orElseThrow(),
                    "The end is at most " + MOST_INTERVALS + " intervals after the start");
        }
        Quantities quantities = polar.usage().quantities(meter, event -> matches(event, call));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode all = body.putArray("quantities");
        for (ZonedDateTime from = first; from.toInstant().isBefore(end); from = from.plus(1, interval)) {
            all.addObject()
                    .put("timestamp", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(from))
                    .put("quantity", quantities.between(from.toInstant(), from.plus(1, interval).toInstant()));
        }
        return Answer.ok(body.put("total", quantities.between(start, end)));
    }

    private static boolean matches(ListedObject event, Call call) {
        return call.query().keySet().stream()
                .filter(parameter -> parameter.endsWith("customer_id") || METADATA.matcher(parameter).matches())
                .allMatch(parameter -> call.all(parameter).contains(String.valueOf(event.keys().get(parameter))));
    }

    private static ZonedDateTime begin(ZonedDateTime start, ChronoUnit interval) {
        return switch (interval) {
            case HOURS -> start.truncatedTo(ChronoUnit.HOURS);
            case WEEKS -> start.truncatedTo(ChronoUnit.DAYS).minusDays(start.getDayOfWeek().getValue() - 1L);
            case MONTHS -> start.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
            case YEARS -> start.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
            default -> start.truncatedTo(ChronoUnit.DAYS);
        };
    }

    private static ZoneId zone(Call call) {
        String name = call.one("timezone").orElse("UTC");
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw InvalidRequest.query("timezone", "enum", name, "Input should be the name of a time zone");
        }
    }

    private static Instant time(Call call, String parameter) {
        String value = required(call, parameter);
        try {
            return Parse.time(value);
        } catch (DateTimeException e) {
            throw InvalidRequest.query(
                    parameter, "datetime_from_date_parsing", value, "Input should be a valid datetime");
        }
    }

    private static String required(Call call, String parameter) {
        Optional<String> value = call.one(parameter);
        return value.orElseThrow(() -> InvalidRequest.query(parameter, "missing", null, "Field required"));
    }
}
