package dev.plinto.polar.ingress;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.plinto.polar.Envelope;
import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Verdict;
import dev.plinto.polar.WebhookDialect;
import dev.plinto.polar.ingress.IngressMetrics.Outcome;
import dev.plinto.polar.ingress.RawTopic.NotDurable;
import dev.plinto.polar.ingress.spool.Spool;
import dev.plinto.polar.telemetry.LogFields;
import dev.plinto.polar.telemetry.Trace;
import dev.plinto.polar.telemetry.Tracing;
import io.opentelemetry.api.trace.SpanKind;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Receives a provider's deliveries: verifies the raw bytes, publishes them unchanged, and acknowledges once the
/// broker, or else the spool, has them. Every signed body is accepted; only the projection interprets it.
@ApplicationScoped
class ReceiveWebhook {

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

    ReceiveWebhook(IngressConfig config, RawTopic rawTopic, Spool spool, OutageReport outages,
            IngressMetrics metrics, Tracing tracing, BodyMemory memory, ClientBodies clients, InstantSource clock) {
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
    record Accepted(@JsonProperty("webhook_id") String webhookId, String status) {}

    static String path(WebhookDialect dialect) {
        return "/api/v1/" + dialect.provider() + "/webhooks";
    }

    Uni<Response> receive(HttpServerRequest request, WebhookDialect dialect) {
        if (!dialect.isOn()) {
            BoundedBody.discardOrClose(request);
            return Uni.createFrom().item(IngressProblems.off(dialect).response());
        }
        Instant receivedAt = clock.instant();
        WebhookDialect.Headers headers = request.headers()::getAll;
        Optional<Verdict> refusal = dialect.refusal(headers, receivedAt);
        if (refusal.isPresent()) {
            BoundedBody.discardOrClose(request); // read, the body would only take memory
            return answer(refusal.get(), dialect, headers, new byte[0], receivedAt);
        }
        BoundedBody bounded = new BoundedBody(request, maxBody, memory);
        clients.began(request, bounded);
        return bounded.read()
                .chain(body -> answer(dialect.verify(headers, body, receivedAt), dialect, headers, body, receivedAt))
                .onTermination().invoke(bounded::release)
                .onFailure(BoundedBody.TooLarge.class)
                .recoverWithItem(() -> reject(closing(request, problems.tooLarge().responseBuilder())))
                .onFailure(BoundedBody.Incomplete.class)
                .recoverWithItem(() -> reject(IngressProblems.incomplete().response()))
                .onFailure(BoundedBody.MemoryExhausted.class).recoverWithItem(this::refuseForMemory);
    }

    private Uni<Response> answer(Verdict verdict, WebhookDialect dialect, WebhookDialect.Headers headers, byte[] body,
            Instant receivedAt) {
        metrics.verified(verdict, dialect);
        return switch (verdict) {
            case Verdict.Valid valid -> keep(valid.eventId(), dialect, headers, body, receivedAt);
            case Verdict.Malformed malformed ->
                Uni.createFrom().item(reject(IngressProblems.malformed(malformed, dialect)));
            case Verdict.Stale stale -> Uni.createFrom().item(reject(IngressProblems.stale(stale)));
            case Verdict.Bad bad -> Uni.createFrom().item(reject(IngressProblems.bad(dialect)));
        };
    }

    private Uni<Response> keep(String webhookId, WebhookDialect dialect, WebhookDialect.Headers headers, byte[] body,
            Instant receivedAt) {
        Optional<Envelope> envelope = dialect.envelope(body);
        Trace trace = trace(dialect, headers, webhookId, envelope, receivedAt);
        RawEvent event = new RawEvent(dialect, webhookId, headers.first(HeaderNames.WEBHOOK_TIMESTAMP),
                headers.first(dialect.signatureHeader()), headers.first(HeaderNames.WEBHOOK_API_VERSION),
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
    private Trace trace(WebhookDialect dialect, WebhookDialect.Headers headers, String webhookId,
            Optional<Envelope> envelope, Instant receivedAt) {
        if (!tracing.isOn()) {
            return Trace.NONE;
        }
        String path = path(dialect);
        return tracing.begin(SpanKind.SERVER, "POST " + path, headers.first(HeaderNames.TRACEPARENT), receivedAt)
                .with("http.request.method", "POST")
                .with("http.route", path)
                .with("polar.webhook_id", webhookId)
                .with("polar.event_type", envelope.map(Envelope::type).orElse(null));
    }

    private void answered(Outcome outcome, RawEvent event, Trace trace) {
        metrics.answered(outcome, event, clock.instant());
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
