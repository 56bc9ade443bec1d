package dev.plinto.polar;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/// Codes of countries: two capital letters (ISO 3166-1 alpha-2), as Polar and our callers write them.
public final class CountryCode {

    private static final Set<String> ALL = Set.of(Locale.getISOCountries());
    private static final Pattern IN_EITHER_CASE = Pattern.compile("[A-Za-z]{2}"); // no letter that becomes one of them

    /// Whether the text is the code of a country.
    public static boolean isOne(@Nullable String text) {
        return text != null && ALL.contains(text);
    }

    /// The code, if the text is one in capital or small letters.
    public static Optional<String> inEitherCase(String text) {
        return Optional.of(text).filter(IN_EITHER_CASE.asMatchPredicate()).map(code -> code.toUpperCase(Locale.ROOT))
                .filter(CountryCode::isOne);
    }

    /// Reads one country of a setting.
    public static final class FromSetting implements Converter<String> { // public: the mapping creates it

        private static final long serialVersionUID = 1L;

        @Override
        public String convert(String code) {
            return inEitherCase(code.strip()).orElseThrow(
                    () -> new IllegalArgumentException("a country is two letters of ISO 3166, such as MX"));
        }
    }

    private CountryCode() {}
}
