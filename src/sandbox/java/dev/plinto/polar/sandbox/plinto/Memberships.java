package dev.plinto.polar.sandbox.plinto;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The organizations of a person.
///
/// @param roles the person's role in each, in the order in which they were named
record Memberships(Map<String, String> roles) {

    static final Memberships NONE = new Memberships(Map.of());
    /// Those of [Person#CONSULTANT], if nobody names others.
    static final String USUAL = "org-1=owner org-2=admin org-3=viewer";

    private static final Set<String> ROLES = Set.of("owner", "admin", "member", "viewer");

    /// As the page's form says.
    static Memberships of(Person person, Parameters sent) {
        return switch (person) {
            case OWNER, ADMIN, MEMBER, VIEWER -> new Memberships(
                    Map.of(sent.required("organization_id"), person.id()));
            case CONSULTANT -> read(sent.one("org_roles").orElse(USUAL));
            case OPERATOR -> NONE;
        };
    }

    /// Reads `org-1=owner org-2=viewer`.
    static Memberships read(String text) {
        Map<String, String> roles = new LinkedHashMap<>();
        for (String membership : text.strip().split("\\s+")) {
            int end = membership.indexOf('=');
            String role = membership.substring(end + 1);
            if (end < 1 || !ROLES.contains(role) || roles.put(membership.substring(0, end), role) != null) {
                throw OAuthFailure.invalidRequest("org_roles must be organizations with roles, each organization once, "
                        + "such as " + USUAL + ". The roles are owner, admin, member and viewer.");
            }
        }
        return new Memberships(Collections.unmodifiableMap(roles));
    }

    /// Empty if the person has to choose one, and if there is none.
    Optional<String> onlyOne() {
        return roles.size() == 1 ? roles.keySet().stream().findFirst() : Optional.empty();
    }
}
