package dev.plinto.polar.ops;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.WebApplicationException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Who asks for the page that is under way; [GuardConsole] says it before the page is made.
@RequestScoped
class Visitor {

    private Visit visit;

    void is(Visit known) {
        visit = known;
    }

    Visit visit() {
        if (visit == null) { // a page that the guard does not know would be open to everybody
            throw new IllegalStateException("a page of the console was asked for without its guard");
        }
        return visit;
    }

    /// Throws the page to answer unless the form is one that this browser was given by us.
    Actor actsBy(String formToken) {
        if (formToken == null || !MessageDigest.isEqual(formToken.getBytes(StandardCharsets.UTF_8),
                visit().csrf().getBytes(StandardCharsets.UTF_8))) {
            throw new WebApplicationException(ConsoleAnswer.page(400, "Nothing was done",
                    "The form was not one of this console's, or its page is older than the browser's session. "
                            + "Go back, load the page again, and repeat it."));
        }
        return visit().actor();
    }
}
