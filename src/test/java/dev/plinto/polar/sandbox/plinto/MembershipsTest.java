package dev.plinto.polar.sandbox.plinto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembershipsTest {

    @Test
    void memberships_areReadInTheirOrder() {
        assertThat(Memberships.read("  org-2=viewer\torg-1=owner ").roles())
                .containsExactly(entry("org-2", "viewer"), entry("org-1", "owner"));
        assertThat(Memberships.read(Memberships.USUAL).roles()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "org-1", "=owner", "org-1=", "org-1=boss", "org-1=owner,org-2=viewer",
            "org-1=owner org-1=viewer", "org-1 = owner", "org=1=owner"})
    void otherText_isRefused_withWhatToSend(String text) {
        assertThatThrownBy(() -> Memberships.read(text)).isInstanceOf(OAuthFailure.class)
                .hasMessageContaining("such as org-1=owner org-2=admin");
    }

    @Test
    void onlyOneOrganization_isNoChoice() {
        assertThat(Memberships.read("org-1=owner").onlyOne()).contains("org-1");
        assertThat(Memberships.read(Memberships.USUAL).onlyOne()).isEmpty();
        assertThat(Memberships.NONE.onlyOne()).isEmpty();
    }
}
