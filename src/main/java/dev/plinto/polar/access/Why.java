package dev.plinto.polar.access;

import dev.plinto.polar.entitlement.Account;
import java.util.List;
import java.util.stream.Collectors;

/// Says why an account has access or not, in the tense of the moment that is explained.
enum Why {

    PRESENT("Nothing is known about the account: no subscription and no grant.",
            "The account has a subscription, but no grant. Only grants give access.",
            "The account may use %s.",
            "Polar granted %s, but the customer is linked to no organization: nobody may use it.",
            "The account may use nothing: it never had a live grant.",
            "The account may use nothing. The last benefit that it had was %s. %s"),

    PAST("Nothing was known about the account: no subscription and no grant.",
            "The account had a subscription, but no grant. Only grants give access.",
            "The account could use %s.",
            "Polar had granted %s, but the customer was linked to no organization: nobody could use it.",
            "The account could use nothing: it had never had a live grant.",
            "The account could use nothing. The last benefit before was %s. %s");

    private final String unknown;
    private final String subscribedOnly;
    private final String granted;
    private final String unlinked;
    private final String neverGranted;
    private final String revoked;

    Why(String unknown, String subscribedOnly, String granted, String unlinked, String neverGranted, String revoked) {
        this.unknown = unknown;
        this.subscribedOnly = subscribedOnly;
        this.granted = granted;
        this.unlinked = unlinked;
        this.neverGranted = neverGranted;
        this.revoked = revoked;
    }

    /// @param isDecided whether anything about its benefits was ever published
    /// @param benefits  those that give access first, and of the others the newest first
    String of(Account account, boolean isDecided, boolean hasSubscriptions, List<Explanation.Benefit> benefits) {
        if (!isDecided) {
            return hasSubscriptions ? subscribedOnly : unknown;
        }
        String usable = benefits.stream().filter(Explanation.Benefit::hasAccess).map(Explanation.Benefit::name)
                .collect(Collectors.joining(", "));
        if (!usable.isEmpty()) {
            return (account.isLinked() ? granted : unlinked).formatted(usable);
        }
        return benefits.isEmpty() // an emptied key
                ? neverGranted
                : revoked.formatted(benefits.getFirst().name(), benefits.getFirst().why());
    }
}
