package dev.plinto.polar.ops;

import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.billing.Rollout;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who sells by an operator's word, with a token of the role `ops`.
@Path("/api/v1/polar/ops/rollout")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class OperateRollout {

    private final SecurityIdentity identity;
    private final DecideOnRollout rollout;

    OperateRollout(SecurityIdentity identity, DecideOnRollout rollout) {
        this.identity = identity;
        this.rollout = rollout;
    }

    @GET
    public Uni<Rollout.Document> read() {
        return rollout.current().map(Rollout::document);
    }

    /// Replaces all of it, and answers it.
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Blocking
    public Rollout.Document replace(@Context HttpServerRequest request, @Nullable String body) {
        Rollout wanted = Rollout.read(Objects.requireNonNullElse(body, ""));
        Actor actor = Actor.of(Caller.of(identity));
        AllowSlowResponse.on(request);
        rollout.replace(actor, wanted);
        return wanted.document();
    }
}
