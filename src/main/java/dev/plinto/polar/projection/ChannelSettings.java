package dev.plinto.polar.projection;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All raw topics are consumed alike: a setting that is absent for the channel of another provider
/// (`mp.messaging.incoming.conekta-received.…`) is that of Polar's (`mp.messaging.incoming.received.…`). Registered in
/// `META-INF/services`.
@Priority(Priorities.LIBRARY) // below the interceptor that resolves ${…}
public final class ChannelSettings implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;
    private static final String INCOMING = "mp.messaging.incoming.";
    private static final String POLAR = INCOMING + TopicPositions.POLAR + ".";
    private static final List<String> OTHERS = List.of(INCOMING + TopicPositions.CONEKTA + ".");

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue set = context.proceed(name);
        if (set != null) {
            return set;
        }
        for (String other : OTHERS) {
            if (name.startsWith(other)) {
                ConfigValue shared = context.restart(POLAR + name.substring(other.length()));
                return shared == null ? null : shared.from().withName(name).build();
            }
        }
        return null;
    }

    @Override
    public Iterator<String> iterateNames(ConfigSourceInterceptorContext context) {
        Set<String> names = new LinkedHashSet<>();
        context.iterateNames().forEachRemaining(name -> {
            names.add(name);
            if (name.startsWith(POLAR)) {
                OTHERS.forEach(other -> names.add(other + name.substring(POLAR.length())));
            }
        });
        return names.iterator();
    }
}
