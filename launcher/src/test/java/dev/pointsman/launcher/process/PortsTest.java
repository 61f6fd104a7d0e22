package dev.pointsman.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void no_port_comes_twice_in_a_row_of_many() throws IOException {
        Ports ports = new Ports(new SplittableRandom(1));
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            assertThat(seen.add(ports.next())).isTrue();
        }
    }

    @Test
    void ports_are_not_those_that_outgoing_connections_get() throws IOException {
        Ports ports = new Ports(new SplittableRandom(1), 20_000, 20_999);
        for (int i = 0; i < 50; i++) {
            assertThat(ports.next()).isBetween(20_000, 20_999);
        }
    }

    @Test
    void a_port_that_a_process_listens_on_is_not_free_whatever_address_they_took() throws IOException {
        Ports ports = new Ports(new SplittableRandom(1));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ports.isFree(taken.getLocalPort())).isFalse();
        }
    }

    @Test
    void where_the_usual_ones_are_taken_any_other_is_given() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();
            Ports ports = new Ports(new SplittableRandom(1), port, port);
            assertThat(ports.next()).isNotEqualTo(port).isPositive();
        }
    }
}
