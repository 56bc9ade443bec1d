package dev.plinto.polar.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// axe, which finds faults of accessibility in the page that a browser shows.
public record Axe(String script) {

    private static final Path CHECKS = Path.of("src/test/browser");

    /// Skips the test, and says so, if there is no npm on this machine.
    public static Axe install() throws IOException, InterruptedException {
        Npm.install(CHECKS, "the pages are not checked with axe");
        return new Axe(Files.readString(CHECKS.resolve("node_modules/axe-core/axe.min.js")));
    }

    /// Also one if the page is wider than its window.
    public List<String> faults(Browser browser, String page) {
        List<String> faults = new ArrayList<>();
        JsonNode violations = browser.asyncScript(script + """
                ; const done = arguments[arguments.length - 1];
                axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations.map(
                  violation => violation.id + ': ' + violation.nodes.map(
                    node => node.target + ' ' + node.failureSummary).join(' | '))));
                """);
        violations.forEach(violation -> faults.add(page + ": " + violation.asText()));
        if (browser.script("return document.documentElement.scrollWidth > window.innerWidth").booleanValue()) {
            faults.add(page + ": is wider than the window");
        }
        return faults;
    }

    @Override
    public String toString() {
        return "Axe";
    }
}
