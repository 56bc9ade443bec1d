package dev.plinto.polar.faults;

import dev.plinto.polar.testing.TcpProxy;
import dev.plinto.polar.testing.TcpProxy.Network;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/// A temporary fault of a deployment.
enum Fault {

    REPLICA_KILLED {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            int number = any % SmallDeployment.REPLICAS;
            deployment.replica(number).kill();
            return () -> deployment.replace(number);
        }
    },
    REPLICA_STOPPED {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            int number = any % SmallDeployment.REPLICAS;
            deployment.replica(number).close();
            return () -> deployment.replace(number);
        }
    },
    /// Sometimes for longer than Kafka's session: then others have its work when it resumes.
    REPLICA_SUSPENDED {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            int number = any % SmallDeployment.REPLICAS;
            deployment.replica(number).suspend();
            return deployment.replica(number)::resume;
        }
    },
    BROKER_KILLED {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            deployment.stack().kafka().kill();
            return deployment.stack()::restartKafka;
        }
    },
    BROKER_SUSPENDED {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            deployment.stack().kafka().suspend();
            return deployment.stack().kafka()::resume;
        }
    },
    DATABASE_KILLED {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            deployment.stack().postgres().kill();
            return deployment.stack()::restartPostgres;
        }
    },
    DATABASE_SUSPENDED {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            deployment.stack().postgres().suspend();
            return deployment.stack().postgres()::resume;
        }
    },
    NETWORK_TO_BROKER_SLOW {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            return network(deployment, SmallDeployment::toKafka, Network.slow(Duration.ofMillis(100 + any % 900)));
        }
    },
    NETWORK_TO_BROKER_NARROW {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            return network(deployment, SmallDeployment::toKafka, Network.narrow(20_000 + any % 80_000));
        }
    },
    NETWORK_TO_BROKER_SILENT {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            return network(deployment, SmallDeployment::toKafka, Network.SILENT);
        }
    },
    NETWORK_TO_BROKER_RESET {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            deployment.toKafka().reset();
            return deployment.toKafka()::reset;
        }
    },
    NETWORK_TO_BROKER_HALF_OPEN {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            deployment.toKafka().halfOpen();
            return () -> { };
        }
    },
    NETWORK_TO_DATABASE_SLOW {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            return network(deployment, SmallDeployment::toPostgres, Network.slow(Duration.ofMillis(100 + any % 1_900)));
        }
    },
    NETWORK_TO_DATABASE_NARROW {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            return network(deployment, SmallDeployment::toPostgres, Network.narrow(20_000 + any % 80_000));
        }
    },
    NETWORK_TO_DATABASE_SILENT {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            return network(deployment, SmallDeployment::toPostgres, Network.SILENT);
        }
    },
    NETWORK_TO_DATABASE_RESET {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            deployment.toPostgres().reset();
            return deployment.toPostgres()::reset;
        }
    },
    NETWORK_TO_DATABASE_HALF_OPEN {
        @Override
        Runnable begin(SmallDeployment deployment, int any) {
            deployment.toPostgres().halfOpen();
            return () -> { };
        }
    };

    /// @param any a number that varies the fault
    /// @return ends the fault
    abstract Runnable begin(SmallDeployment deployment, int any);

    /// Two simultaneous faults must concern different parts.
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

    private static Runnable network(
            SmallDeployment deployment, Function<SmallDeployment, TcpProxy> proxy, Network network) {
        proxy.apply(deployment).become(network);
        return () -> proxy.apply(deployment).become(Network.GOOD);
    }
}
