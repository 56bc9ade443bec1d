package dev.plinto.polar.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenReaderTest {

    static Caller read(Map<String, Object> claims, boolean areRolesOfOrganization) {
        JwtClaims token = new JwtClaims();
        token.setSubject("usr_1");
        claims.forEach(token::setClaim);
        return new TokenReader(CallerTable.config(areRolesOfOrganization)).read(new DefaultJWTCallerPrincipal(token));
    }

    /// `-` is no role.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            owner         | OWNER
            admin,owner   | OWNER
            viewer,admin  | ADMIN
            other,viewer  | VIEWER
            ops,viewer    | VIEWER
            ops           | MEMBER
            ''            | MEMBER
            other         | -
            other,ops     | -
            Owner         | -
            owner viewer  | -
            """)
    void roles_areOfTheTokensOrganization_whereTheSettingSaysSo(String roles, String expected) {
        Map<String, Object> claims = Map.of("org_id", "org-1", "roles",
                roles.isEmpty() ? List.of() : List.of(roles.split(",")));

        assertThat(role(read(claims, true), "org-1")).isEqualTo(expected);
        assertThat(role(read(claims, false), "org-1")).isEqualTo("MEMBER");
        assertThat(role(read(claims, true), "org-2")).isEqualTo("-");
    }

    @Test
    void rolesWithoutTexts_giveNoRole() {
        for (Object item : Arrays.asList(null, 1, true, List.of("owner"), Map.of("owner", true))) {
            assertThat(role(read(Map.of("org_id", "org-1", "roles", Arrays.asList(item)), true), "org-1"))
                    .isEqualTo("-");
        }
    }

    @Test
    void claimsAboutTheOrganization_countBeforeRoles() {
        assertThat(role(read(Map.of("org_id", "org-1", "roles", List.of("owner"), "org_role", "viewer"), true),
                "org-1")).isEqualTo("VIEWER");
        assertThat(role(read(Map.of("org_id", "org-1", "roles", List.of("owner"), "org_roles",
                Map.of("org-1", "viewer")), true), "org-1")).isEqualTo("VIEWER");
        assertThat(role(read(Map.of("org_id", "org-1", "roles", List.of("owner"), "org_role", "other"), true),
                "org-1")).isEqualTo("-");
    }

    @Test
    void person_isReadFromTheirClaims() {
        Caller caller = read(Map.of("org_id", "org-1", "org_role", "admin", "client_id", "app", "auth_time", 1_000,
                "email", "a@plinto.example", "email_verified", true, "address", Map.of("country", "MX")), false);

        assertThat(caller).isEqualTo(new Caller.Person("usr_1", Optional.of("app"), false, Optional.of("org-1"),
                Map.of("org-1", OrganizationRole.ADMIN), Optional.of(Instant.ofEpochSecond(1_000)),
                Optional.of(new Caller.Email("a@plinto.example", true)), Optional.of("MX")));
        assertThat(caller.toString()).doesNotContain("plinto.example", "MX");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MX", "mx", "Mx"})
    void countryOfTheAddress_isReadInEitherCase(String country) {
        assertThat(country(Map.of("address", Map.of("country", country, "locality", "Oaxaca")))).contains("MX");
    }

    /// An issuer may write what it likes there; the token counts all the same.
    @ParameterizedTest
    @ValueSource(strings = {"Mexico", "MEX", "XX", "", " MX", "\u0131r", "\u00df", "484"})
    void anotherCountry_isIgnored(String country) {
        assertThat(country(Map.of("address", Map.of("country", country)))).isEmpty();
    }

    @Test
    void addressOfAnotherForm_isIgnored() {
        for (Object address : List.of("MX", List.of("MX"), 52, true, Map.of(), Map.of("country", 52),
                Map.of("country", List.of("MX")), Map.of("country", Map.of("country", "MX")))) {
            assertThat(country(Map.of("address", address))).as(address.toString()).isEmpty();
        }
        assertThat(country(Map.of("country", "MX"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "1", "yes"})
    void emailVerified_isNoText(String text) {
        Caller.Person person = (Caller.Person) read(Map.of("email", "a@plinto.example", "email_verified", text), false);

        assertThat(person.email()).hasValueSatisfying(email -> assertThat(email.isVerified()).isFalse());
    }

    @Test
    void manyRolesWithNoOrganization_areNoRoleAnywhere() {
        assertThat(role(read(Map.of("roles", List.of("owner")), true), "org-1")).isEqualTo("-");
    }

    private static Optional<String> country(Map<String, Object> claims) {
        return ((Caller.Person) read(claims, false)).country();
    }

    private static String role(Caller caller, String organization) {
        return ((Caller.Person) caller).roleIn(organization).map(OrganizationRole::name).orElse("-");
    }
}
