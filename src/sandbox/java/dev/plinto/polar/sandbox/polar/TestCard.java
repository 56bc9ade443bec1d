package dev.plinto.polar.sandbox.polar;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The cards with which the simulation pays. The confirmation token of a checkout decides, which at Polar comes from
/// its payment form.
public enum TestCard {
    /// Pays at once.
    PAYS("ctoken_sandbox_pays"),
    /// Is declined at once: the checkout stays open.
    DECLINED("ctoken_sandbox_declined"),
    /// Pays some seconds after the confirmation, as with 3-D Secure.
    PAYS_LATER("ctoken_sandbox_pays_later"),
    /// Is declined some seconds after the confirmation: the checkout is open again.
    DECLINED_LATER("ctoken_sandbox_declined_later");

    private final String token;

    TestCard(String token) {
        this.token = token;
    }

    public String token() {
        return token;
    }

    static Optional<TestCard> of(String token) {
        return Arrays.stream(values()).filter(card -> card.token.equals(token)).findFirst();
    }

    static List<String> tokens() {
        return Arrays.stream(values()).map(TestCard::token).toList();
    }
}
