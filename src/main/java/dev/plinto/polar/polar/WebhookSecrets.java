package dev.plinto.polar.polar;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Reads the configured list of accepted webhook secrets: separated by commas; a comma within a secret is written `\,`.
public final class WebhookSecrets {

    private static final Pattern SEPARATOR = Pattern.compile("(?<!\\\\),");

    public static List<String> split(String configured) {
        return Arrays.stream(SEPARATOR.split(configured))
                .map(secret -> secret.strip().replace("\\,", ","))
                .filter(secret -> !secret.isEmpty())
                .toList();
    }

    private WebhookSecrets() {}
}
