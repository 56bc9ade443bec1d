package dev.plinto.polar.start;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSourceLoader;
import io.smallrye.config.SmallRyeConfig;
import java.util.Map;

/// What somebody has configured for this start: system properties, environment, `.env`, `config/application.properties`
/// beside the working directory. Quarkus builds its own view later, with the application's defaults; asking for that
/// one here would freeze it before the sandbox has said where it is.
public final class StartSettings {

    /// Which system properties [#add(Map)] has set. Their names start with no prefix that is mapped.
    private static final String ADDED = "dev.plinto.polar.settings";
    private static final int AS_IN_QUARKUS = 260;

    private final SmallRyeConfig configured;

    public StartSettings() {
        forgetThoseOfTheLastReload();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        configured = ConfigUtils.emptyConfigBuilder()
                .withProfile(LaunchMode.current().getDefaultProfile())
                .setAddDefaultSources(false) // they would look through every jar
                .addSystemSources()
                .withSources(PropertiesConfigSourceLoader.inFileSystem(
                        "config/application.properties", AS_IN_QUARKUS, loader))
                .build();
    }

    /// Null when it is not configured.
    public String value(String property) {
        return configured.getOptionalValue(property, String.class).orElse(null);
    }

    /// Makes them system properties, except those that somebody has configured otherwise.
    public void add(Map<String, String> settings) {
        settings.forEach((property, value) -> {
            if (value(property) == null) {
                System.setProperty(property, value);
                System.setProperty(ADDED, System.getProperty(ADDED, "") + property + ",");
            }
        });
    }

    /// A live reload runs `main` again in the same JVM; what the sandbox said last time is nobody's configuration.
    private static void forgetThoseOfTheLastReload() {
        for (String property : System.getProperty(ADDED, "").split(",")) {
            if (!property.isEmpty()) {
                System.clearProperty(property);
            }
        }
        System.clearProperty(ADDED);
    }
}
