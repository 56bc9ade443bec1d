package dev.plinto.polar.ingress;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.NoTokenNeeded;
import dev.plinto.polar.ingress.IngressMetrics.Outcome;
import dev.plinto.polar.ingress.RawTopic.NotDurable;
import dev.plinto.polar.ingress.spool.Spool;
import dev.plinto.polar.polar.Envelope;
import dev.plinto.polar.polar.WebhookSecrets;
import dev.plinto.polar.polar.WebhookSignature;
import dev.plinto.polar.polar.WebhookSignature.Verdict;
import dev.plinto.polar.telemetry.LogFields;
import dev.plinto.polar.telemetry.Trace;
import dev.plinto.polar.telemetry.Tracing;
import io.opentelemetry.api.trace.SpanKind;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Receives Polar's deliveries: verifies the raw bytes, publishes them unchanged, and acknowledges once the broker, or
/// else the spool, has them. Every signed body is accepted; only the projection interprets it.
@Path(ReceivePolarWebhook.PATH)
@NoTokenNeeded // but a signature
public class ReceivePolarWebhook {

    static final String PATH = "/api/v1/polar/webhooks";

    private final WebhookSignature signature;
    private final RawTopic rawTopic;
    private final Spool spool;
    private final OutageReport outages;
    private final IngressProblems problems;
    private final IngressMetrics metrics;
    private final Tracing tracing;
    private final InstantSource clock;
    private final long maxBody;
    private final BodyMemory memory;
    private final ClientBodies clients;

    ReceivePolarWebhook(IngressConfig config, RawTopic rawTopic, Spool spool, OutageReport outages,
            IngressMetrics metrics, Tracing tracing, BodyMemory memory, ClientBodies clients, InstantSource clock) {
        this.signature = new WebhookSignature(WebhookSecrets.split(config.webhook().secret().orElse("")));
        this.rawTopic = rawTopic;
        this.spool = spool;
        this.outages = outages;
        this.problems = new IngressProblems(config);
        this.metrics = metrics;
        this.tracing = tracing;
        this.clock = clock;
        this.maxBody = config.webhook().maxBody().asLongValue();
        this.memory = memory;
        this.clients = clients;
    }

    /// The answer to a delivery that is durable.
    public record Accepted(@JsonProperty("webhook_id") String webhookId, String status) {}

    @POST
    public Uni<Response> receive(@Context HttpServerRequest request) {
        Instant receivedAt = clock.instant();
        Optional<Verdict> refusal = refusal(request.headers(), receivedAt);
        if (refusal.isPresent()) {
            BoundedBody.discardOrClose(request); // read, the body would only take memory
            return answer(refusal.get(), request.headers(), new byte[0], receivedAt);
        }
        BoundedBody bounded = new BoundedBody(request, maxBody, memory);
        clients.began(request, bounded);
        return bounded.read()
                .chain(body -> answer(verify(request.headers(), body, receivedAt), request.headers(), body, receivedAt))
                .onTermination().invoke(bounded::release)
                .onFailure(BoundedBody.TooLarge.class)
                .recoverWithItem(() -> reject(closing(request, problems.tooLarge().responseBuilder())))
                .onFailure(BoundedBody.Incomplete.class)
                .recoverWithItem(() -> reject(IngressProblems.incomplete().response()))
                .onFailure(BoundedBody.MemoryExhausted.class).recoverWithItem(this::refuseForMemory);
    }

    private Uni<Response> answer(Verdict verdict, MultiMap headers, byte[] body, Instant receivedAt) {
        metrics.verified(verdict);
        return switch (verdict) {
            case Verdict.Valid valid -> keep(headers, body, receivedAt);
            case Verdict.Malformed malformed -> Uni.createFrom().item(reject(IngressProblems.malformed(malformed)));
            case Verdict.Stale stale -> Uni.createFrom().item(reject(IngressProblems.stale(stale)));
            case Verdict.Bad bad -> Uni.createFrom().item(reject(IngressProblems.bad()));
        };
    }

    /// By its headers alone.
    private static Optional<Verdict> refusal(MultiMap headers, Instant now) {
        for (String name : List.of(HeaderNames.WEBHOOK_ID, HeaderNames.WEBHOOK_TIMESTAMP,
                HeaderNames.WEBHOOK_SIGNATURE)) {
            int sent = headers.getAll(name).size();
            if (sent != 1) { // of two, a proxy and this service might trust different ones
                return Optional.of(
                        new Verdict.Malformed(name + (sent == 0 ? " is missing" : " was sent more than once")));
            }
        }
        return WebhookSignature.refusal(headers.get(HeaderNames.WEBHOOK_ID),
                headers.get(HeaderNames.WEBHOOK_TIMESTAMP), headers.get(HeaderNames.WEBHOOK_SIGNATURE), now);
    }

    private Verdict verify(MultiMap headers, byte[] body, Instant now) {
        return signature.verify(headers.get(HeaderNames.WEBHOOK_ID), headers.get(HeaderNames.WEBHOOK_TIMESTAMP),
                headers.get(HeaderNames.WEBHOOK_SIGNATURE), body, now);
    }

    private Uni<Response> keep(MultiMap headers, byte[] body, Instant receivedAt) {
        String webhookId = headers.get(HeaderNames.WEBHOOK_ID);
        Optional<Envelope> envelope = Envelope.scan(body);
        Trace trace = trace(headers, webhookId, envelope, receivedAt);
        RawEvent event = new RawEvent(webhookId, headers.get(HeaderNames.WEBHOOK_TIMESTAMP),
                headers.get(HeaderNames.WEBHOOK_SIGNATURE), headers.get(HeaderNames.WEBHOOK_API_VERSION),
                receivedAt, RawEvent.Origin.WEBHOOK, body, envelope, trace.context(), null);
        return rawTopic.publish(event).replaceWith(Outcome.ACCEPTED)
                .onFailure(NotDurable.class).recoverWithUni(away -> spool(event, away))
                .map(outcome -> {
                    outages.durable();
                    answered(outcome, event, trace);
                    return Response.accepted(new Accepted(webhookId, "accepted"))
                            .type(MediaType.APPLICATION_JSON_TYPE).build();
                })
                .onFailure(NotDurable.class).recoverWithItem(away -> {
                    outages.refused(away);
                    answered(Outcome.UNAVAILABLE, event, trace.failed());
                    return problems.notDurable().build();
                });
    }

    /// Only for verified deliveries: a stranger's request creates no spans.
    private Trace trace(MultiMap headers, String webhookId, Optional<Envelope> envelope, Instant receivedAt) {
        if (!tracing.isOn()) {
            return Trace.NONE;
        }
        return tracing.begin(SpanKind.SERVER, "POST " + PATH, headers.get(HeaderNames.TRACEPARENT), receivedAt)
                .with("http.request.method", "POST")
                .with("http.route", PATH)
                .with("polar.webhook_id", webhookId)
                .with("polar.event_type", envelope.map(Envelope::type).orElse(null));
    }

    private void answered(Outcome outcome, RawEvent event, Trace trace) {
        metrics.answered(outcome, event.envelope(), event.receivedAt(), clock.instant());
        if (trace.isOn()) {
            trace.with("polar.outcome", outcome.wireName())
                    .with("http.response.status_code", outcome == Outcome.UNAVAILABLE ? 503 : 202)
                    .end();
        }
        if (Log.isDebugEnabled()) {
            LogFields.of(event.webhookId(), null, trace, () -> Log.debugf("Delivery %s of type %s: %s",
                    event.webhookId(), event.envelope().map(Envelope::type).orElse("unparseable"), outcome.wireName()));
        }
    }

    private Uni<Outcome> spool(RawEvent event, Throwable brokerAway) {
        return spool.write(event)
                .invoke(() -> outages.spooled(event.webhookId(), brokerAway))
                .replaceWith(Outcome.SPOOLED);
    }

    private Response refuseForMemory() {
        metrics.unavailable();
        return problems.notDurable().build();
    }

    /// Closes the connection, so that the rest of the body is neither sent nor read.
    private static Response closing(HttpServerRequest request, Response.ResponseBuilder problem) {
        return BoundedBody.ownsConnection(request)
                ? problem.header("Connection", "close").build()
                : problem.build();
    }

    private Response reject(Response problem) {
        metrics.rejected();
        return problem;
    }
}
