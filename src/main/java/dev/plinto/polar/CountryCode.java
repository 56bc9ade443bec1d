package dev.plinto.polar;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Codes of countries: two capital letters (ISO 3166-1 alpha-2), as Polar and our callers write them.
public final class CountryCode {

    private static final Set<String> ALL = Set.of(Locale.getISOCountries());

    /// Whether the text is the code of a country.
    public static boolean isOne(@Nullable String text) {
        return text != null && ALL.contains(text);
    }

    private CountryCode() {}
}
