package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyEqualityTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', value = {
            "{\"a\":1,\"b\":[2,null]} | { \"b\" : [2, null], \"a\" : 1 }",
            "{\"a\":2000.0} | {\"a\":2e3}",
            "{\"a\":1} | {\"a\":1.0}",
            "{\"a\":\"é\"} | {\"a\":\"\\u00e9\"}",
            "{\"a\":\"/\"} | {\"a\":\"\\/\"}",
            "no JSON | no JSON",
            "{\"a\":1e99999999999} | {\"a\":1e99999999999}",
    })
    void sameContent_isEqual(String one, String other) {
        assertThat(BodyEquality.areEqual(bytes(one), bytes(other))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', value = {
            "{\"a\":1} | {\"a\":2}",
            "{\"a\":1} | {\"a\":\"1\"}",
            "{\"a\":1} | {\"a\":1,\"b\":null}",
            "{\"a\":[1,2]} | {\"a\":[2,1]}",
            "{\"a\":0.1234567890123456789} | {\"a\":0.1234567890123456788}",
            "{\"a\":1e400} | {\"a\":1e401}",
            "{\"a\":1e99999999999} | {\"a\": 10e99999999998}", // too large to be compared by value
            "{\"a\":1} | {\"a\":1,\"a\":1}", // not JSON as it is read here
            "{\"a\":1} | {\"a\":1} x",
            "no JSON | no JSON at all",
            "## | {}",
    })
    void otherContent_isNotEqual(String one, String other) {
        assertThat(BodyEquality.areEqual(bytes(one), bytes(other))).isFalse();
        assertThat(BodyEquality.areEqual(bytes(other), bytes(one))).isFalse();
    }

    @Test
    void exemptFields_mayDiffer_ofTheWholeBodyOnly() {
        byte[] one = bytes("{\"a\":{\"logs\":1}}");

        assertThat(BodyEquality.areEqual(one, bytes("{\"logs\":[2],\"a\":{\"logs\":1}}"), Set.of("logs"))).isTrue();
        assertThat(BodyEquality.areEqual(one, bytes("{\"a\":{\"logs\":2}}"), Set.of("logs"))).isFalse();
    }

    @Test
    void bytesThatAreNoUtf8_areComparedAsBytes() {
        byte[] broken = {'"', (byte) 0xc3, '"'};
        byte[] broken2 = {'"', (byte) 0xc4, '"'};

        assertThat(BodyEquality.areEqual(broken, broken.clone())).isTrue();
        assertThat(BodyEquality.areEqual(broken, broken2)).isFalse();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
