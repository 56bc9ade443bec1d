package dev.plinto.polar.start;

import dev.plinto.polar.Bounds;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValidator;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import io.smallrye.config.common.utils.StringUtil;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Refuses settings that are outside their [Bounds], and reports all of them at once. Why not Bean
/// Validation: `docs/adr/0017`. Registered in `META-INF/services`.
public final class CheckBounds implements SmallRyeConfigBuilderCustomizer, ConfigValidator {

    private static final String ROOT_PACKAGE = Bounds.class.getPackageName();
    private static final MemorySizeConverter SIZES = new MemorySizeConverter();

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        builder.withValidator(this);
    }

    @Override
    public void validateMapping(Class<?> mapping, String prefix, Object settings) {
        List<String> faults = new ArrayList<>();
        if (isOwnMapping(mapping)) {
            check(mapping, prefix, settings, faults);
        }
        if (!faults.isEmpty()) {
            throw new ConfigValidationException(faults.stream().map(ConfigValidationException.Problem::new)
                    .toArray(ConfigValidationException.Problem[]::new));
        }
    }

    private static void check(Class<?> type, String prefix, Object settings, List<String> faults) {
        for (Method setting : type.getDeclaredMethods()) {
            String name = prefix + "." + StringUtil.skewer(setting.getName());
            Bounds bounds = setting.getAnnotation(Bounds.class);
            if (bounds != null) {
                check(name, value(setting, settings), bounds, faults);
                if (!bounds.moreThan().isEmpty()) {
                    checkMore(name, setting, prefix, value(type, bounds.moreThan(), settings), settings, faults);
                }
            } else if (isOwnMapping(setting.getReturnType())) {
                check(setting.getReturnType(), name, value(setting, settings), faults);
            }
        }
    }

    /// False for a framework's mapping and for a plain value.
    private static boolean isOwnMapping(Class<?> type) {
        return type.isInterface() && type.getPackageName().startsWith(ROOT_PACKAGE);
    }

    private static void check(String name, Object value, Bounds bounds, List<String> faults) {
        if (bounds.orZero() && isZero(value)) {
            return;
        }
        boolean within = switch (value) {
            case Duration duration -> isWithin(duration, bounds, DurationConverter::parseDuration);
            case MemorySize size -> isWithin(size.asBigInteger(), bounds, text -> SIZES.convert(text).asBigInteger());
            case Number number -> isWithin(number.longValue(), bounds, Long::valueOf);
            default -> throw new IllegalStateException(
                    name + " is neither a number nor a duration or size, so it cannot have @Bounds");
        };
        if (!within) {
            faults.add("%s must be %s%s to %s, but is %s%s".formatted(RequiredSettings.environmentName(name),
                    bounds.orZero() ? "0 or " : "", bounds.least(), bounds.most(), written(value),
                    hint(value, bounds)));
        }
    }

    private static boolean isZero(Object value) {
        return value.equals(Duration.ZERO) || value instanceof Number number && number.longValue() == 0;
    }

    private static <T extends Comparable<T>> boolean isWithin(T value, Bounds bounds, Function<String, T> read) {
        return value.compareTo(read.apply(bounds.least())) >= 0 && value.compareTo(read.apply(bounds.most())) <= 0;
    }

    private static void checkMore(String name, Method setting, String prefix, Duration other, Object settings,
            List<String> faults) {
        Duration value = (Duration) value(setting, settings);
        if (value.compareTo(other) <= 0) {
            String otherName = prefix + "." + StringUtil.skewer(setting.getAnnotation(Bounds.class).moreThan());
            faults.add("%s must be more than %s, but is %s, and that one is %s".formatted(
                    RequiredSettings.environmentName(name), RequiredSettings.environmentName(otherName),
                    written(value), written(other)));
        }
    }

    /// Quarkus reads a number without a unit as seconds, which nobody means where days are expected.
    private static String hint(Object value, Bounds bounds) {
        return value instanceof Duration duration && bounds.least().endsWith("d") && duration.toNanosPart() == 0
                ? ": %1$d is read as %1$d seconds, write %1$dd for days".formatted(duration.toSeconds())
                : "";
    }

    private static String written(Object value) {
        return switch (value) {
            case Duration days when days.toSeconds() > 0 && days.equals(Duration.ofDays(days.toDays())) -> days.toDays()
                    + "d";
            case Duration duration -> duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
            case MemorySize size -> size.asBigInteger() + " bytes";
            default -> value.toString();
        };
    }

    private static Duration value(Class<?> type, String setting, Object settings) {
        try {
            return (Duration) value(type.getDeclaredMethod(setting), settings);
        } catch (NoSuchMethodException renamed) {
            throw new IllegalStateException(renamed);
        }
    }

    private static Object value(Method setting, Object settings) {
        try {
            return setting.invoke(settings);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
