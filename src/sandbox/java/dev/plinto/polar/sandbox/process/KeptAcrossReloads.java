package dev.plinto.polar.sandbox.process;

import java.lang.management.ManagementFactory;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/// What a running sandbox keeps for the next live reload, which loads all its classes anew in the same JVM: the lock,
/// the children's handles (a collected handle would close the child's standard input, and so stop it), the ports. Only
/// JDK types, so that both generations of classes see the same ones. Kept in the JVM's JMX registry; a non-text system
/// property would break libraries that copy the properties.
public record KeptAcrossReloads(Map<String, Object> values) {

    /// The instance of the sandbox on this directory in this JVM; every caller gets the same map.
    @SuppressWarnings("unchecked") // only this class registers this name
    public static KeptAcrossReloads of(Path directory) {
        MBeanServer registry = ManagementFactory.getPlatformMBeanServer();
        try {
            var name = new ObjectName("dev.plinto.polar", "sandbox", ObjectName.quote(directory.toString()));
            synchronized (registry) {
                if (!registry.isRegistered(name)) {
                    Map<String, Object> values = new ConcurrentHashMap<>();
                    registry.registerMBean(new StandardMBean(() -> values, Supplier.class), name);
                }
                return new KeptAcrossReloads((Map<String, Object>) registry.invoke(name, "get", null, null));
            }
        } catch (JMException failure) {
            throw new SandboxFailure("The JVM's JMX registry is not usable: " + failure, failure);
        }
    }

    public void lock(Supplier<FileLock> lock) {
        values.computeIfAbsent("lock", absent -> lock.get());
    }

    /// Runs the action at its first call only, not again after a reload.
    public void once(String what, Runnable action) {
        if (values.putIfAbsent(what, true) == null) {
            action.run();
        }
    }

    public int port(String name, Supplier<Integer> free) {
        return (Integer) values.computeIfAbsent(name + ".port", absent -> free.get());
    }

    /// Null if there is none or it has ended.
    public Process alive(String name) {
        var process = (Process) values.get(name);
        return process != null && process.isAlive() ? process : null;
    }

    public void keep(String name, Process process) {
        values.put(name, process);
    }
}
