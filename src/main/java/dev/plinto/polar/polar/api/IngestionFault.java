package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.api.FailureReason.FieldError;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Why Polar refuses one metered event.
public sealed interface IngestionFault {

    /// Polar has no such customer, or has deleted it.
    record UnknownCustomer() implements IngestionFault {}

    /// Polar does not accept the time: by its clock it is in the future, above all.
    record WrongTime(String text) implements IngestionFault {

        /// Without Polar's text.
        @Override
        public String toString() {
            return "WrongTime";
        }
    }

    /// The event itself, which Polar would refuse again.
    ///
    /// @param text for people: each field, and what Polar says about it. It may repeat values of the event
    record WrongContent(String text) implements IngestionFault {

        /// Without Polar's text.
        @Override
        public String toString() {
            return "WrongContent";
        }
    }

    /// An event has one of two forms at Polar. If Polar accepts neither, it says about each what is wrong: that fields
    /// of the form that we do not send are missing says nothing.
    Set<String> OF_THE_OTHER_FORM = Set.of("external_customer_id", "external_member_id");

    int LONGEST_TEXT = 300;

    /// @param errors of one event, the fields without its index
    static IngestionFault of(List<FieldError> errors) {
        Set<String> fields = errors.stream().map(FieldError::field).filter(field -> !OF_THE_OTHER_FORM.contains(field))
                .collect(Collectors.toSet());
        if (fields.equals(Set.of("customer_id"))) {
            return new UnknownCustomer();
        }
        String text = text(errors);
        return fields.equals(Set.of("timestamp")) ? new WrongTime(text) : new WrongContent(text);
    }

    private static String text(List<FieldError> errors) {
        return bounded(errors.stream().filter(error -> !OF_THE_OTHER_FORM.contains(error.field()))
                .map(error -> error.field() + ": " + error.message()).distinct().collect(Collectors.joining("; ")));
    }

    /// Of one line, and not too long to be shown.
    static String bounded(String text) {
        String line = text.codePoints().map(point -> Character.isISOControl(point) ? ' ' : point)
                .limit(LONGEST_TEXT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return line.isBlank() ? "Polar does not say why" : line;
    }
}
