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

/// What a running sandbox leaves for the next live reload, which loads all our classes anew in the same JVM: the lock,
/// the children's handles (a collected handle would close the child's standard input, and so stop it), the ports.
/// Only types of the JDK, so that both generations of classes see the same ones. Kept in the JVM's registry of objects
/// by name; system properties that are no text break libraries that copy them.
public record KeptAcrossReloads(Map<String, Object> values) {

    /// Of the sandbox on that directory in this JVM; the very same map for every caller.
    @SuppressWarnings("unchecked") // nobody else registers this name
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
            throw new SandboxFailure("The JVM's registry of objects (JMX) is not usable: " + failure, failure);
        }
    }

    public void lock(Supplier<FileLock> lock) {
        values.computeIfAbsent("lock", absent -> lock.get());
    }

    /// Not again at the next reload.
    public void once(String what, Runnable action) {
        if (values.putIfAbsent(what, true) == null) {
            action.run();
        }
    }

    public int port(String name, Supplier<Integer> free) {
        return (Integer) values.computeIfAbsent(name + ".port", absent -> free.get());
    }

    /// Null when there is none or it has ended.
    public Process alive(String name) {
        var process = (Process) values.get(name);
        return process != null && process.isAlive() ? process : null;
    }

    public void keep(String name, Process process) {
        values.put(name, process);
    }
}
