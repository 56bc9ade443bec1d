package dev.plinto.polar.faults;

import dev.plinto.polar.testing.TcpProxy;
import dev.plinto.polar.testing.TcpProxy.Network;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/// Something that goes wrong with a site for a while, and is mended. Beginning returns how to mend it.
enum Fault {

    REPLICA_KILLED {
        @Override
        Runnable begin(Site site, int any) {
            int number = any % Site.REPLICAS;
            site.replica(number).kill();
            return () -> site.replace(number);
        }
    },
    REPLICA_STOPPED {
        @Override
        Runnable begin(Site site, int any) {
            int number = any % Site.REPLICAS;
            site.replica(number).close();
            return () -> site.replace(number);
        }
    },
    /// For longer than Kafka's session, sometimes: then it wakes up as one whose work others do.
    REPLICA_SUSPENDED {
        @Override
        Runnable begin(Site site, int any) {
            int number = any % Site.REPLICAS;
            site.replica(number).suspend();
            return site.replica(number)::resume;
        }
    },
    BROKER_KILLED {
        @Override
        Runnable begin(Site site, int any) {
            site.stack().kafka().kill();
            return site.stack()::restartKafka;
        }
    },
    BROKER_SUSPENDED {
        @Override
        Runnable begin(Site site, int any) {
            site.stack().kafka().suspend();
            return site.stack().kafka()::resume;
        }
    },
    DATABASE_KILLED {
        @Override
        Runnable begin(Site site, int any) {
            site.stack().postgres().kill();
            return site.stack()::restartPostgres;
        }
    },
    DATABASE_SUSPENDED {
        @Override
        Runnable begin(Site site, int any) {
            site.stack().postgres().suspend();
            return site.stack().postgres()::resume;
        }
    },
    WAY_TO_BROKER_SLOW {
        @Override
        Runnable begin(Site site, int any) {
            return network(site, Site::toKafka, Network.slow(Duration.ofMillis(100 + any % 900)));
        }
    },
    WAY_TO_BROKER_NARROW {
        @Override
        Runnable begin(Site site, int any) {
            return network(site, Site::toKafka, Network.narrow(20_000 + any % 80_000));
        }
    },
    WAY_TO_BROKER_SILENT {
        @Override
        Runnable begin(Site site, int any) {
            return network(site, Site::toKafka, Network.SILENT);
        }
    },
    WAY_TO_BROKER_RESET {
        @Override
        Runnable begin(Site site, int any) {
            site.toKafka().reset();
            return site.toKafka()::reset;
        }
    },
    WAY_TO_BROKER_HALF_OPEN {
        @Override
        Runnable begin(Site site, int any) {
            site.toKafka().halfOpen();
            return () -> { };
        }
    },
    WAY_TO_DATABASE_SLOW {
        @Override
        Runnable begin(Site site, int any) {
            return network(site, Site::toPostgres, Network.slow(Duration.ofMillis(100 + any % 1_900)));
        }
    },
    WAY_TO_DATABASE_NARROW {
        @Override
        Runnable begin(Site site, int any) {
            return network(site, Site::toPostgres, Network.narrow(20_000 + any % 80_000));
        }
    },
    WAY_TO_DATABASE_SILENT {
        @Override
        Runnable begin(Site site, int any) {
            return network(site, Site::toPostgres, Network.SILENT);
        }
    },
    WAY_TO_DATABASE_RESET {
        @Override
        Runnable begin(Site site, int any) {
            site.toPostgres().reset();
            return site.toPostgres()::reset;
        }
    },
    WAY_TO_DATABASE_HALF_OPEN {
        @Override
        Runnable begin(Site site, int any) {
            site.toPostgres().halfOpen();
            return () -> { };
        }
    };

    /// @param any a number by which the fault varies
    /// @return mends it
    abstract Runnable begin(Site site, int any);

    /// Of two faults at once, neither may have to do with what the other one is about.
    boolean canComeWith(Fault other) {
        return !part().equals(other.part());
    }

    private String part() {
        return Stream.of("REPLICA", "BROKER", "DATABASE").filter(name()::contains).findFirst().orElseThrow();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Runnable network(Site site, Function<Site, TcpProxy> way, Network network) {
        way.apply(site).become(network);
        return () -> way.apply(site).become(Network.GOOD);
    }
}
