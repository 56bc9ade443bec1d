package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.billing.WantedCustomer.Proof;
import dev.plinto.polar.caller.Caller;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The body of a request for a customer, checked by itself.
///
/// @param emailVerified what a service says of the address
/// @param country       of two capital letters
/// @param mayWait       whether the answer may wait for Polar
/// @param json          as it was sent
record CustomerBody(Optional<String> organizationId, String email, Optional<Boolean> emailVerified,
        Optional<String> name, Optional<String> country, Optional<String> locale, boolean mayWait, JsonNode json) {

    private static final String EMAIL_VERIFIED = "email_verified";
    private static final Set<String> FIELDS = Set.of("organization_id", "email", EMAIL_VERIFIED, "name", "country",
            "locale", "wait");

    private static final int LONGEST_NAME = 256;

    /// Throws 400 `body-not-json`, or 422 `body-invalid` with every fault in `errors`.
    static CustomerBody read(String body) {
        Fields fields = new Fields(body, FIELDS);
        if (!fields.has("email")) {
            fields.fault("email", "must be there");
        }
        CustomerBody request = new CustomerBody(fields.organization("organization_id"),
                fields.email("email").orElse(""), fields.flag(EMAIL_VERIFIED), fields.text("name", LONGEST_NAME),
                fields.country("country"), fields.locale("locale"), fields.flag("wait").orElse(true), fields.body());
        fields.requireFaultless();
        return request;
    }

    /// Throws 403 `service-only` if a person says that the address is verified.
    WantedCustomer of(String organization, Caller caller) {
        ServiceOnly.require(caller, emailVerified.map(flag -> List.of(EMAIL_VERIFIED)).orElse(List.of()));
        return new WantedCustomer(organization, email, proof(caller), name.orElse(null), country.orElse(null),
                locale.orElse(null), caller instanceof Caller.Person person ? person.subject() : null);
    }

    private Proof proof(Caller caller) {
        return switch (caller) {
            case Caller.Service service -> emailVerified.orElse(false) ? Proof.VERIFIED : Proof.OF_SERVICE;
            case Caller.Person person -> person.email()
                    .filter(own -> own.isVerified() && own.address().equalsIgnoreCase(email))
                    .map(own -> Proof.VERIFIED).orElse(Proof.NONE);
            case Caller.Unreadable unreadable -> Proof.NONE;
        };
    }

    /// Without who it is.
    @Override
    public String toString() {
        return "CustomerBody[organizationId=" + organizationId + ", mayWait=" + mayWait + "]";
    }
}
