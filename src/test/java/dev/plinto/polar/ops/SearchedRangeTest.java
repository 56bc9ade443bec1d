package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A search says which range it searched.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class SearchedRangeTest {

    @TestHTTPResource("/")
    URI service;

    private Operator operator;

    @BeforeEach
    void signIn() {
        operator = new Operator(service, "usr_operator");
    }

    @Test
    void answer_hasTheRangeThatWasSearched() {
        JsonNode page = json(operator.get("events?from=2026-11-17T10:00:00%2B01:00&until=9999-12-31T00:00"));

        assertThat(page.get("from").textValue()).isEqualTo("2026-11-17T09:00:00.000000Z");
        assertThat(page.get("until").textValue()).isEqualTo("9999-12-31T00:00:00.000000Z");
        JsonNode all = json(operator.get("events"));
        assertThat(all.get("from").isNull() && all.get("until").isNull()).as(all.toString()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"from=yesterday, from is not a time", "until=1969-12-31T23:59:59Z, until is not a time",
            "from=10000-01-01T00:00:00Z, from is not a time",
            "from=2026-11-17T09:00:00Z&until=2026-11-17T09:00:00Z, until is not later than from"})
    void rangeThatCannotBeSearched_isRefusedByItsParameter(String query, String title) {
        HttpResponse<String> answer = operator.get("events?" + query);

        assertProblem(answer, 400, "parameter-invalid");
        assertThat(json(answer).get("title").textValue()).endsWith(title);
    }
}
