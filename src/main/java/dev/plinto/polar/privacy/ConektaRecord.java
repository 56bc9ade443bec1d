package dev.plinto.polar.privacy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.conekta.ConektaDialect;
import dev.plinto.polar.conekta.api.Answered;
import dev.plinto.polar.conekta.api.ConektaFailure;
import dev.plinto.polar.conekta.api.ConektaForOrganizations;
import dev.plinto.polar.conekta.api.FailureReason;
import io.quarkus.logging.Log;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What Conekta has of the organization now: its customers with their subscriptions, and its newest orders. Each is
/// written as it is read. What it cannot read it says in `unavailable`.
@ApplicationScoped
class ConektaRecord implements ProviderRecord {

    /// An organization has one, unless it came back after an erasure.
    private static final int MOST_CUSTOMERS = 2;
    /// With the customers and their subscriptions, fewer calls than an organization has in a minute.
    private static final int MOST_ORDERS = 12;

    private static final String ONLY_SOME = "This document has the newest orders at Conekta only; ask the merchant "
            + "for the older ones";

    private final Pool pool;
    private final ConektaForOrganizations conekta;
    private final ConektaConfig config;

    ConektaRecord(Pool pool, ConektaForOrganizations conekta, ConektaConfig config) {
        this.pool = pool;
        this.conekta = conekta;
        this.config = config;
    }

    @Override
    public void write(String organization, JsonGenerator json) throws IOException {
        if (config.isOn()) {
            json.writeObjectFieldStart("conekta");
            new Document(organization, json).write();
            json.writeEndObject();
        }
    }

    private interface Call {
        Optional<Answered> answer() throws InterruptedException;
    }

    private final class Document {

        private final String organization;
        private final JsonGenerator json;
        private @Nullable String readAt;
        private @Nullable String unavailable;

        Document(String organization, JsonGenerator json) {
            this.organization = organization;
            this.json = json;
        }

        void write() throws IOException {
            KnownAtConekta known = KnownAtConekta.of(pool, organization, MOST_CUSTOMERS + 1, MOST_ORDERS + 1);
            List<JsonNode> subscriptions = new ArrayList<>();
            json.writeArrayFieldStart("customers");
            for (String customer : first(known.customers(), MOST_CUSTOMERS)) {
                String id = ConektaDialect.ownId(customer);
                write(read(() -> conekta.customer(organization, id)));
                read(() -> conekta.subscriptions(organization, id)).ifPresent(list -> {
                    list.path("data").forEach(subscriptions::add);
                    if (list.path("has_more").asBoolean()) {
                        unavailable = unavailable == null ? ONLY_SOME : unavailable;
                    }
                });
            }
            json.writeEndArray();
            json.writeArrayFieldStart("subscriptions");
            for (JsonNode subscription : subscriptions) {
                write(Optional.of(subscription));
            }
            json.writeEndArray();
            json.writeArrayFieldStart("orders");
            for (String order : first(known.orders(), MOST_ORDERS)) {
                write(read(() -> conekta.order(organization, ConektaDialect.ownId(order))));
            }
            json.writeEndArray();
            json.writeStringField("read_at", readAt);
            json.writeStringField("unavailable", unavailable);
        }

        private List<String> first(List<String> ids, int most) {
            if (ids.size() <= most) {
                return ids;
            }
            unavailable = unavailable == null ? ONLY_SOME : unavailable;
            return ids.subList(0, most);
        }

        /// Empty too after a call that failed: Conekta is asked no more then.
        private Optional<JsonNode> read(Call call) {
            if (unavailable != null && !unavailable.equals(ONLY_SOME)) {
                return Optional.empty();
            }
            try {
                Optional<Answered> answer = call.answer();
                answer.ifPresent(found -> readAt = Rfc3339.format(found.at()));
                return answer.map(Answered::object);
            } catch (ConektaFailure failure) {
                Log.warnf("An export says that Conekta could not be read: %s", failure.getMessage());
                unavailable = text(failure.reason());
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                unavailable = "Conekta was not read to the end; export again";
            }
            return Optional.empty();
        }

        private void write(Optional<JsonNode> object) throws IOException {
            if (object.isPresent()) {
                json.writeRawValue(object.get().toString()); // numbers as Conekta wrote them
            }
        }
    }

    private static String text(FailureReason reason) {
        return switch (reason) {
            case FailureReason.RateLimited limited -> "Conekta takes no more requests now; export again in a minute";
            case FailureReason.OrganizationLimited limited ->
                "Conekta was asked much for this organization in the last minute; export again in a minute";
            case FailureReason.KeyNotAccepted key -> notConfigured();
            case FailureReason.OtherMode mode -> notConfigured();
            case FailureReason.NoSuchPath path -> notConfigured();
            case FailureReason.Redirected elsewhere -> notConfigured();
            case FailureReason.Unreachable nobody -> away();
            case FailureReason.Unanswered nothing -> away();
            case FailureReason.Unusable answer -> away();
            case FailureReason.ServerFault fault -> away();
            case FailureReason.Refused refused -> away();
        };
    }

    private static String notConfigured() {
        return "This service may not read it at Conekta; an operator must correct what its log names";
    }

    private static String away() {
        return "Conekta does not answer as it should; export again later";
    }
}
