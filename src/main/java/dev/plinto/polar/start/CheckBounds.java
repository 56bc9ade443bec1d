package dev.plinto.polar.start;

import dev.plinto.polar.Bounds;
import io.quarkus.runtime.configuration.DurationConverter;
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
        boolean within = switch (value) {
            case Duration duration -> isWithin(duration, bounds, DurationConverter::parseDuration);
            case Number number -> isWithin(number.longValue(), bounds, Long::valueOf);
            default -> throw new IllegalStateException(
                    name + " is neither a number nor a duration, so it cannot have @Bounds");
        };
        if (!within) {
            faults.add("%s must be %s, but is %s".formatted(RequiredSettings.environmentName(name),
                    bounds.most().isEmpty() ? bounds.least() + " or more" : bounds.least() + " to " + bounds.most(),
                    written(value)));
        }
    }

    private static <T extends Comparable<T>> boolean isWithin(T value, Bounds bounds, Function<String, T> read) {
        return value.compareTo(read.apply(bounds.least())) >= 0
                && (bounds.most().isEmpty() || value.compareTo(read.apply(bounds.most())) <= 0);
    }

    private static String written(Object value) {
        return value instanceof Duration
                ? value.toString().substring("PT".length()).toLowerCase(Locale.ROOT)
                : value.toString();
    }

    private static Object value(Method setting, Object settings) {
        try {
            return setting.invoke(settings);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
