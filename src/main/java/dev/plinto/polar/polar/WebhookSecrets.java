package dev.plinto.polar.polar;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// The list of accepted webhook secrets as it is configured: comma separated, a comma inside one written `\,`.
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
