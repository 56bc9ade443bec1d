package dev.plinto.polar.conekta;

import dev.plinto.polar.Envelope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// A setting of the form `<name>=<value>,…`.
///
/// @param values   by their names, in the order of the setting
/// @param problems one line for each item that cannot be read; the item is in it
record Assignments(Map<String, String> values, List<String> problems) {

    /// @param form how an item must look, for its reader
    /// @param fits whether a value has the form
    static Assignments read(String setting, String form, Predicate<String> fits) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (String item : setting.split(",")) {
            String[] sides = item.strip().split("=", -1);
            if (sides.length == 1 && sides[0].isEmpty()) {
                continue;
            }
            if (sides.length != 2 || !Envelope.isName(sides[0].strip()) || !fits.test(sides[1].strip())) {
                problems.add("has \"" + item.strip() + "\" where " + form + " is expected");
            } else if (values.put(sides[0].strip(), sides[1].strip()) != null) {
                problems.add("names \"" + sides[0].strip() + "\" more than once");
            }
        }
        return new Assignments(values, problems);
    }
}
