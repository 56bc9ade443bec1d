package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class UsageIdTest {

    /// As python says: `uuid.uuid5(uuid.UUID("7d1c3f62-0a51-4c0e-9c55-2f6a4b8de901"), "5:org-1key-1")`.
    @Test
    void id_isTheSameForEver() {
        assertThat(UsageId.of("org-1", "key-1").value())
                .isEqualTo(UUID.fromString("35a774c1-0834-552c-b6fc-0d7b37e7df79"));
    }

    @Test
    void organizationAndKey_areToldApart() {
        assertThat(UsageId.of("org", "1-key")).isNotEqualTo(UsageId.of("org1", "-key"))
                .isNotEqualTo(UsageId.of("another", "1-key"));
        assertThat(UsageId.of("ñ", "a")).isNotEqualTo(UsageId.of("ñ", "b"));
    }
}
