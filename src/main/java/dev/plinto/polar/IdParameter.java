package dev.plinto.polar;

import java.util.List;

/// An id in a query parameter, as the client sent it: any text, since each issuer and provider has its own form.
public final class IdParameter {

    private static final int MAX_LENGTH = 500;

    /// Throws a problem (400) unless there is one value and it can be an id.
    ///
    /// @param values of all parameters of this name
    public static String valid(String name, List<String> values) {
        if (values.stream().allMatch(String::isBlank)) {
            throw new Problem("parameter-missing", 400, "The query parameter " + name + " is missing",
                    "Add it: ?" + name + "=…").exception();
        }
        if (values.size() > 1) { // a proxy and this service might read different ones
            throw Problem.parameterRepeated(name).exception();
        }
        String id = values.getFirst();
        if (!isId(id)) {
            throw new Problem("parameter-invalid", 400, "The query parameter " + name + " is not an id",
                    "An id has at most " + MAX_LENGTH + " characters and no control characters.").exception();
        }
        return id;
    }

    /// Whether the text can be an id.
    public static boolean isId(String text) {
        return !text.isBlank() && text.length() <= MAX_LENGTH && text.chars().noneMatch(Character::isISOControl);
    }

    private IdParameter() {}
}
