package dev.pointsman.launcher.process;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The part of the C library that Java has no call for. From Java 22 on, java.lang.foreign can replace JNA. */
interface Libc extends Library {
    /** See waitpid(2). */
    int waitpid(int pid, @Nullable Pointer status, int options);

    /** See kill(2). */
    int kill(int pid, int signal);

    /** The C library of this machine, loaded once. */
    final class LoadedLibc {
        private static @Nullable Libc loaded;

        private LoadedLibc() {}

        /** @throws LinkageError if it cannot be used from here */
        static synchronized Libc get() {
            Libc libc = loaded;
            if (libc == null) {
                libc = Native.load("c", Libc.class);
                loaded = libc;
            }
            return libc;
        }
    }
}
