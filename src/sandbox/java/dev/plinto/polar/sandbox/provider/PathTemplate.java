package dev.plinto.polar.sandbox.provider;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A path with parameters in braces, such as `/orders/{id}/refunds`.
public final class PathTemplate {

    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");

    private final String template;
    private final Pattern path;

    /// @param except what a parameter of this name is not, as a regular expression that consumes nothing, or empty
    public PathTemplate(String template, Function<String, String> except) {
        this.template = template;
        path = Pattern.compile(PARAMETER.matcher(template).replaceAll(name -> Matcher.quoteReplacement(
                except.apply(name.group(1)) + "(?<" + group(name.group(1)) + ">[^/]+)")));
    }

    public boolean matches(String requested) {
        return path.matcher(requested).matches();
    }

    /// The decoded parameters; empty for another path.
    public Optional<Map<String, String>> parameters(String requested) {
        Matcher matcher = path.matcher(requested);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        PARAMETER.matcher(template).results().map(found -> found.group(1)).forEach(name -> parameters.put(
                name, decoded(matcher.group(group(name)))));
        return Optional.of(parameters);
    }

    /// Names of groups have no underscore.
    private static String group(String parameter) {
        return parameter.replace("_", "");
    }

    /// Clients encode a path parameter once; a plus sign is one.
    private static String decoded(String parameter) {
        return URLDecoder.decode(parameter.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return template;
    }
}
