package dev.plinto.polar.privacy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.FailureReason;
import dev.plinto.polar.polar.api.Polar.Page;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.PolarRecords;
import dev.plinto.polar.polar.api.PolarRecords.Fields;
import dev.plinto.polar.polar.api.Purpose;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What Polar has of the organization now: its customer, and what that was charged. Both are written page by page as
/// they are read. What it cannot read it says in `unavailable`.
@ApplicationScoped
class PolarRecord implements ProviderRecord {

    /// With the customer, fewer calls than an organization has in a minute.
    private static final int MOST_PAGES = 15;
    private static final ObjectMapper WRITER = new ObjectMapper();

    private final PolarRecords polar;

    PolarRecord(PolarRecords polar) {
        this.polar = polar;
    }

    @Override
    public void write(String organization, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("polar");
        json.writeStringField("unavailable", read(new Purpose.ForOrganization(organization), json));
        json.writeEndObject();
    }

    /// @return why not all of it is written; null if all is
    private @Nullable String read(Purpose.ForOrganization caller, JsonGenerator json) throws IOException {
        Read<Optional<Dated<Fields>>> read = Read.of(() -> polar.customer(caller));
        Optional<Dated<Fields>> customer = read.answer == null ? Optional.empty() : read.answer;
        json.writeStringField("read_at", customer.map(found -> Rfc3339.format(found.at())).orElse(null));
        json.writeFieldName("customer");
        write(customer.map(Dated::answer).orElse(null), json);
        json.writeArrayFieldStart("orders");
        String missing = customer.isPresent() ? orders(caller, customer.get().answer().id(), json) : read.unavailable;
        json.writeEndArray();
        return missing;
    }

    /// As [#read].
    private @Nullable String orders(Purpose.ForOrganization caller, String customer, JsonGenerator json)
            throws IOException {
        int last = 1;
        for (int page = 1; page <= last; page++) {
            if (page > MOST_PAGES) {
                return "This document has the oldest orders at Polar only; all of them are in its customer portal";
            }
            int number = page;
            Read<Optional<Dated<Page<Fields>>>> read = Read.of(() -> polar.orders(caller, customer, number));
            if (read.answer == null) {
                return read.unavailable;
            }
            if (read.answer.isPresent()) {
                Page<Fields> found = read.answer.get().answer();
                last = found.last();
                for (Fields order : found.items()) {
                    write(order, json);
                }
            }
        }
        return null;
    }

    private static void write(@Nullable Fields object, JsonGenerator json) throws IOException {
        if (object == null) {
            json.writeNull();
        } else {
            json.writeRawValue(WRITER.writeValueAsString(object.json())); // numbers as Polar wrote them
        }
    }

    /// What was read; or why it was not, for whoever reads the document.
    private record Read<T>(@Nullable T answer, @Nullable String unavailable) {

        interface Call<T> {
            T answer() throws InterruptedException;
        }

        static <T> Read<T> of(Call<T> call) {
            try {
                return new Read<>(call.answer(), null);
            } catch (PolarFailure failure) {
                Log.warnf("An export says that Polar could not be read: %s", failure.getMessage());
                return new Read<>(null, text(failure.reason()));
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return new Read<>(null, "Polar was not read to the end; export again");
            }
        }

        private static String text(FailureReason reason) {
            return switch (reason) {
                case FailureReason.RateLimited limited -> "Polar takes no more requests now; export again in a minute";
                case FailureReason.OrganizationLimited limited ->
                    "Polar was asked much for this organization in the last minute; export again in a minute";
                case FailureReason.TokenNotAccepted token -> notConfigured();
                case FailureReason.MissingScope token -> notConfigured();
                case FailureReason.OtherEnvironment other -> notConfigured();
                case FailureReason.VersionGone version -> notConfigured();
                case FailureReason.Redirected elsewhere -> notConfigured();
                case FailureReason.Unreachable nobody -> away();
                case FailureReason.Unanswered nothing -> away();
                case FailureReason.Unreadable body -> away();
                case FailureReason.UnusableField field -> away();
                case FailureReason.ServerFault fault -> away();
                case FailureReason.Refused refused -> away();
            };
        }

        private static String notConfigured() {
            return "This service may not read it at Polar; an operator must correct what its log names";
        }

        private static String away() {
            return "Polar does not answer as it should; export again later";
        }
    }
}
