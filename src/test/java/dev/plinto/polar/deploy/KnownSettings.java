package dev.plinto.polar.deploy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/// The environment variables that the application knows.
final class KnownSettings {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[A-Z][A-Z0-9_]+`(?:, `[A-Z][A-Z0-9_]+`)*) \\|");
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]+");

    /// The settings that the code maps (interfaces with `@ConfigMapping`).
    static Set<String> mapped() {
        return mappings()
                .map(ConfigMappings.ConfigClass::configClass)
                .flatMap(type -> ConfigMappings.getProperties(type).keySet().stream())
                .filter(property -> !property.endsWith("]")) // an element of a list
                .map(KnownSettings::environmentName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The methods that return them, by their names.
    static Map<String, Method> methods() {
        Map<String, Method> methods = new TreeMap<>();
        mappings().forEach(type -> collect(type, type.getAnnotation(ConfigMapping.class).prefix(), methods));
        return methods;
    }

    private static void collect(Class<?> type, String prefix, Map<String, Method> methods) {
        for (Method method : type.getDeclaredMethods()) {
            String property = prefix + "." + StringUtil.skewer(method.getName());
            if (method.getReturnType().isInterface() && method.getReturnType().getEnclosingClass() == type) {
                collect(method.getReturnType(), property, methods);
            } else if (Modifier.isAbstract(method.getModifiers())) {
                methods.put(environmentName(property), method);
            }
        }
    }

    private static Stream<Class<?>> mappings() {
        return new ClassFileImporter().importPath(Path.of("target", "classes")).stream()
                .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                .map(JavaClass::reflect);
    }

    /// The settings in the table of `docs/configuration.md`.
    static Set<String> documented() {
        return ROW.matcher(text(Path.of("docs/configuration.md"))).results()
                .flatMap(row -> NAME.matcher(row.group(1)).results().map(name -> name.group()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Those of them that some role, or every one, requires.
    static Set<String> required() {
        return text(Path.of("docs/configuration.md")).lines()
                .filter(line -> line.matches("\\| `[A-Z_]+` \\|.*[^| ] +\\|"))
                .map(line -> line.substring(line.indexOf('`') + 1, line.indexOf("` |")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static boolean knows(String name) {
        return documented().contains(name) || frameworks().contains(name)
                || name.startsWith("KAFKA_") && ofKafka().contains(name.substring("KAFKA_".length()));
    }

    /// An environment may override the frameworks' settings in `application.properties`.
    private static Set<String> frameworks() {
        var properties = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            properties.load(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return properties.stringPropertyNames().stream().map(KnownSettings::environmentName)
                .collect(Collectors.toSet());
    }

    /// The settings of Kafka's clients.
    private static Set<String> ofKafka() {
        return Stream.of(ProducerConfig.configNames(), ConsumerConfig.configNames(), AdminClientConfig.configNames())
                .flatMap(Set::stream).map(KnownSettings::environmentName).collect(Collectors.toSet());
    }

    static String environmentName(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private KnownSettings() {}
}
