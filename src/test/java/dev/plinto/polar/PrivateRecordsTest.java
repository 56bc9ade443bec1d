package dev.plinto.polar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A record prints all of its components, and ends up in a log or an exception's text sooner or later. So what is
/// private in it must not be printed: bodies, signatures, secrets, tokens, headers, addresses.
class PrivateRecordsTest {

    private static final String PLANTED = "planted-and-private";
    private static final Pattern PRIVATE = Pattern.compile(
            "(?i).*(body|payload|json|node|signature|secret|token|csrf|headers|email).*");

    /// What is told of a body: when something happened to it, or its hash.
    private static final Pattern ABOUT = Pattern.compile(".*(At|Sha256)");

    static Stream<Class<?>> records() {
        return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.plinto.polar").stream()
                .filter(type -> !type.getPackageName().startsWith("dev.plinto.polar.sandbox"))
                .filter(JavaClass::isRecord).<Class<?>>map(JavaClass::reflect)
                .filter(type -> Arrays.stream(type.getRecordComponents()).anyMatch(PrivateRecordsTest::isPrivate));
    }

    @ParameterizedTest
    @MethodSource("records")
    void record_printsNothingPrivate(Class<?> type) throws ReflectiveOperationException {
        assertThat(planted(type).toString()).doesNotContain(PLANTED);
    }

    private static boolean isPrivate(RecordComponent component) {
        return !component.getType().isPrimitive() && (PRIVATE.matcher(component.getName()).matches()
                && !ABOUT.matcher(component.getName()).matches()
                || component.getGenericType().getTypeName().contains("byte[]"));
    }

    private static Object planted(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = value(components[i].getGenericType(), isPrivate(components[i]) ? PLANTED : "x");
        }
        Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    /// A value of the type, with the text in it where the type can have one.
    private static Object value(Type generic, String text) throws ReflectiveOperationException {
        Class<?> type = switch (generic) {
            case ParameterizedType parameterized -> (Class<?>) parameterized.getRawType();
            case TypeVariable<?> any -> Object.class;
            default -> (Class<?>) generic;
        };
        if (type == String.class || type == Object.class) {
            return text;
        } else if (type == byte[].class) {
            return text.getBytes(StandardCharsets.UTF_8);
        } else if (type == JsonNode.class) {
            return JsonNodeFactory.instance.objectNode().put(text, text);
        } else if (type == Optional.class) {
            return Optional.of(value(((ParameterizedType) generic).getActualTypeArguments()[0], text));
        } else if (type == List.class) {
            return Stream.ofNullable(value(((ParameterizedType) generic).getActualTypeArguments()[0], text)).toList();
        } else if (type == Set.class) {
            return Set.of(text); // of texts only
        } else if (type == Map.class) {
            return Map.of(text, text);
        } else if (type == Instant.class) {
            return Instant.EPOCH;
        } else if (type == Duration.class) {
            return Duration.ZERO;
        } else if (type == boolean.class || type == Boolean.class) {
            return true;
        } else if (type == int.class || type == Integer.class) {
            return 1;
        } else if (type == long.class || type == Long.class) {
            return 1L;
        } else if (type.isEnum()) {
            return type.getEnumConstants()[0];
        } else if (type.isRecord()) {
            return planted(type);
        } else if (type.isSealed()) {
            return value(type.getPermittedSubclasses()[0], text);
        } else if (type.isInterface()) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> text);
        }
        return null; // a class: none has a constructor that takes a text
    }
}
