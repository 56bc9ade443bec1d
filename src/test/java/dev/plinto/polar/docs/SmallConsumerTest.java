package dev.plinto.polar.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The example consumer in the documentation behaves as documented.
class SmallConsumerTest {

    private final SmallConsumer consumer = new SmallConsumer();

    @BeforeEach
    void everyAccountIsRead() {
        consumer.complete = true;
    }

    @Test
    void beforeEveryAccountIsRead_noAnswerIsGiven() throws IOException {
        consumer.complete = false;
        consumer.apply("org-1", message(7, "exports"));

        assertThatThrownBy(() -> consumer.mayUse("org-1", "exports")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void newestSet_replacesThePreviousOne() throws IOException {
        assertThat(consumer.apply("org-1", message(7, "exports", "seats"))).isTrue();
        assertThat(consumer.apply("org-1", message(9, "seats"))).isTrue();

        assertThat(consumer.mayUse("org-1", "exports")).isFalse();
        assertThat(consumer.mayUse("org-1", "seats")).isTrue();
        assertThat(consumer.mayUse("org-2", "seats")).isFalse();
    }

    @Test
    void repeatedVersion_changesNothing() throws IOException {
        consumer.apply("org-1", message(7, "exports"));

        assertThat(consumer.apply("org-1", message(7, "exports"))).isFalse();
        assertThat(consumer.mayUse("org-1", "exports")).isTrue();
    }

    @Test
    void lowerVersion_isIgnored() throws IOException {
        consumer.apply("org-1", message(7, "exports"));

        assertThat(consumer.apply("org-1", message(6))).isFalse();
        assertThat(consumer.mayUse("org-1", "exports")).isTrue();
    }

    @Test
    void emptySet_endsAccess() throws IOException {
        consumer.apply("org-1", message(7, "exports"));

        assertThat(consumer.apply("org-1", message(8))).isTrue();
        assertThat(consumer.mayUse("org-1", "exports")).isFalse();
    }

    @Test
    void tombstone_removesTheAccount_andLaterSetsApply() throws IOException {
        consumer.apply("org-1", message(7, "exports"));

        assertThat(consumer.apply("org-1", null)).isTrue();
        assertThat(consumer.mayUse("org-1", "exports")).isFalse();
        assertThat(consumer.apply("org-1", null)).isFalse();
        assertThat(consumer.apply("org-1", message(8, "seats"))).isTrue();
        assertThat(consumer.mayUse("org-1", "seats")).isTrue();
    }

    @Test
    void benefitWithoutFeature_isIgnored() throws IOException {
        byte[] message = """
                {"account":"org-1","version":7,"entitlements":[
                  {"benefit_id":"b-1","benefit_type":"custom","description":"By phone","feature":null,"grants":[]}]}
                """.getBytes(StandardCharsets.UTF_8);

        assertThat(consumer.apply("org-1", message)).isTrue();
        assertThat(consumer.mayUse("org-1", "By phone")).isFalse();
    }

    @Test
    void documentation_showsThisProgram() throws IOException {
        String source = Files.readString(
                Path.of("src/test/java/dev/plinto/polar/docs/SmallConsumer.java"));
        String document = Files.readString(Path.of("docs/consuming.md"));

        assertThat(only(document, "```java\n(.*?)```\n"))
                .isEqualTo(only(source, "// docs/consuming.md shows what follows\n(.*?)// up to here\n"));
    }

    private static String only(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        String found = matcher.group(1);
        assertThat(matcher.find()).as("a second " + pattern).isFalse();
        return found;
    }

    static byte[] message(long version, String... features) {
        StringBuilder entitlements = new StringBuilder();
        for (String feature : features) {
            entitlements.append(entitlements.isEmpty() ? "" : ",").append("""
                    {"benefit_id":"b-%1$s","benefit_type":"feature_flag","description":null,"feature":"%1$s",\
                    "grants":[]}\
                    """.formatted(feature));
        }
        return """
                {"account":"org-1","organization_id":"org-1","version":%d,"entitlements":[%s],"granted":[],"revoked":[]}
                """.formatted(version, entitlements).getBytes(StandardCharsets.UTF_8);
    }
}
