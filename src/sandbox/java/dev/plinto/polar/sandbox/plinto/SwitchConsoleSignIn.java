package dev.plinto.polar.sandbox.plinto;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/// Switches how this browser gets into the console: as in production, by the sandbox's provider, or automatically.
@Singleton
@Path(SwitchConsoleSignIn.PATH)
public class SwitchConsoleSignIn {

    static final String PATH = OpenIdProvider.PATH + "/console";
    static final String AUTOMATIC = "/automatic";
    /// If a browser sends it, [SignInOperator] does not sign it in.
    static final String COOKIE = "sandbox_sign_in";

    private static final String CONSOLE = "/ops";

    @GET
    public Response asAPerson() {
        return console(cookie("by-provider").build());
    }

    @GET
    @Path(AUTOMATIC)
    public Response automatically() {
        return console(cookie("").maxAge(0).build());
    }

    private static NewCookie.Builder cookie(String value) {
        return new NewCookie.Builder(COOKIE).value(value).path(CONSOLE).httpOnly(true)
                .sameSite(NewCookie.SameSite.LAX);
    }

    private static Response console(NewCookie cookie) {
        return Response.seeOther(URI.create(CONSOLE)).cookie(cookie).header("Cache-Control", "no-store").build();
    }
}
