package dev.plinto.polar.billing;

import dev.plinto.polar.IdParameter;
import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Caller.Email;
import java.util.Optional;
import java.util.stream.Stream;

/// Who visits the portal of an organization that they may manage: a person as their token says, or whom a service
/// names.
///
/// @param user  as our applications know them; empty if a service does not say
/// @param email of that person, if it is known
record Visitor(Optional<String> user, Optional<Email> email) {

    private static final String USER_ID = "user_id";
    private static final String CUSTOMER_EMAIL = "customer_email";

    /// Throws 403 `service-only` if a person names somebody, and 400 `parameter-invalid`.
    ///
    /// @param userId        of the query
    /// @param customerEmail of the query. A service vouches for whom it names, by the one as by the other.
    static Visitor of(Caller caller, Optional<String> userId, Optional<String> customerEmail) {
        ServiceOnly.require(caller, Stream.of(userId.map(id -> USER_ID), customerEmail.map(address -> CUSTOMER_EMAIL))
                .flatMap(Optional::stream).toList());
        userId.filter(id -> !IdParameter.isId(id)).ifPresent(id -> refuse(USER_ID, "an id"));
        customerEmail.filter(address -> !Fields.isEmail(address))
                .ifPresent(address -> refuse(CUSTOMER_EMAIL, "an e-mail address"));
        return caller instanceof Caller.Person person
                ? new Visitor(Optional.of(person.subject()), person.email())
                : new Visitor(userId, customerEmail.map(address -> new Email(address, true)));
    }

    /// The address by which a member may be taken for this person.
    Optional<String> provenEmail() {
        return email.filter(Email::isVerified).map(Email::address);
    }

    private static void refuse(String parameter, String what) {
        throw new Problem("parameter-invalid", 400, "The query parameter " + parameter + " is not " + what,
                "Nothing was done. Send the person who visits the portal, or leave the parameter out.").exception();
    }

    /// Without who it is.
    @Override
    public String toString() {
        return "Visitor";
    }
}
