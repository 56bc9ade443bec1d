package dev.plinto.polar.sandbox.plinto;

import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// Makes the provider sign with another key from now on.
@Singleton
@Path(OpenIdProvider.PATH)
@Produces(MediaType.APPLICATION_JSON)
public class RotateKeys {

    private final PlintoKeys keys;

    RotateKeys(PlintoKeys keys) {
        this.keys = keys;
    }

    @POST
    @Blocking
    @Path("/keys/rotate")
    public Rotated rotate() {
        return new Rotated(keys.rotate());
    }

    /// @param kid of the key that signs now
    record Rotated(String kid) {}
}
