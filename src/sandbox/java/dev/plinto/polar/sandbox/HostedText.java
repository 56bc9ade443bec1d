package dev.plinto.polar.sandbox;

import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.Locale;

/// Values as the pages of simulated parties show them to people.
public final class HostedText {

    private static final DateTimeFormatter DATE = DateTimeFormatter
            .ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private HostedText() {}

    /// `cents` in the currency's smallest unit.
    public static String money(long cents, String currency) {
        Currency unit = Currency.getInstance(currency.toUpperCase(Locale.ROOT));
        NumberFormat format = NumberFormat.getCurrencyInstance(Locale.UK);
        format.setCurrency(unit);
        format.setMinimumFractionDigits(unit.getDefaultFractionDigits());
        format.setMaximumFractionDigits(unit.getDefaultFractionDigits());
        return format.format(cents / Math.pow(10, unit.getDefaultFractionDigits()));
    }

    public static String date(Instant time) {
        return DATE.format(time);
    }
}
