package dev.pointsman.cli.run;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handling of signals as a JVM does not handle them by itself. By reflection on {@code sun.misc.Signal}: it is there on every
 * JDK from 9 to today (module jdk.unsupported, JEP 260), but the compiler's warning about it cannot be turned off for
 * one place.
 */
public final class UserSignal {
    private static final Logger log = LoggerFactory.getLogger(UserSignal.class);

    private UserSignal() {}

    /**
     * Runs a task at each such signal, on a thread of the JVM's.
     *
     * @param name without SIG, such as {@code USR2}
     */
    public static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (self, method, args) -> {
                        return switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                yield null;
                            }
                            case "hashCode" -> System.identityHashCode(self);
                            case "equals" -> args != null && self == args[0];
                            default -> "SIG" + name;
                        };
                    });
            Object sig = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, sig, proxy);
        } catch (ReflectiveOperationException | RuntimeException missing) {
            log.warn("SIG{} cannot be handled: {}", name, missing.toString());
        }
    }
}
