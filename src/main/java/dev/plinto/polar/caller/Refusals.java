package dev.plinto.polar.caller;

import dev.plinto.polar.Problem;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The answers to callers who may not. Each says which token to send.
final class Refusals {

    static WebApplicationException noToken() {
        String title = "The call needs a Plinto access token";
        return new WebApplicationException(title, new Problem("token-not-accepted", 401, title,
                "No token was sent. Send Authorization: Bearer <access token>.")
                .responseBuilder().header(HttpHeaders.WWW_AUTHENTICATE, "Bearer").build());
    }

    /// The caller may do nothing in the organization.
    static WebApplicationException organizationNotAllowed(Permission needed, Caller caller) {
        return new Problem("organization-not-allowed", 403,
                what(caller).orElse("The token is not for this organization"), fault(caller) + advice(needed))
                .exception();
    }

    /// The caller may do something there, but not this.
    static WebApplicationException roleNotAllowed(Permission needed, Caller caller) {
        return new Problem("role-not-allowed", 403,
                what(caller).orElse("The token's role or scope does not allow this"), fault(caller) + advice(needed))
                .exception();
    }

    static WebApplicationException signInNotFresh(Duration fresh) {
        return new Problem("fresh-sign-in-needed", 403, "The sign-in is too long ago",
                "Let the owner sign in again, and send the new token within " + fresh.toMinutes()
                        + " minutes. Its claim auth_time must say when they signed in.")
                .exception();
    }

    /// What is wrong with the token itself, whatever the call: the title of the answer.
    private static Optional<String> what(Caller caller) {
        return switch (caller) {
            case Caller.Person person when namesUnknownRole(person) ->
                Optional.of("The token names no role that is known");
            case Caller.Person person -> Optional.empty();
            case Caller.Service service when service.scopes().isEmpty() ->
                Optional.of("The service's token has no scope that is known");
            case Caller.Service service -> Optional.empty();
            case Caller.Unreadable unreadable -> Optional.of("A claim of the token has another form than it must have");
        };
    }

    private static boolean namesUnknownRole(Caller.Person person) {
        return person.organization().filter(own -> person.roleIn(own).isEmpty()).isPresent();
    }

    private static String fault(Caller caller) {
        return switch (caller) {
            case Caller.Person person -> namesUnknownRole(person)
                    ? "The token names a role of its organization that is not known. "
                    : "";
            case Caller.Service service -> "";
            case Caller.Unreadable unreadable -> "The token's " + unreadable.fault() + ". ";
        };
    }

    private static String advice(Permission needed) {
        List<String> tokens = new ArrayList<>();
        if (!needed.roles().isEmpty()) {
            tokens.add("a person's token of this organization with the role " + alternatives(needed.roles()));
        }
        needed.scope().ifPresent(scope -> tokens.add("a service's token with the scope " + scope
                + switch (scope.reach()) {
                    case ANY_ORGANIZATION -> "";
                    case ANY_FOR_LISTED_CLIENTS -> " that names this organization, or whose client_id is in "
                            + "PLINTO_SERVICE_CLIENTS";
                }));
        if (needed.isOfOperators()) {
            tokens.add("a token with the role ops");
        }
        return "Send " + String.join(", or ", tokens) + ".";
    }

    /// In the order of their names in [OrganizationRole].
    private static String alternatives(Set<OrganizationRole> roles) {
        List<String> names = roles.stream().map(OrganizationRole::toString).toList();
        int last = names.size() - 1;
        return last == 0 ? names.getFirst() : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }

    private Refusals() {}
}
