package dev.pointsman.cli.takeover;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The calls of Linux that pass descriptors between processes, for which Java 17 has none (java.lang.foreign can take JNA's place
 * from Java 22 on). The numbers are those that x86-64 and arm64 have in common. Thread-safe; the calls block.
 */
interface LinuxCalls extends Library {
    int AF_UNIX = 1;
    int SOCK_STREAM = 1;
    int SOCK_DGRAM = 2;
    int SOCK_CLOEXEC = 0x80000;
    int O_CLOEXEC = 0x80000;
    int SOL_SOCKET = 1;
    int SCM_RIGHTS = 1;
    int SO_RCVTIMEO = 20;
    int SO_SNDTIMEO = 21;
    int MSG_NOSIGNAL = 0x4000;
    int MSG_CMSG_CLOEXEC = 0x40000000;
    int SHUT_RDWR = 2;
    int EAGAIN = 11;

    /** The errors of connect(2) where nobody listens: ENOENT and ECONNREFUSED. */
    Set<Integer> NOBODY_THERE = Set.of(2, 111);

    /** See socket(2). */
    int socket(int domain, int type, int protocol) throws LastErrorException;

    /** See bind(2). */
    int bind(int socket, Pointer address, int length) throws LastErrorException;

    /** See listen(2). */
    int listen(int socket, int backlog) throws LastErrorException;

    /** See accept4(2). */
    int accept4(int socket, Pointer address, Pointer length, int flags) throws LastErrorException;

    /** See connect(2). */
    int connect(int socket, Pointer address, int length) throws LastErrorException;

    /** See getsockname(2). */
    int getsockname(int socket, Pointer address, Pointer length) throws LastErrorException;

    /** See setsockopt(2). */
    int setsockopt(int socket, int level, int name, Pointer value, int length) throws LastErrorException;

    /** See sendmsg(2). */
    long sendmsg(int socket, Pointer message, int flags) throws LastErrorException;

    /** See recvmsg(2). */
    long recvmsg(int socket, Pointer message, int flags) throws LastErrorException;

    /** See sendto(2). */
    long sendto(int socket, byte[] bytes, long length, int flags, Pointer address, int addressLength)
            throws LastErrorException;

    /** See dup3(2). */
    int dup3(int from, int to, int flags) throws LastErrorException;

    /** See shutdown(2). */
    int shutdown(int socket, int how) throws LastErrorException;

    /** See close(2). */
    int close(int descriptor) throws LastErrorException;

    /** The calls; throws {@link LinkageError} where they cannot be made, as where JNA may not unpack its library. */
    static LinuxCalls load() {
        return Holder.CALLS;
    }

    /** Loaded when first asked for. */
    final class Holder {
        private static final LinuxCalls CALLS = Native.load("c", LinuxCalls.class);

        private Holder() {}
    }

    /** A {@code sockaddr_un}; a name that begins with {@code @} is an abstract one. */
    static Memory unixAddress(String path) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = path.startsWith("@");
        Memory address = new Memory(2L + name.length + (isAbstract ? 0 : 1));
        address.clear();
        address.setShort(0, (short) AF_UNIX);
        address.write(2, name, 0, name.length);
        if (isAbstract) {
            address.setByte(2, (byte) 0);
        }
        return address;
    }
}
