package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.Caller;
import java.util.List;

/// What a person may not send: the buyer is not the merchant.
final class ServiceOnly {

    /// Throws 403 `service-only` with the fields, if there are any and the caller is no service.
    static void require(Caller caller, List<String> fields) {
        if (!(caller instanceof Caller.Service) && !fields.isEmpty()) {
            throw new Problem("service-only", 403, "Only a service may send some of these fields",
                    "Nothing was done. Leave the fields out that fields names, or let your server call with a "
                            + "service's token.")
                    .with("fields", fields).exception();
        }
    }

    private ServiceOnly() {}
}
