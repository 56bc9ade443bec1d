package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.Actor;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.WebApplicationException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// The operator behind the current request, set by [GuardConsole].
@RequestScoped
class CurrentOperator {

    private ConsoleSession session;

    void set(ConsoleSession current) {
        session = current;
    }

    ConsoleSession session() {
        if (session == null) { // a page that the guard does not cover would be open to everyone
            throw new IllegalStateException("a page of the console was requested without its guard");
        }
        return session;
    }

    /// The operator, once the form is known to come from a page that this console gave to this browser. Throws a page
    /// (400) otherwise.
    Actor requireOwnForm(String formToken) {
        if (formToken == null || !MessageDigest.isEqual(formToken.getBytes(StandardCharsets.UTF_8),
                session().csrf().getBytes(StandardCharsets.UTF_8))) {
            throw new WebApplicationException(ConsoleResponses.page(400, "Nothing was done",
                    "The form was not one of this console's, or its page is older than the browser's session. "
                            + "Go back, load the page again, and repeat it."));
        }
        return session().actor();
    }
}
