package dev.plinto.polar.polar.api;

import dev.plinto.polar.polar.Payload;
import dev.plinto.polar.polar.api.FailureReason.FieldError;
import dev.plinto.polar.polar.api.FailureReason.Refused;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Metered events at Polar, by which it bills.
@ApplicationScoped
public class PolarEvents {

    /// `events.3.timestamp`; or with the form that Polar tried, `events.3.EventCreateCustomer.timestamp`.
    private static final Pattern FIELD_OF_EVENT = Pattern.compile("events\\.(\\d{1,6})(?:\\.[A-Z]\\w*)?(?:\\.(.+))?");
    private static final int TOO_LARGE = 413;
    private static final int UNPROCESSABLE = 422;

    private final PolarCalls calls;

    PolarEvents(PolarCalls calls) {
        this.calls = calls;
    }

    /// Sends a batch, which may be sent again however it ends. Waits until the budget of requests allows it, and while
    /// Polar wants no requests, for hours if need be.
    ///
    /// @throws PolarFailure if Polar does not answer, or refuses whatever is sent
    public Ingestion ingest(List<NewEvent> events) throws InterruptedException {
        String body = RequestBody.of(new Batch(events.stream().map(NewEvent::written).toList()));
        try {
            Dated<Counts> taken = calls.call(Purpose.Upkeep.USAGE, Operation.INGEST_EVENTS,
                    api -> api.ingestEvents(body), Counts::of);
            return new Ingestion.Taken(taken.answer().inserted, taken.answer().duplicates, taken.at());
        } catch (PolarFailure failure) {
            if (failure.reason() instanceof Refused refused && isOfContent(refused)) {
                return refused(refused.fields(), events.size());
            }
            throw failure;
        }
    }

    private static boolean isOfContent(Refused refused) {
        return refused.status() == UNPROCESSABLE || refused.status() == TOO_LARGE;
    }

    private static Ingestion.Refused refused(List<FieldError> errors, int events) {
        Map<Integer, List<FieldError>> byEvent = new HashMap<>();
        for (FieldError error : errors) {
            Matcher field = FIELD_OF_EVENT.matcher(error.field());
            if (field.matches() && Integer.parseInt(field.group(1)) < events) {
                byEvent.computeIfAbsent(Integer.valueOf(field.group(1)), index -> new ArrayList<>())
                        .add(new FieldError(field.group(2) == null ? "event" : field.group(2), error.message()));
            }
        }
        Map<Integer, IngestionFault> faults = new HashMap<>();
        byEvent.forEach((index, ofEvent) -> faults.put(index, IngestionFault.of(ofEvent)));
        return new Ingestion.Refused(faults,
                IngestionFault.bounded(errors.stream().map(FieldError::message).findFirst().orElse("")));
    }

    private record Counts(int inserted, int duplicates) {

        static Counts of(Payload answer) {
            return new Counts(Needed.number(answer, "inserted"), Needed.number(answer, "duplicates"));
        }
    }

    private record Batch(List<NewEvent.Written> events) {}
}
