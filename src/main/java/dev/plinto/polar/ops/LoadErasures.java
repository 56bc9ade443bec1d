package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.privacy.RestoredErasures;
import dev.plinto.polar.privacy.RestoredErasures.Loaded;
import dev.plinto.polar.privacy.ToldErasure;
import io.quarkus.logging.Log;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.apache.kafka.common.KafkaException;

/// After the restore of a backup: erases again what was erased since it was made, with a token of the role `ops`.
@Path("/api/v1/polar/ops/erasures")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class LoadErasures {

    private final SecurityIdentity identity;
    private final ErasuresTopic topic;
    private final RestoredErasures erasures;
    private final AuditLog audit;

    LoadErasures(SecurityIdentity identity, ErasuresTopic topic, RestoredErasures erasures, AuditLog audit) {
        this.identity = identity;
        this.topic = topic;
        this.erasures = erasures;
        this.audit = audit;
    }

    /// @param told       how many organizations the topic tells of
    /// @param versions   how many sets go on with a higher version
    /// @param erasures   that are carried out again
    /// @param unfinished those of them that were not told as complete
    @JsonNaming(SnakeCaseStrategy.class)
    public record LoadedErasures(int told, long versions, List<String> erasures, List<String> unfinished) {}

    @POST
    @Path("load")
    @Blocking
    public LoadedErasures load(@Context HttpServerRequest request) {
        AllowSlowResponse.on(request);
        return audit.record(Entry.of(Actor.of(Caller.of(identity)), Action.LOAD_ERASURES, null, null), this::load,
                loaded -> Format.count(loaded.told, "erasure") + " told, " + loaded.erasures.size()
                        + " carried out again");
    }

    private LoadedErasures load() {
        List<ToldErasure> told = told();
        try {
            Loaded loaded = erasures.load(told);
            return new LoadedErasures(told.size(), loaded.versions(), loaded.erasureIds(), loaded.unfinished());
        } catch (RuntimeException failure) {
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            Log.warnf("Erasures could not be loaded: %s", DatabaseAway.describe(failure));
            throw Problem.databaseUnavailable();
        }
    }

    List<ToldErasure> told() {
        try {
            return topic.all();
        } catch (KafkaException brokerAway) {
            Log.warnf("The topic of erasures could not be read: %s", brokerAway.getMessage());
            Problem problem = new Problem("erasures-unread", 503, "The topic of erasures could not be read",
                    "Nothing was done. The broker does not answer, or refuses to be read. Ask again once it does.");
            throw new WebApplicationException(problem.title(),
                    problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, 10).build());
        }
    }
}
