package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.config.ConfigException;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.settings.Setting;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a balancer says of its routes when it is ready. */
class BalancerCommandTest {
    @Test
    void a_redirection_is_called_so() throws ConfigException {
        assertThat(named(Stream.of("/api=api-service", "/old=;redirect=308,https://shop.example.com$path")))
                .isEqualTo("/api -> api-service, /old -> a redirection");
    }

    @Test
    void of_many_routes_the_first_are_named() throws ConfigException {
        assertThat(named(IntStream.range(0, 100).mapToObj("/%1$02d=s%1$02d"::formatted)))
                .startsWith("/00 -> s00, /01 -> s01, ")
                .endsWith(" more (pointsman routes)");
    }

    private static String named(Stream<String> routes) throws ConfigException {
        List<Setting> flags = routes.map(route -> Setting.flag("route", route)).toList();
        return BalancerCommand.routes(ConfigReader.read(flags, Map.of()).routes());
    }
}
