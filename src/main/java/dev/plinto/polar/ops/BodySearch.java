package dev.plinto.polar.ops;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.plinto.polar.polar.NamedIds;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks for events that may matter to an account and were not applied: those of its customers, and those whose body
/// names the account, since the customer of such an event may be unknown.
record BodySearch(String account, List<String> customers) {

    /// Such events are few, but many at once if a release cannot apply them: only the newest are searched.
    static final int MOST_SEARCHED = 5_000;
    private static final int LARGEST_BODY_SEARCHED = 64 * 1024;
    private static final int MOST_FOUND = 100;

    /// Of the columns `subject` and `body`, with [#parameters()].
    static final String CONDITION = """
            (subject = ANY ($1)
             OR octet_length(body) <= $3 AND position(convert_to($4, 'UTF8') IN body) > 0)""";

    /// The body, where it must be read.
    static final String BODY = "CASE WHEN subject = ANY ($1) THEN NULL ELSE body END";

    /// `$2` is how many are searched, `$5` how many are found.
    Tuple parameters() {
        List<String> subjects = new ArrayList<>(customers);
        subjects.add(account);
        String quoted = '"' + new String(JsonStringEncoder.getInstance().quoteAsString(account)) + '"';
        return Tuple.of(subjects.toArray(String[]::new), MOST_SEARCHED, LARGEST_BODY_SEARCHED, quoted, MOST_FOUND);
    }

    /// False if the body has the text, but not as an id.
    boolean isNamedBy(@Nullable Buffer body) {
        return body == null || NamedIds.in(body.getBytes()).contains(account);
    }
}
