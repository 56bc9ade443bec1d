package dev.plinto.polar.caller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Who may do what in [#ORGANIZATION], written out: by hand, not from the code's own table.
final class CallerTable {

    static final String ORGANIZATION = "org-1";
    /// The only client that is listed in `PLINTO_SERVICE_CLIENTS`; `PLINTO_JWT_ROLES_OF_ORGANIZATION` is false.
    static final String LISTED_CLIENT = "listed";

    private static final YAMLMapper YAML = new YAMLMapper();

    /// The columns are the permissions in their order: READ, EXPLAIN, SEND_CLIENT_USAGE, READ_BILLING, ROUTING, MANAGE,
    /// EXPORT, ERASE, SEND_USAGE, OPERATE. `+` may; `o` is refused as nobody of the organization, `r` for
    /// the role or scope, `f` for an old sign-in. The claims follow, in YAML.
    private static final String ROWS = """
            member by default        | + + + r r r r r r r | org_id: org-1
            viewer                   | + + + r r r r r r r | org_id: org-1, org_role: viewer
            member                   | + + + r r r r r r r | org_id: org-1, org_role: member
            admin                    | + + + + + + r r r r | org_id: org-1, org_role: admin, auth_time: $0
            owner                    | + + + + + + + + r r | org_id: org-1, org_role: owner, auth_time: $0
            owner, 10 minutes ago    | + + + + + + + + r r | oid: org-1, org_role: owner, auth_time: $600
            owner, longer ago        | + + + + + + + f r r | org: org-1, org_role: owner, auth_time: $660
            owner, in the future     | + + + + + + + f r r | org_id: org-1, org_role: owner, auth_time: $-300
            owner without auth_time  | + + + + + + + f r r | org_id: org-1, org_role: owner
            owner, auth_time a text  | + + + + + + + f r r | org_id: org-1, org_role: owner, auth_time: "$0"
            owner by org_roles       | + + + + + + + + r r | org_roles: {org-1: owner}, auth_time: $0
            owner of a second one    | + + + + + + + f r r | org_id: org-2, org_roles: {org-1: owner}
            admin, owner elsewhere   | + + + + + + r r r r | org_id: org-1, org_roles: {org-1: admin, org-2: owner}
            member, owner elsewhere  | + + + r r r r r r r | org_id: org-1, org_roles: {org-2: owner}
            org_role counts first    | + + + r r r r r r r | org_id: org-1, org_role: viewer, org_roles: {org-1: owner}
            owner of another         | o o o o o o o o o r | org_id: org-2, org_role: owner, auth_time: $0
            the first claim counts   | o o o o o o o o o r | org_id: org-2, oid: org-1, org_role: owner
            nobody                   | o o o o o o o o o r | sub: usr_1
            owner of no organization | o o o o o o o o o r | org_role: owner
            roles of all of theirs   | + + + r r r r r r r | org_id: org-1, roles: [owner, admin]
            roles as a text          | o o o o o o o o o r | org_id: org-1, roles: owner
            roles a text, org_role   | o o o o o o o o o r | org_id: org-1, org_role: owner, roles: ops
            org_role as a list       | o o o o o o o o o r | org_id: org-1, org_role: [owner]
            org_role is empty        | o o o o o o o o o r | org_id: org-1, org_role: ""
            unknown org_role         | o o o o o o o o o r | org_id: org-1, org_role: billing
            org_role in capitals     | o o o o o o o o o r | org_id: org-1, org_role: Owner
            org_roles as a text      | o o o o o o o o o r | org_id: org-1, org_roles: owner
            org_roles as a list      | o o o o o o o o o r | org_id: org-1, org_roles: [owner]
            unknown in org_roles     | o o o o o o o o o r | org_id: org-1, org_roles: {org-1: billing}
            a list in org_roles      | o o o o o o o o o r | org_id: org-1, org_roles: {org-1: [owner]}
            organization as a list   | o o o o o o o o o r | org_id: [org-1], org_role: owner
            user with scopes         | + + + r r r r r r r | org_id: org-1, scope: $all
            user of another, scopes  | o o o o o o o o o r | org_id: org-2, scope: $all
            user of none, scopes     | o o o o o o o o o r | scope: $all
            listed user, scopes      | o o o o o o o o o r | client_id: listed, token_use: access, scope: $all
            token_use as a list      | o o o o o o o o o r | token_use: [client_credentials], scope: $all
            person and service       | o o o o o o o o o r | $client, actor_type: user, scope: $all
            service without a scope  | o o o o o o o o o r | $client, org_id: org-1
            service, other scope     | o o o o o o o o o r | $client, org_id: org-1, scope: billing:readonly
            service with a role      | o o o o o o o o o r | $account, org_id: org-1, org_role: owner
            service, faulty claim    | o o o o o o o o o r | $account, org_id: 5, scope: $all
            service read             | + + r + + r r r r r | $client, scope: billing:read
            service read, elsewhere  | + + r + + r r r r r | $account, org_id: org-2, scope: [billing:read]
            service write            | o o o o o o o o o r | $client, client_id: other, scope: $write
            service write, of it     | r r r r r + + + r r | $client, org_id: org-1, scope: $write
            service write, listed    | r r r r r + + + r r | $account, client_id: listed, org_id: org-2, scope: $write
            service write, id a list | o o o o o o o o o r | $client, client_id: [listed], scope: $write
            service usage            | o o o o o o o o o r | $client, org_id: org-2, scope: billing:usage
            service usage, of it     | r r + r r r r r + r | $client, org_id: org-1, scope: billing:usage
            service usage, listed    | r r + r r r r r + r | $client, client_id: listed, scope: billing:usage
            service with all         | + + + + + + + + + r | $client, client_id: listed, scope: $all
            operator                 | o + o o + o o o o + | roles: [ops]
            operator of another      | o + o o + o o o o + | roles: [x, ops], org_id: org-2, org_role: owner
            operator and owner       | + + + + + + + f r + | roles: [ops], org_id: org-1, org_role: owner
            operator by a text       | o o o o o o o o o r | roles: ops
            operator by org_role     | o o o o o o o o o r | org_id: org-1, org_role: ops
            """;

    /// @param answers by permission
    record Row(String who, Map<Permission, String> answers, Map<String, Object> claims) {

        /// For the name of a test.
        @Override
        public String toString() {
            return who;
        }
    }

    static Stream<Row> rows(Instant now) {
        return ROWS.lines().map(line -> row(line, now));
    }

    private static Row row(String line, Instant now) {
        String[] parts = line.split("\\|");
        Iterator<String> answers = List.of(parts[1].strip().split(" ")).iterator();
        Map<Permission, String> byPermission = new EnumMap<>(Permission.class);
        EnumSet.allOf(Permission.class).forEach(permission -> byPermission.put(permission, answers.next()));
        assertThat(answers.hasNext()).as(line).isFalse();
        return new Row(parts[0].strip(), byPermission, claims(parts[2].strip(), now));
    }

    private static Map<String, Object> claims(String yaml, Instant now) {
        String filled = Pattern.compile("\\$(-?\\d+)").matcher(
                yaml.replace("$all", "'billing:read billing:write billing:usage'")
                        .replace("$write", "billing:write").replace("$client", "token_use: client_credentials")
                        .replace("$account", "actor_type: service_account"))
                .replaceAll(ago -> Long.toString(now.getEpochSecond() - Long.parseLong(ago.group(1))));
        try {
            return YAML.readValue("{" + filled + "}", new TypeReference<>() {});
        } catch (JsonProcessingException notYaml) {
            throw new AssertionError(filled, notYaml);
        }
    }

    /// As pairs, for [dev.plinto.polar.testing.PlintoTokens].
    static Object[] pairs(Map<String, Object> claims) {
        List<Object> pairs = new ArrayList<>(Arrays.asList("roles", null)); // instead of the usual ones
        claims.forEach((name, value) -> pairs.addAll(List.of(name, value)));
        return pairs.toArray();
    }

    static TokenConfig config(boolean areRolesOfOrganization) {
        return new TokenConfig() {
            @Override
            public Jwt jwt() {
                return new Jwt() {
                    @Override
                    public Optional<String> issuer() {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<String> audience() {
                        return Optional.empty();
                    }

                    @Override
                    public List<String> organizationClaims() {
                        return List.of("org_id", "oid", "org");
                    }

                    @Override
                    public boolean rolesOfOrganization() {
                        return areRolesOfOrganization;
                    }
                };
            }

            @Override
            public Jwks jwks() {
                return Optional::empty;
            }

            @Override
            public Optional<Set<String>> serviceClients() {
                return Optional.of(Set.of(LISTED_CLIENT));
            }
        };
    }

    private CallerTable() {}
}
