package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.Actor;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.WebApplicationException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// The operator behind the current request, set by [GuardConsole].
@RequestScoped
class CurrentOperator {

    private @Nullable ConsoleSession session;

    void set(ConsoleSession current) {
        session = current;
    }

    ConsoleSession session() {
        if (session == null) { // a page without the guard would be open to everyone
            throw new IllegalStateException("A page of the console lacks @ForOperators, so no guard has run");
        }
        return session;
    }

    /// The operator, if the form comes from a page that this console served to this browser. Throws an error page (400)
    /// otherwise.
    Actor requireOwnForm(@Nullable String formToken) {
        if (formToken == null || !MessageDigest.isEqual(formToken.getBytes(StandardCharsets.UTF_8),
                session().csrf().getBytes(StandardCharsets.UTF_8))) {
            throw new WebApplicationException(ConsoleResponses.page(400, "Nothing was done",
                    "The form is not from this console, or its page is older than the browser's session. "
                            + "Go back, reload the page, and submit the form again."));
        }
        return session().actor();
    }
}
