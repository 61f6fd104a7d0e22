package dev.pointsman.launcher.process;

import java.io.IOException;

/** A source of ports for programs. Confined to one thread. */
public interface PortSource {
    /**
     * Another port.
     *
     * @throws IOException when there is none
     */
    int next() throws IOException;

    /** Whether a program could listen on a port at this moment, on every address. */
    boolean isFree(int port);

    /** The number of ports that one start may lose to other programs before it has failed. */
    int tries();

    /** A source of one port and no other. */
    static PortSource fixed(int port) {
        return new PortSource() {
            @Override
            public int next() {
                return port;
            }

            @Override
            public boolean isFree(int asked) {
                // Even if it is taken: there is no other to try, and the program itself reports it.
                return true;
            }

            @Override
            public int tries() {
                return 1;
            }
        };
    }
}
