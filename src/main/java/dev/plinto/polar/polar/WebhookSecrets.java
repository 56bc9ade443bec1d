package dev.plinto.polar.polar;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The accepted webhook secrets: more than one while a secret is being replaced at Polar.
public final class WebhookSecrets {

    private final List<String> accepted;

    private WebhookSecrets(List<String> accepted) {
        this.accepted = List.copyOf(accepted);
    }

    public static WebhookSecrets parse(String setting) {
        return new WebhookSecrets(split(setting));
    }

    /// Comma-separated; a comma inside a secret is written `\,`. Blanks around one are no part of it; empty ones are
    /// left out.
    public static List<String> split(String setting) {
        Objects.requireNonNull(setting, "setting");
        var secrets = new ArrayList<String>();
        for (String part : setting.split("(?<!\\\\),")) {
            String secret = part.replace("\\,", ",").strip();
            if (!secret.isEmpty()) {
                secrets.add(secret);
            }
        }
        return secrets;
    }

    public List<String> accepted() {
        return accepted;
    }

    /// Never the secrets themselves: what is printed ends in a log.
    @Override
    public String toString() {
        return "WebhookSecrets[" + accepted.size() + " redacted]";
    }
}
