package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.ListedObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;

/// A query parameter of a list, and the objects that match it. An invalid value is answered with 422.
record Filter(String parameter, Rule rule) {

    interface Rule {

        Predicate<ListedObject> of(String value);
    }

    static Filter id(String key) {
        return new Filter(key, value -> {
            UUID id = uuid(key, value);
            return listed -> id.equals(listed.keys().get(key));
        });
    }

    /// An object that has another id.
    static Filter otherId(String parameter, String key) {
        return new Filter(parameter, value -> {
            UUID id = uuid(parameter, value);
            return listed -> !id.equals(listed.keys().get(key));
        });
    }

    /// Of a key that has several ids, any of them.
    static Filter anyId(String key) {
        return new Filter(key, value -> {
            UUID id = uuid(key, value);
            return listed -> listed.keys().get(key) instanceof ListedObject.Ids ids && ids.all().contains(id);
        });
    }

    /// A part of a text, in upper or lower case.
    static Filter part(String parameter, String key) {
        return new Filter(parameter, value -> hasText(key, value, true));
    }

    static Filter text(String key) {
        return new Filter(key, value -> listed -> value.equals(listed.keys().get(key)));
    }

    static Filter textOfAnyCase(String key) {
        return new Filter(key, value -> listed -> listed.keys().get(key) instanceof String text
                && value.equalsIgnoreCase(text));
    }

    /// One of these values; any other is refused.
    static Filter oneOf(String key, List<String> values) {
        return new Filter(key, value -> {
            if (!values.contains(value)) {
                throw InvalidRequest.query(key, "enum", value, "Input should be one of " + values);
            }
            return listed -> value.equals(listed.keys().get(key));
        });
    }

    static Filter flag(String key) {
        return new Filter(key, value -> {
            Boolean flag = flagOf(key, value);
            return listed -> flag.equals(listed.keys().get(key));
        });
    }

    static boolean flagOf(String parameter, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "on", "yes", "t", "y" -> true;
            case "false", "0", "off", "no", "f", "n" -> false;
            default -> throw InvalidRequest.query(
                    parameter, "bool_parsing", value, "Input should be a valid boolean, unable to interpret input");
        };
    }

    /// Matches later times; an object without that time does not match.
    static Filter after(String parameter, String key) {
        return new Filter(parameter, value -> {
            Instant moment = time(parameter, value);
            return listed -> listed.keys().get(key) instanceof Instant time && time.isAfter(moment);
        });
    }

    static Filter before(String parameter, String key) {
        return new Filter(parameter, value -> {
            Instant moment = time(parameter, value);
            return listed -> listed.keys().get(key) instanceof Instant time && time.isBefore(moment);
        });
    }

    /// By a text that a key begins with or, if `anywhere`, contains; upper and lower case are the same.
    static Predicate<ListedObject> hasText(String key, String text, boolean anywhere) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return listed -> listed.keys().get(key) instanceof String value
                && (anywhere
                        ? value.toLowerCase(Locale.ROOT).contains(wanted)
                        : value.toLowerCase(Locale.ROOT).startsWith(wanted));
    }

    private static UUID uuid(String parameter, String value) {
        try {
            return Parse.id(value);
        } catch (IllegalArgumentException e) {
            throw InvalidRequest.query(parameter, "uuid_parsing", value, "Input should be a valid UUID");
        }
    }

    private static Instant time(String parameter, String value) {
        try {
            return Parse.time(value);
        } catch (DateTimeException e) {
            throw InvalidRequest.query(
                    parameter, "datetime_from_date_parsing", value, "Input should be a valid datetime");
        }
    }
}
