package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The members of a team through Polar's API, by either of their ids.
class MembersOverHttpTest extends PolarApiClient {

    private static final String BY_EXTERNAL_ID = "/customers/external/org-t/members";

    private String members;
    private JsonNode owner;

    @BeforeEach
    void makeATeam() {
        JsonNode team = json(send("POST", "/customers/", """
                {"type":"team","external_id":"org-t","email":"crew@example.org",
                 "owner":{"email":"kim@example.org","external_id":"usr-kim"}}"""));
        members = "/customers/" + team.get("id").asText() + "/members";
        owner = json(get(members)).at("/items/0");
        polar.takeEvents();
    }

    @Test
    void member_isMadeChangedAndDeleted() {
        HttpResponse<String> made = send("POST", members,
                "{\"email\":\"lu@example.org\",\"name\":\"Lu\",\"external_id\":\"usr/lu\"}");

        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        JsonNode member = json(made);
        assertThat(names(member)).containsExactlyInAnyOrder(
                "id", "created_at", "modified_at", "customer_id", "email", "name", "external_id", "role");
        assertThat(member.get("role").asText()).isEqualTo("member");
        assertThat(data(polar.takeEvents(), "member.created")).isEqualTo(member);
        String path = members + "/" + member.get("id").asText();
        assertThat(json(get(path))).isEqualTo(member).isEqualTo(json(get(BY_EXTERNAL_ID + "/usr%2Flu")));
        assertThat(ids(BY_EXTERNAL_ID + "?page=1&limit=10&sorting=-created_at"))
                .containsExactly(member.get("id").asText(), owner.get("id").asText());

        JsonNode changed = json(send("PATCH", BY_EXTERNAL_ID + "/usr%2Flu",
                "{\"role\":\"billing_manager\",\"email\":\"lu@example.com\",\"name\":null}"));
        assertThat(changed.get("role").asText()).isEqualTo("billing_manager");
        assertThat(changed.get("email").asText()).isEqualTo("lu@example.com");
        assertThat(changed.get("name").isNull()).isTrue();
        assertThat(data(polar.takeEvents(), "member.updated")).isEqualTo(changed);

        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(types(polar.takeEvents())).containsExactly("member.deleted");
        assertThat(get(path).statusCode()).isEqualTo(404);
        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(404);
        assertThat(ids(members)).hasSize(1);
    }

    @Test
    void newOwner_takesThePlaceOfTheOldOne() {
        String lu = json(send("POST", members, "{\"email\":\"lu@example.org\"}")).get("id").asText();
        polar.takeEvents();

        assertThat(send("PATCH", members + "/" + lu, "{\"role\":\"owner\"}").statusCode()).isEqualTo(200);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).containsExactly("member.updated", "member.updated");
        assertThat(data(events, "member.updated").get("id").asText()).isEqualTo(lu);
        assertThat(json(get(members + "/" + owner.get("id").asText())).get("role").asText())
                .isEqualTo("billing_manager");
        assertThat(ids(members + "?role=owner")).containsExactly(lu);
    }

    @Test
    void owner_canNeitherStepDownNorBeDeleted() {
        String path = members + "/" + owner.get("id").asText();

        assertThat(send("PATCH", path, "{\"role\":\"member\"}").statusCode()).isEqualTo(422);
        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(422);

        assertThat(json(get(path))).isEqualTo(owner);
        assertThat(polar.takeEvents()).isEmpty();
    }

    @Test
    void individual_hasItsOwnerOnly() {
        HttpResponse<String> answer = send("POST", "/customers/" + customer + "/members",
                "{\"email\":\"lu@example.org\"}");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(json(answer).get("error").asText()).isEqualTo("NotPermitted");
        assertThat(ids("/customers/" + customer + "/members")).hasSize(1);
    }

    @Test
    void memberOfAnotherCustomer_isUnknown() {
        String other = ids("/customers/" + customer + "/members").getFirst();

        assertThat(get(members + "/" + other).statusCode()).isEqualTo(404);
        assertThat(get("/customers/external/org-nobody/members").statusCode()).isEqualTo(404);
        assertThat(get(BY_EXTERNAL_ID + "/usr-nobody").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{} | email",
            "{\"email\":\"lu\"} | email",
            "{\"email\":\"KIM@example.org\"} | email",
            "{\"email\":\"lu@example.org\",\"external_id\":\"usr-kim\"} | external_id",
            "{\"email\":\"lu@example.org\",\"role\":\"owner\"} | role",
            "{\"email\":\"lu@example.org\",\"name\":3} | name"
    })
    void invalidField_isNamed_andNobodyIsMade(String body, String field) {
        HttpResponse<String> answer = send("POST", members, body);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"" + field + "\"]");
        assertThat(ids(members)).hasSize(1);
        assertThat(polar.takeEvents()).isEmpty();
    }
}
