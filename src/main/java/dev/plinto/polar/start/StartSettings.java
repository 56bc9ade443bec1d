package dev.plinto.polar.start;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSourceLoader;
import io.smallrye.config.SmallRyeConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The settings that the operator has configured for this start: system properties, environment, `.env`, and
/// `config/application.properties` in the working directory. Quarkus builds its own configuration later, with the
/// application's defaults; reading that one here would freeze it before the sandbox has added its addresses.
public final class StartSettings {

    /// The system properties that [#add(Map)] has set. This name starts with no mapped prefix.
    private static final String ADDED = "dev.plinto.polar.settings";
    private static final int AS_IN_QUARKUS = 260;

    private final SmallRyeConfig configured;

    public StartSettings() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        configured = ConfigUtils.emptyConfigBuilder()
                .withProfile(LaunchMode.current().getDefaultProfile())
                .setAddDefaultSources(false) // they would search every jar
                .addSystemSources()
                .withSources(PropertiesConfigSourceLoader.inFileSystem(
                        "config/application.properties", AS_IN_QUARKUS, loader))
                .build();
    }

    /// Null if the property is not configured.
    public @Nullable String value(String property) {
        return configured.getOptionalValue(property, String.class).orElse(null);
    }

    /// Sets them as system properties, except those that the operator has configured.
    public void add(Map<String, String> settings) {
        settings.forEach((property, value) -> {
            if (value(property) == null) {
                System.setProperty(property, value);
                System.setProperty(ADDED, System.getProperty(ADDED, "") + property + ",");
            }
        });
    }

    /// Removes what [#add(Map)] has set. A live reload builds the application again in the same JVM and then runs
    /// `main` again; to neither may the settings look like the operator's own.
    public void removeAdded() {
        for (String property : System.getProperty(ADDED, "").split(",")) {
            if (!property.isEmpty()) {
                System.clearProperty(property);
            }
        }
        System.clearProperty(ADDED);
    }
}
