package dev.pointsman.launcher.process;

import java.io.IOException;

/** Where the ports of programs come from. Confined to one thread. */
public interface PortSource {
    /**
     * Another port.
     *
     * @throws IOException when there is none
     */
    int next() throws IOException;

    /** Whether a program could listen on a port at this moment, on every address. */
    boolean isFree(int port);

    /** How many ports one start may use up before it has failed, because others were quicker to take them. */
    int tries();

    /** One port and no other. */
    static PortSource fixed(int port) {
        return new PortSource() {
            @Override
            public int next() {
                return port;
            }

            @Override
            public boolean isFree(int asked) {
                // Whoever holds it: there is no other to try, and the program says itself that it is taken.
                return true;
            }

            @Override
            public int tries() {
                return 1;
            }
        };
    }
}
