package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Polar's resources: the [lists][Collection] and their objects, of which webhook endpoints can be changed. Only the
/// paths of subscriptions, benefit grants, customers and webhooks exist.
final class Resources {

    private static final String ENDPOINTS = "/webhooks/endpoints";
    private static final Pattern SECRET = Pattern.compile("/webhooks/endpoints/([^/]+)/secret");
    private static final Pattern REDELIVERY = Pattern.compile("/webhooks/events/([^/]+)/redeliver");

    private final SimulatedPolar polar;
    private final EndpointChanges changes;

    Resources(SimulatedPolar polar, Set<String> versions) {
        this.polar = polar;
        changes = new EndpointChanges(polar.webhooks(), versions);
    }

    /// @throws InvalidRequest if Polar would refuse a parameter or the body
    Answer answer(Call call) {
        for (Collection collection : Collection.ALL) {
            if (call.path().equals(collection.path())) {
                return list(collection, call);
            }
            String parent = collection.singlePath();
            boolean below = call.path().startsWith(parent) && call.path().indexOf('/', parent.length()) < 0;
            if (collection.singles() && below) {
                refuseParameters(call);
                return single(collection, call, id(call.path().substring(parent.length())));
            }
        }
        return action(call);
    }

    private Answer list(Collection collection, Call call) {
        if (call.method().equals("GET")) {
            return Answer.ok(collection.page(polar.records(), call));
        }
        if (call.method().equals("POST") && collection.path().equals(ENDPOINTS)) {
            refuseParameters(call);
            return Answer.created(endpoint(changes.create(call.body())));
        }
        return Answer.methodNotAllowed();
    }

    private Answer single(Collection collection, Call call, UUID id) {
        Optional<? extends JsonNode> found = collection.single(polar.records(), id);
        if (found.isEmpty()) {
            return Answer.resourceNotFound();
        }
        if (call.method().equals("GET")) {
            return Answer.ok(found.get());
        }
        if (!collection.path().equals(ENDPOINTS)) {
            return Answer.methodNotAllowed();
        }
        return switch (call.method()) {
            case "PATCH" -> {
                changes.update(id, call.body());
                yield Answer.ok(endpoint(id));
            }
            case "DELETE" -> {
                polar.webhooks().deleteEndpoint(id);
                yield Answer.nothing();
            }
            default -> Answer.methodNotAllowed();
        };
    }

    private static void refuseParameters(Call call) {
        call.query().keySet().stream().findFirst().ifPresent(parameter -> {
            throw InvalidRequest.unknownParameter(parameter, call);
        });
    }

    private Answer action(Call call) {
        Matcher redelivery = REDELIVERY.matcher(call.path());
        if (redelivery.matches() && call.method().equals("POST")) {
            refuseParameters(call);
            UUID event = id(redelivery.group(1));
            if (!polar.eventLog().contains(event)) {
                return Answer.resourceNotFound();
            }
            polar.eventLog().redeliver(event);
            return Answer.accepted();
        }
        Matcher secret = SECRET.matcher(call.path());
        if (secret.matches() && call.method().equals("PATCH")) {
            refuseParameters(call);
            UUID endpoint = id(secret.group(1));
            if (!polar.webhooks().endpoints().contains(endpoint)) {
                return Answer.resourceNotFound();
            }
            polar.webhooks().resetSecret(endpoint);
            return Answer.ok(endpoint(endpoint));
        }
        return Answer.notFound();
    }

    private JsonNode endpoint(UUID id) {
        return polar.records().endpoints()
                .filter(listed -> listed.id().equals(id))
                .findFirst().orElseThrow()
                .json().get();
    }

    private static UUID id(String name) {
        try {
            return UUID.fromString(name);
        } catch (IllegalArgumentException e) {
            throw InvalidRequest.path(name);
        }
    }
}
