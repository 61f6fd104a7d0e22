package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.route.RecentRequest;
import dev.pointsman.balancer.route.Route;
import org.junit.jupiter.api.Test;

class RecentRequestsTest {
    private static final Route ROUTE = new Route("/", "web");

    @Test
    void the_newest_are_kept_the_oldest_first() {
        RecentRequests recent = new RecentRequests(3);
        assertThat(recent.list()).isEmpty();

        for (int i = 1; i <= 5; i++) {
            recent.add("GET", "h", "/" + i, i == 4 ? null : ROUTE, i);
        }

        assertThat(recent.list())
                .containsExactly(
                        new RecentRequest("GET", "h", "/3", ROUTE, 3),
                        new RecentRequest("GET", "h", "/4", null, 4),
                        new RecentRequest("GET", "h", "/5", ROUTE, 5));
    }

    @Test
    void long_paths_push_out_the_oldest_before_they_take_much_memory() {
        RecentRequests recent = new RecentRequests();
        String longPath = "/" + "x".repeat(RecentRequests.MOST_CHARACTERS / 4);

        for (int i = 0; i < 10; i++) {
            recent.add("GET", null, longPath, ROUTE, i);
        }
        assertThat(recent.list()).extracting(RecentRequest::at).containsExactly(7L, 8L, 9L);

        recent.add("GET", null, "/short", ROUTE, 10);
        assertThat(recent.list()).hasSize(4);
    }
}
