package dev.plinto.polar.sandbox.conekta;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How a buyer can pay, of what Conekta has: by card, in a shop of OXXO, by a transfer over SPEI.
public enum PaymentMethod {
    CARD, CASH, BANK_TRANSFER;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<PaymentMethod> fromWireName(String name) {
        return Arrays.stream(values()).filter(method -> method.wireName().equals(name)).findFirst();
    }
}
