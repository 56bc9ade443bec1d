package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.CountryCode;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.PlainText;
import dev.plinto.polar.Problem;
import dev.plinto.polar.entitlement.Account;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The fields of a request's body. All faults are collected, so that the sender learns of all of them at once. A field
/// that is null is one that is not there.
final class Fields {

    private static final int MOST_FAULTS = 50;
    private static final int LONGEST_ID = 500;
    private static final int LONGEST_EMAIL = 254;
    /// What mail servers accept without quotes; the domain has a dot, as Polar wants it.
    private static final Pattern EMAIL = Pattern.compile(
            "[\\w.!#$%&'*+/=?^`{|}~-]{1,64}@"
                    + "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]*");
    private static final Pattern LOCALE = Pattern.compile("[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?");

    private final JsonNode body;
    private final List<FieldFault> faults = new ArrayList<>();

    /// Throws 400 `body-not-json` if it is not one JSON object.
    Fields(String body, Set<String> known) {
        this.body = object(body);
        this.body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                fault(isName(name) ? name : "", "is unknown"); // else it may be anything
            }
        });
    }

    /// Of a body that may be empty, which says the same as an object without fields.
    static Fields orNone(@Nullable String body, Set<String> known) {
        return new Fields(body == null || body.isBlank() ? "{}" : body, known);
    }

    /// The body of a call that has no fields. Throws 400 `body-not-json` or 422 `body-invalid` if there are some.
    static JsonNode none(@Nullable String body) {
        Fields fields = orNone(body, Set.of());
        fields.requireFaultless();
        return fields.body();
    }

    private static JsonNode object(String body) {
        try {
            JsonNode json = ExactJson.read(body);
            if (json.isObject()) {
                return json;
            }
        } catch (IOException notJson) {
            // refused below
        }
        throw Problem.bodyNotJson();
    }

    private static boolean isName(String name) {
        return name.matches("[A-Za-z_]{1,40}");
    }

    JsonNode body() {
        return body;
    }

    boolean has(String name) {
        return body.hasNonNull(name);
    }

    JsonNode value(String name) {
        return body.path(name);
    }

    void fault(String field, String message) {
        faults.add(new FieldFault(field, message));
    }

    /// A text that people may read: not empty, without control characters, NULs and halves of characters.
    Optional<String> text(String name, int longest) {
        return text(name, text -> text.length() <= longest,
                "must be a text of 1 to " + longest + " characters, without control characters");
    }

    /// @param valid called for texts without control characters only
    Optional<String> text(String name, Predicate<String> valid, String rule) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = value(name);
        if (!value.isTextual() || !PlainText.isOne(value.textValue()) || !valid.test(value.textValue())) {
            fault(name, rule);
            return Optional.empty();
        }
        return Optional.of(value.textValue());
    }

    /// A text of several lines.
    Optional<String> lines(String name, int longest) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = value(name);
        if (!value.isTextual() || value.textValue().length() > longest
                || !PlainText.isOne(value.textValue().replaceAll("[\\r\\n\\t]", " "))) {
            fault(name, "must be a text of 1 to " + longest + " characters, with no control characters but the ends "
                    + "of lines");
            return Optional.empty();
        }
        return Optional.of(value.textValue());
    }

    /// The id of an organization: not the account of a customer who belongs to none.
    Optional<String> organization(String name) {
        return text(name, Fields::isOrganization,
                "must be the id of an organization, of 1 to " + LONGEST_ID + " characters, without control characters");
    }

    static boolean isOrganization(String text) {
        return text.length() <= LONGEST_ID && PlainText.isOne(text) && new Account(text).isLinked();
    }

    /// @param words in small letters
    Optional<String> oneOf(String name, List<String> words) {
        return text(name, words::contains, "must be one of " + String.join(", ", words));
    }

    Optional<String> email(String name) {
        return text(name, Fields::isEmail, "must be an e-mail address");
    }

    static boolean isEmail(String text) {
        return text.length() <= LONGEST_EMAIL && EMAIL.matcher(text).matches();
    }

    Optional<String> country(String name) {
        return text(name, CountryCode::isOne, "must be a country of ISO 3166, such as MX");
    }

    Optional<String> locale(String name) {
        return text(name, text -> LOCALE.matcher(text).matches(),
                "must be a language, with a region or without, such as es-MX");
    }

    Optional<Integer> whole(String name, int least, int most) {
        if (!has(name)) {
            return Optional.empty();
        }
        if (!isWhole(value(name), least, most)) {
            fault(name, "must be a whole number from " + least + " to " + most);
            return Optional.empty();
        }
        return Optional.of(value(name).intValue());
    }

    static boolean isWhole(JsonNode value, int least, int most) {
        return value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= least
                && value.intValue() <= most;
    }

    /// A number that everybody can read.
    ///
    /// @param longest in characters, as it is written
    static boolean isNumber(JsonNode value, int longest) {
        return value.isNumber() && value.asText().length() <= longest
                && Double.isFinite(Double.parseDouble(value.asText()));
    }

    Optional<Boolean> flag(String name) {
        if (has(name) && !value(name).isBoolean()) {
            fault(name, "must be true or false");
            return Optional.empty();
        }
        return has(name) ? Optional.of(value(name).booleanValue()) : Optional.empty();
    }

    /// Throws 422 `body-invalid` with the faults, if there are any.
    void requireFaultless() {
        if (!faults.isEmpty()) {
            List<FieldFault> told = faults.stream().sorted(Comparator.comparing(FieldFault::field)).limit(MOST_FAULTS)
                    .toList();
            throw new Problem("body-invalid", 422, "A field of the body is not valid",
                    "Nothing was done. Mend the fields that errors names.").with("errors", told).exception();
        }
    }
}
