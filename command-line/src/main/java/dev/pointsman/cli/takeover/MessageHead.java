package dev.pointsman.cli.takeover;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;

/** A {@code struct msghdr} with one piece of data and one of control, as 64-bit Linux has them in memory. */
final class MessageHead implements AutoCloseable {
    private static final int SIZE = 56;
    private static final int CONTROL_LENGTH_AT = 40;

    private final Memory head = new Memory(SIZE);
    private final Memory vector = new Memory(16);
    private final Memory control;

    /** @param controlLength 0 for no control */
    MessageHead(Memory bytes, long from, long length, Memory control, long controlLength) {
        this.control = control;
        vector.setPointer(0, bytes.share(from));
        vector.setLong(8, length);
        head.clear();
        head.setPointer(16, vector);
        head.setLong(24, 1);
        if (controlLength > 0) {
            head.setPointer(32, control);
            head.setLong(CONTROL_LENGTH_AT, controlLength);
        }
    }

    Memory memory() {
        return head;
    }

    /** Those that came with what was received. */
    List<Integer> descriptors() {
        List<Integer> descriptors = new ArrayList<>();
        if (head.getLong(CONTROL_LENGTH_AT) >= 16
                && control.getInt(8) == LinuxCalls.SOL_SOCKET
                && control.getInt(12) == LinuxCalls.SCM_RIGHTS) {
            long end = control.getLong(0);
            for (long at = 16; at + 4 <= end; at += 4) {
                descriptors.add(control.getInt(at));
            }
        }
        return descriptors;
    }

    @Override
    public void close() {
        head.close();
        vector.close();
    }
}
