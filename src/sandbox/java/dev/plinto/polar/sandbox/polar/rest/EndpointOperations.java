package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.EventLog;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.Webhooks;
import dev.plinto.polar.sandbox.provider.Answer;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// What can be done with webhook endpoints and their events. A null field is left unchanged, as at Polar.
final class EndpointOperations {

    private final SimulatedPolar polar;
    private final Webhooks webhooks;
    private final Set<String> versions;

    EndpointOperations(SimulatedPolar polar, Set<String> versions) {
        this.polar = polar;
        webhooks = polar.webhooks();
        this.versions = versions;
    }

    List<Operation> all() {
        return List.of(
                Operation.of("POST", "/webhooks/endpoints", this::create),
                Operation.of("PATCH", "/webhooks/endpoints/{id}", this::update),
                Operation.of("DELETE", "/webhooks/endpoints/{id}", this::delete),
                Operation.of("PATCH", "/webhooks/endpoints/{id}/secret", this::resetSecret),
                Operation.of("POST", "/webhooks/events/{id}/redeliver", this::redeliver));
    }

    private Answer create(Request request) {
        Change change = change(request.onlyWith().body().require("url", "format", "events"));
        UUID endpoint = webhooks.createEndpoint(change.body.text("url").orElseThrow(), webhooks.newSecret());
        change.apply(endpoint);
        return Answer.created(json(endpoint));
    }

    private Answer update(Request request) {
        UUID endpoint = known(request);
        change(request.body()).apply(endpoint);
        return Answer.ok(json(endpoint));
    }

    private Answer delete(Request request) {
        webhooks.deleteEndpoint(known(request));
        return Answer.nothing();
    }

    private Answer resetSecret(Request request) {
        UUID endpoint = known(request);
        webhooks.resetSecret(endpoint);
        return Answer.ok(json(endpoint));
    }

    private Answer redeliver(Request request) {
        UUID event = request.onlyWith().id("id");
        EventLog log = polar.eventLog();
        if (!log.contains(event)) {
            throw PolarAnswers.unknownResource();
        }
        log.redeliver(event);
        return PolarAnswers.accepted();
    }

    private UUID known(Request request) {
        UUID endpoint = request.onlyWith().id("id");
        if (!webhooks.endpoints().contains(endpoint)) {
            throw PolarAnswers.unknownResource();
        }
        return endpoint;
    }

    private JsonNode json(UUID endpoint) {
        return polar.records().endpoints()
                .filter(listed -> listed.id().equals(endpoint))
                .findFirst().orElseThrow()
                .json().get();
    }

    /// @throws InvalidRequest if a field is invalid
    private Change change(Body body) {
        body.text("url").filter(url -> !isUrl(url)).ifPresent(
                url -> body.refuse("url", "url_parsing", "Input should be a valid URL"));
        body.text("format").filter(format -> !format.equals("raw")).ifPresent(
                format -> body.refuse("format", "enum", "The simulated Polar sends 'raw' only"));
        body.oneOf("api_version", List.copyOf(versions));
        body.flag("enabled");
        body.text("name");
        body.texts("events").stream().filter(type -> !Webhooks.ALL_TYPES.contains(type)).findFirst().ifPresent(
                type -> body.refuse("events", "enum", "Input should be a type of event"));
        body.check();
        return new Change(webhooks, body);
    }

    private record Change(Webhooks webhooks, Body body) {

        void apply(UUID endpoint) {
            body.text("url").ifPresent(url -> webhooks.setUrl(endpoint, url));
            body.text("name").ifPresent(name -> webhooks.setName(endpoint, name));
            if (body.node("events").isArray()) {
                webhooks.select(endpoint, body.texts("events"));
            }
            body.text("api_version").ifPresent(version -> webhooks.setApiVersion(endpoint, version));
            body.flag("enabled").ifPresent(enabled -> webhooks.setEnabled(endpoint, enabled));
        }
    }

    private static boolean isUrl(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
