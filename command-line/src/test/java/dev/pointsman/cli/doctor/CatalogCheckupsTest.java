package dev.pointsman.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.registry.consul.ConsulAddress;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with instances, tags and routes, by what a registry lists. */
class CatalogCheckupsTest {
    private static final JsonArray PASSING =
            new JsonArray().add(check("passing", "HTTP GET http://10.0.0.1:8080/health: 200 OK Output: ok"));

    @TempDir
    private Path home = Path.of(".");

    private final Map<String, JsonArray> services = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private ScriptedHttp consul;

    @BeforeEach
    void an_empty_registry() throws Exception {
        consul = new ScriptedHttp().on("/v1/status/leader", "\"10.0.0.1:8300\"");
    }

    @AfterEach
    void close() {
        consul.close();
    }

    private static JsonObject check(String status, String output) {
        return new JsonObject()
                .put("Node", "n1")
                .put("CheckID", "service:x")
                .put("Name", "its check")
                .put("Status", status)
                .put("Output", output)
                .put("ServiceID", "x");
    }

    private void lists(
            String service, String id, String node, String address, int port, JsonArray checks, String... tags) {
        services.computeIfAbsent(service, name -> new JsonArray())
                .add(new JsonObject()
                        .put("Node", new JsonObject().put("Node", node).put("Address", "10.0.0." + node.substring(1)))
                        .put(
                                "Service",
                                new JsonObject()
                                        .put("ID", id)
                                        .put("Service", service)
                                        .put("Address", address)
                                        .put("Port", port)
                                        .put("Tags", new JsonArray(List.of(tags))))
                        .put("Checks", checks));
    }

    /** One instance at 10.0.0.1:8080, whose check says that. */
    private void listsChecked(String status, String output) {
        lists("api", "x", "n1", "10.0.0.1", 8080, new JsonArray().add(check(status, output)));
    }

    private RegisteredServices registered() {
        JsonObject names = new JsonObject();
        services.forEach((name, instances) -> {
            names.put(name, new JsonArray());
            consul.on("/v1/health/service/" + name, instances.encode());
        });
        consul.on("/v1/catalog/services", names.encode());
        return new RegisteredServices(new ConsulQuestions(ConsulAddress.from(consul.url(), Map.of())), List.of());
    }

    private BalancerConfig config(String yaml) throws Exception {
        Path file = home.resolve("p.yaml");
        Files.writeString(file, yaml);
        return Objects.requireNonNull(DoctorConfig.read(file, null, Map.of()).config());
    }

    private List<String> addresses() throws InterruptedException {
        return Lines.of(new InstanceAddressCheckup(registered(), true));
    }

    private List<String> checks() throws InterruptedException {
        return Lines.of(new InstanceChecksCheckup(registered()));
    }

    private List<String> tags(String yaml) throws Exception {
        return Lines.of(new TagsCheckup(registered(), config(yaml), InstantSource.system()));
    }

    private List<String> routes(String yaml) throws Exception {
        return Lines.of(new RoutesCheckup(registered(), config(yaml), consul.url()));
    }

    @Test
    void a_loopback_address_among_others_is_an_error() throws Exception {
        lists("api", "a", "n1", "10.0.0.1", 8080, PASSING);
        lists("api", "b", "n2", "127.0.0.1", 8080, PASSING);

        assertThat(addresses())
                .containsExactly(
                        "error instance-address: registered a loopback address, while others are on other machines");
    }

    @Test
    void loopback_addresses_alone_are_one_machine() throws Exception {
        lists("api", "a", "n1", "127.0.0.1", 8080, PASSING);
        lists("api", "b", "n1", "localhost", 8081, PASSING);

        assertThat(addresses())
                .containsExactly(
                        "ok instance-address: 2 instances have addresses of their own that can be reached from here");
        assertThat(Lines.of(new InstanceAddressCheckup(registered(), false)))
                .hasSize(2)
                .allMatch(line -> line.endsWith("while the registry is on another machine"));
    }

    @Test
    void no_port_and_the_address_of_nobody_are_errors() throws Exception {
        lists("api", "a", "n1", "10.0.0.1", 0, PASSING);
        lists("api", "b", "n1", "0.0.0.0", 8080, PASSING);
        lists("api", "c", "n1", "", 8081, PASSING);

        assertThat(addresses())
                .containsExactly(
                        "error instance-address: has no port",
                        "error instance-address: registered 0.0.0.0, which is no address to connect to");
    }

    @Test
    void one_address_under_two_ids_is_a_warning() throws Exception {
        lists("api", "old", "n1", "10.0.0.1", 8080, PASSING);
        lists("api", "new", "n1", "", 8080, PASSING);

        assertThat(addresses())
                .hasSize(1)
                .allMatch(line ->
                        line.startsWith("warning instance-address: has the same address and port as api n1/new"));
    }

    @Test
    void an_instance_without_a_check_is_a_warning() throws Exception {
        lists("api", "a", "n1", "10.0.0.1", 8080, new JsonArray());

        assertThat(checks()).containsExactly("warning instance-check: has no check");
    }

    @Test
    void a_check_of_loopback_for_an_address_that_is_none_is_a_warning() throws Exception {
        listsChecked("passing", "TCP connect 127.0.0.1:8080: Success");

        assertThat(checks())
                .containsExactly(
                        "warning instance-check: its check \"its check\" asks 127.0.0.1, and clients use 10.0.0.1");
    }

    @Test
    void the_newest_output_of_a_check_is_the_agents_own() throws Exception {
        listsChecked("passing", "");
        consul.on(
                "/v1/agent/checks",
                new JsonObject()
                        .put("service:x", check("passing", "HTTP GET http://localhost:8080/: 200 OK Output: "))
                        .encode());

        assertThat(checks()).anyMatch(line -> line.contains("asks localhost, and clients use 10.0.0.1"));
    }

    @Test
    void a_critical_instance_is_a_note_with_what_its_check_says() throws Exception {
        listsChecked("critical", "dial tcp 10.0.0.1:8080: connect: connection refused");

        assertThat(checks())
                .contains(
                        "note instance-health: is critical: its check: dial tcp 10.0.0.1:8080: connect: connection refused");
    }

    @Test
    void a_word_without_a_slash_in_a_tag_of_fabios_is_a_host_which_is_said_once_for_all_instances() throws Exception {
        lists("shop", "a", "n1", "10.0.0.1", 8080, PASSING, "urlprefix-shop");
        lists("shop", "b", "n2", "10.0.0.2", 8080, PASSING, "urlprefix-shop");

        assertThat(tags("fabio-tags: true\nroute: {}\n"))
                .containsExactly("warning tags: has no slash, so that it is for the host \"shop\", whatever the path");
    }

    @Test
    void a_host_without_a_slash_in_a_tag_of_fabios_is_a_route() throws Exception {
        lists("shop", "a", "n1", "10.0.0.1", 8080, PASSING, "urlprefix-shop.example.com");

        assertThat(tags("fabio-tags: true\nroute: {}\n"))
                .containsExactly("ok tags: 1 routes are announced, all of them in order");
    }

    @Test
    void tags_for_tcp_have_no_slash() throws Exception {
        lists("db", "a", "n1", "10.0.0.1", 5432, PASSING, "urlprefix-:5432 proto=tcp");

        assertThat(tags("route: {}\n")).containsExactly("note tags: is in fabio's language, and fabio-tags is not on");
    }

    @Test
    void a_tag_that_is_no_route_is_a_warning_with_what_was_expected() throws Exception {
        lists("shop", "a", "n1", "10.0.0.1", 8080, PASSING, "pointsman.route=api");

        assertThat(tags("route: {}\n"))
                .hasSize(1)
                .allMatch(line -> line.startsWith(
                        "warning tags: has no effect, or not all that it asks for: \"api\" (expected: "));
    }

    @Test
    void a_route_that_several_services_announce_is_a_warning() throws Exception {
        lists("shop", "a", "n1", "10.0.0.1", 8080, PASSING, "pointsman.route=/x");
        lists("store", "b", "n1", "10.0.0.1", 8081, PASSING, "pointsman.route=/x");

        assertThat(tags("route: {}\n"))
                .containsExactly("warning tag-conflicts: is announced by several services: shop, store");
    }

    @Test
    void a_route_that_nobody_answers_to_is_a_warning_with_the_name_that_was_meant() throws Exception {
        lists("api-service", "a", "n1", "10.0.0.1", 8080, PASSING);

        assertThat(routes("route: {/api: api-servcie}\n"))
                .containsExactly(
                        "warning routes: no instance has the tag or the service name \"api-servcie\". Did you mean"
                                + " api-service?",
                        "note routes: no route leads to api-service");
    }

    @Test
    void a_route_may_lead_to_a_tag() throws Exception {
        lists("shop", "a", "n1", "10.0.0.1", 8080, PASSING, "web");

        assertThat(routes("route: {/: web}\n")).containsExactly("ok routes: has an instance for each of the 1 targets");
    }

    @Test
    void a_catalog_that_cannot_be_read_is_a_warning() throws Exception {
        consul.on("/v1/catalog/services", 403, "Permission denied", Map.of());
        RegisteredServices refused =
                new RegisteredServices(new ConsulQuestions(ConsulAddress.from(consul.url(), Map.of())), List.of());

        assertThat(Lines.of(new RoutesCheckup(refused, config("route: {/: web}\n"), consul.url())))
                .containsExactly("warning catalog: its services could not be read: status 403: Permission denied");
    }

    @Test
    void of_many_findings_of_one_kind_the_first_are_shown_and_the_others_counted() throws Exception {
        for (int i = 0; i < 40; i++) {
            lists("api", "a" + i, "n1", "10.0.0.1", 0, PASSING);
        }

        assertThat(addresses()).hasSize(13).contains("error instance-address: 28 more of the kind above");
    }
}
