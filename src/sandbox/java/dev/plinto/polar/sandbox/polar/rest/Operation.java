package dev.plinto.polar.sandbox.polar.rest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An operation of Polar's API: its method, its path below `/v1` with parameters in braces, whom it is for, and what it
/// does.
record Operation(String method, String template, Access access, Work work, Pattern path) {

    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");
    /// Polar has operations of these names where others have an id.
    private static final String NO_ID = "(?!(?:export|external|client|claim|ingest|names)(?:/|$))";

    /// What an operation does. It runs under the lock of the simulation.
    interface Work {

        /// @throws InvalidRequest if a parameter or the body is invalid
        /// @throws dev.plinto.polar.sandbox.polar.Refusal if Polar's rules forbid it
        Answer answer(Request request);
    }

    /// Whom an operation is for.
    enum Access {
        /// Who has the organization's access token.
        ORGANIZATION,
        /// Everybody: the path, or the body, holds a secret.
        ANYBODY
    }

    static Operation of(String method, String template, Work work) {
        return of(method, template, Access.ORGANIZATION, work);
    }

    static Operation forAnybody(String method, String template, Work work) {
        return of(method, template, Access.ANYBODY, work);
    }

    private static Operation of(String method, String template, Access access, Work work) {
        String path = PARAMETER.matcher(template)
                .replaceAll(name -> Matcher.quoteReplacement(pattern(name.group(1))));
        return new Operation(method, template, access, work, Pattern.compile(path));
    }

    boolean isAt(String requested) {
        return path.matcher(requested).matches();
    }

    boolean is(Call call) {
        return method.equals(call.method()) && isAt(call.path());
    }

    Answer answer(Call call) {
        Matcher matcher = path.matcher(call.path());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(call.path() + " is no path of " + this);
        }
        Map<String, String> parameters = new HashMap<>();
        PARAMETER.matcher(template).results().map(found -> found.group(1)).forEach(name -> parameters.put(
                name, decoded(matcher.group(group(name)))));
        return work.answer(new Request(call, parameters));
    }

    /// Ids of the merchant's may be any text, also such a name.
    private static String pattern(String parameter) {
        return (parameter.equals("id") ? NO_ID : "") + "(?<" + group(parameter) + ">[^/]+)";
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
        return method + " /v1" + template;
    }
}
