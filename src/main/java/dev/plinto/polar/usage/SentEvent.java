package dev.plinto.polar.usage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.PlainText;
import dev.plinto.polar.polar.WrittenTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// An event as it was sent, of which nothing is known to be valid. A field that is null is one that is not there.
final class SentEvent {

    private static final Duration FUTURE = Duration.ofMinutes(5);
    private static final Duration PAST = Duration.ofDays(30);

    private static final String ORGANIZATION = "organization_id";
    private static final String NAME = "event_name";
    private static final String QUANTITY = "quantity";
    private static final String PROPERTIES = "properties";
    private static final String TIMESTAMP = "timestamp";
    private static final String KEY = "idempotency_key";
    private static final Set<String> FIELDS = Set.of(ORGANIZATION, NAME, QUANTITY, PROPERTIES, TIMESTAMP, KEY);

    private static final int LONGEST_ORGANIZATION = 500;
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_TIMESTAMP = 100;
    private static final Pattern KEYS = Pattern.compile("[ -~]{1,256}");
    /// What a customer of Polar's who belongs to no organization is called: nobody may send usage for one.
    private static final String UNLINKED = "customer:";

    private final int index;
    private final JsonNode json;

    SentEvent(int index, JsonNode json) {
        this.index = index;
        this.json = json;
    }

    /// Whose usage it is. Empty if the event does not say so, or not in a valid way.
    Optional<String> organization() {
        return text(ORGANIZATION, SentEvent::isOrganization);
    }

    /// Empty if it has none that is valid.
    Optional<String> name() {
        return text(NAME, text -> text.length() <= LONGEST_NAME);
    }

    /// @param own       the organization of an event that names none, if there is one
    /// @param isPersons whether a person's token sent it
    /// @param now       the time of an event that has none
    /// @return the event, if it has no fault
    Optional<UsageEvent> read(Optional<String> own, boolean isPersons, Instant now, EventFaults faults) {
        if (!json.isObject()) {
            faults.add(index, "", "must be an object");
            return Optional.empty();
        }
        int before = faults.count();
        json.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                faults.addUnknown(index, field);
            }
        });
        String organization = has(ORGANIZATION)
                ? required(organization(), ORGANIZATION, "must be the id of an organization, of 1 to "
                        + LONGEST_ORGANIZATION + " characters, without control characters", faults)
                : required(own, ORGANIZATION, "is missing, and the token names none", faults);
        String name = required(name(), NAME,
                "must be a text of 1 to " + LONGEST_NAME + " characters, without control characters", faults);
        BigDecimal quantity = quantity(isPersons, faults);
        Instant occurredAt = timestamp(now, faults);
        String key = has(KEY)
                ? required(text(KEY, KEYS.asMatchPredicate()), KEY,
                        "must be 1 to 256 printable ASCII characters, such as a UUID", faults)
                : UUID.randomUUID().toString();
        if (has(PROPERTIES) && !Properties.areValid(json.path(PROPERTIES))) {
            faults.add(index, PROPERTIES, Properties.RULE);
        }
        return faults.count() > before
                ? Optional.empty()
                : Optional.of(new UsageEvent(organization, UsageId.of(organization, key), key, name, quantity,
                        json.path(PROPERTIES).isEmpty() ? null : json.path(PROPERTIES).toString(), occurredAt));
    }

    private BigDecimal quantity(boolean isPersons, EventFaults faults) {
        if (!has(QUANTITY)) {
            return BigDecimal.ONE;
        }
        Optional<BigDecimal> quantity = Quantity.read(json.path(QUANTITY))
                .filter(value -> !isPersons || Quantity.isOfPerson(value));
        if (quantity.isEmpty()) {
            faults.add(index, QUANTITY, isPersons ? Quantity.RULE_OF_PERSON : Quantity.RULE_OF_SERVICE);
        }
        return quantity.orElse(BigDecimal.ONE);
    }

    private Instant timestamp(Instant now, EventFaults faults) {
        if (!has(TIMESTAMP)) {
            return now.truncatedTo(ChronoUnit.MICROS);
        }
        Optional<Instant> time = text(TIMESTAMP, text -> text.length() <= LONGEST_TIMESTAMP)
                .flatMap(WrittenTime::parse);
        if (time.isEmpty()) {
            faults.add(index, TIMESTAMP, "must be a time with a zone (RFC 3339), such as 2026-10-12T09:05:01Z");
        } else if (time.get().isAfter(now.plus(FUTURE))) {
            faults.add(index, TIMESTAMP, "must be at most " + FUTURE.toMinutes() + " minutes ahead");
        } else if (time.get().isBefore(now.minus(PAST))) {
            faults.add(index, TIMESTAMP, "must be at most " + PAST.toDays() + " days ago");
        }
        return time.orElse(now);
    }

    private String required(Optional<String> value, String field, String rule, EventFaults faults) {
        if (value.isEmpty()) {
            faults.add(index, field, rule);
        }
        return value.orElse("");
    }

    boolean namesOrganization() {
        return has(ORGANIZATION);
    }

    private boolean has(String field) {
        return json.hasNonNull(field);
    }

    private Optional<String> text(String field, Predicate<String> valid) {
        return Optional.ofNullable(json.path(field).textValue()).filter(PlainText::isOne).filter(valid);
    }

    private static boolean isOrganization(String text) {
        return text.length() <= LONGEST_ORGANIZATION && !text.startsWith(UNLINKED);
    }
}
