package dev.pointsman.pick;

import static dev.pointsman.pool.Instances.instance;
import static dev.pointsman.pool.Instances.onNode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StickyTest {
    private final Picking picking = Picking.among(4, sticky("a secret of some length"));
    private final Client client = new Client();

    @Test
    void a_client_goes_on_being_sent_where_its_first_request_went() {
        Upstream first = client.request(picking);
        picking.picks(3);

        for (int i = 0; i < 20; i++) {
            assertThat(client.request(picking)).isSameAs(first);
        }
    }

    @Test
    void clients_without_a_token_are_spread_and_each_is_given_one() {
        List<Upstream> firsts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Client another = new Client();
            firsts.add(another.request(picking));
            assertThat(another.token).isNotNull();
        }

        assertThat(firsts).containsExactlyElementsOf(picking.ready());
    }

    @Test
    void a_client_with_the_right_token_is_not_given_it_again() {
        Upstream home = client.request(picking);

        assertThat(picking.pool.snapshot().picker().token(home, client)).isNull();
    }

    @Test
    void a_balancer_that_was_restarted_or_another_one_sends_the_client_to_the_same_place() {
        Upstream home = client.request(picking);
        Picking other = Picking.among(4, sticky("a secret of some length"));

        assertThat(client.request(other).key()).isEqualTo(home.key());
        assertThat(client.tokensGiven).isEqualTo(1);
    }

    @Test
    void under_another_secret_tokens_mean_nothing_and_are_replaced() {
        client.request(picking);
        String before = client.token;

        client.request(Picking.among(4, sticky("another secret of length")));

        assertThat(client.token).isNotEqualTo(before);
    }

    @Test
    void a_token_is_short_fit_for_a_cookie_and_shows_nothing() {
        client.request(picking);

        assertThat(client.token).matches("[A-Za-z0-9_-]{22}").doesNotContain("a0", "n1", "127");
    }

    @Test
    void tokens_tell_nodes_apart_but_do_not_change_with_the_address() {
        picking.view(onNode("n1", "x", 1), onNode("n2", "x", 1));
        Upstream home = client.request(picking);
        assertThat(home.key().node()).isEqualTo("n1");

        picking.view(onNode("n1", "x", 2), onNode("n2", "x", 1));
        assertThat(client.request(picking).key().node()).isEqualTo("n1");
        assertThat(client.tokensGiven).isEqualTo(1);
    }

    @Test
    void a_client_whose_instance_is_gone_gets_another_one_and_its_token() {
        Upstream home = client.request(picking);
        assertThat(home).isSameAs(picking.get(0));

        picking.view(instance("a1", 1), instance("a2", 1));

        Upstream next = client.request(picking);
        assertThat(next).isIn(picking.ready());
        assertThat(client.tokensGiven).isEqualTo(2);
        assertThat(client.request(picking)).isSameAs(next);
    }

    @Test
    void so_does_one_whose_instance_is_not_ready() {
        Upstream home = client.request(picking);
        picking.view(instance("a0", 1, Health.CRITICAL, "down"), instance("a1", 1));

        assertThat(client.request(picking)).isNotSameAs(home).isSameAs(client.request(picking));
        assertThat(client.tokensGiven).isEqualTo(2);
    }

    @Test
    void so_does_one_whose_instance_is_ejected() {
        Upstream home = client.request(picking);
        home.begin().end(Outcome.CONNECT_FAILED);

        assertThat(client.request(picking)).isNotSameAs(home).isSameAs(client.request(picking));
        assertThat(client.tokensGiven).isEqualTo(2);
    }

    @Test
    void a_forged_token_is_as_good_as_none() {
        client.token = "AAAAAAAAAAAAAAAAAAAAAA";

        client.request(picking);

        assertThat(client.tokensGiven).isEqualTo(1);
    }

    @Test
    void a_request_that_its_instance_failed_goes_elsewhere_and_the_client_keeps_its_token() {
        Upstream home = client.request(picking);

        Upstream other = Objects.requireNonNull(picking.pick(List.of(home), client));

        assertThat(other).isNotSameAs(home);
        assertThat(picking.pool.snapshot().picker().token(other, client)).isNull();
        assertThat(client.request(picking)).isSameAs(home);
    }

    @Test
    void clients_of_one_instance_together_do_not_overrun_it() {
        Upstream home = client.request(picking);
        for (int i = 0; i < 16; i++) {
            assertThat(picking.pick(client)).as("request %s", i).isSameAs(home);
            home.begin();
        }

        for (int i = 16; i < 400; i++) {
            picking.pick(client).begin();
        }

        // Twice a quarter of 400.
        assertThat(home.inFlight()).isEqualTo(200);
        assertThat(client.tokensGiven).isEqualTo(1);
    }

    @Test
    void a_secret_that_could_be_guessed_and_a_name_that_is_none_are_refused() {
        assertThatThrownBy(() -> sticky("too short")).hasMessage("secret: 9 bytes (expected: 16 or more)");
        assertThatThrownBy(() -> new Sticky("a;b", new byte[16], new RoundRobin()))
                .hasMessage("cookie: a;b (expected: a token of RFC 9110, 5.6.2)");
    }

    private static Sticky sticky(String secret) {
        return new Sticky("pointsman", secret.getBytes(StandardCharsets.UTF_8), new RoundRobin());
    }

    /** A browser: keeps what it is given and brings it along. */
    private static final class Client implements RequestFacts {
        private @Nullable String token;
        private int tokensGiven;

        private Upstream request(Picking picking) {
            Upstream picked = picking.pick(this);
            String given = picking.pool.snapshot().picker().token(picked, this);
            if (given != null) {
                token = given;
                tokensGiven++;
            }
            return picked;
        }

        @Override
        public @Nullable String cookie(String name) {
            return name.equals("pointsman") ? token : null;
        }
    }
}
