package dev.pointsman.registry.consul.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.Weights;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsulJsonTest {
    private static final String NODE = "'Node':{'Node':'n1','Address':'10.0.0.1'}";

    /** JSON, with apostrophes for quotation marks. */
    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(UTF_8);
    }

    private static ConsulJson.Instances read(String text) throws RegistryException {
        return ConsulJson.instances(json(text));
    }

    private static Instance one(String service, String checks) throws RegistryException {
        ConsulJson.Instances response = read("[{%s,'Service':{'ID':'a1','Service':'a',%s},'Checks':[%s]}]"
                .formatted(NODE, service.isEmpty() ? "'Port':80" : service, checks));
        assertThat(response.oddities()).isEmpty();
        assertThat(response.instances()).hasSize(1);
        return response.instances().get(0);
    }

    @Test
    void a_full_entry_is_read_with_all_that_matters() throws RegistryException {
        ConsulJson.Instances response = read("""
                [{'Node':{'ID':'81fc','Node':'n1','Address':'10.0.0.1','Datacenter':'dc1',
                    'TaggedAddresses':{'lan':'10.0.0.1'},'Meta':{'x':''},'CreateIndex':10},
                  'Service':{'ID':'a1','Service':'a','Tags':['v1','api'],'Address':'10.0.0.7','Port':8080,
                    'TaggedAddresses':{'wan':{'Address':'192.0.2.1','Port':80}},'Meta':{'version':'1.0'},
                    'Weights':{'Passing':10,'Warning':2},'EnableTagOverride':false,'Proxy':{},'Connect':{},'New':[1]},
                  'Checks':[{'Node':'n1','CheckID':'serfHealth','Name':'Serf','Status':'passing','ServiceTags':[]},
                            {'Node':'n1','CheckID':'a1-http','Name':'http','Status':'passing','ServiceID':'a1'}]}]
                """);
        assertThat(response.oddities()).isEmpty();
        assertThat(response.instances())
                .containsExactly(new Instance(
                        new InstanceKey("n1", "a1"),
                        "a",
                        "10.0.0.7",
                        8080,
                        List.of("v1", "api"),
                        Map.of("version", "1.0"),
                        new Weights(10, 2),
                        Health.PASSING,
                        ""));
    }

    @Test
    void a_bare_entry_gets_the_defaults() throws RegistryException {
        ConsulJson.Instances response =
                read("[{'Node':{'Node':'n1','Address':'10.0.0.1'},'Service':{'ID':'a1','Service':'a','Port':80}}]");
        assertThat(response.instances())
                .containsExactly(new Instance(
                        new InstanceKey("n1", "a1"),
                        "a",
                        "10.0.0.1",
                        80,
                        List.of(),
                        Map.of(),
                        Weights.DEFAULT,
                        Health.PASSING,
                        ""));
    }

    @Test
    void nulls_count_as_absent() throws RegistryException {
        Instance instance = one(
                "'Port':80,'Address':null,'Tags':null,'Meta':null,'Weights':null,'Kind':null",
                "{'CheckID':'c','Status':'passing','Output':null,'Notes':null}, null");
        assertThat(instance.address()).isEqualTo("10.0.0.1");
        assertThat(instance.tags()).isEmpty();
        assertThat(instance.meta()).isEmpty();
        assertThat(instance.weights()).isEqualTo(Weights.DEFAULT);
    }

    @Test
    void odd_tags_and_metadata_are_passed_over_and_the_rest_stays() throws RegistryException {
        Instance instance = one("'Port':80,'Tags':['a',null,7,'b'],'Meta':{'k':'v','n':7,'o':{},'z':null}", "");
        assertThat(instance.tags()).containsExactly("a", "b");
        assertThat(instance.meta()).containsExactlyInAnyOrderEntriesOf(Map.of("k", "v", "n", "7"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'Passing':3,'Warning':0   | 3     | 0
                    'Passing':3               | 3     | 1
                    'Warning':5               | 1     | 1
                    'Passing':0,'Warning':0   | 1     | 1
                    'Passing':-4,'Warning':3  | 1     | 1
                    'Passing':2,'Warning':-3  | 2     | 0
                    'Passing':9999999,'Warning':1 | 65535 | 1
                    """)
    void weights_are_what_consul_allows_them_to_be(String weights, int passing, int warning) throws RegistryException {
        assertThat(one("'Port':80,'Weights':{" + weights + "}", "").weights()).isEqualTo(new Weights(passing, warning));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'Address':''",
                "'Port':null",
                "'Port':0",
                "'Port':-1",
                "'Port':65536",
                "'Port':4294967376",
                "'Port':80.5",
                "'Port':'http'",
                "'Port':{}",
                "'Ports':[]",
                "'Ports':[{'Name':'a','Port':80},{'Name':'b','Port':81}]",
                "'Ports':[{'Name':'a','Default':true}]",
                "'Ports':[{'Name':'a','Port':0,'Default':true}]"
            })
    void an_instance_without_a_usable_port_is_left_out_and_named_and_its_siblings_stay(String port)
            throws RegistryException {
        ConsulJson.Instances response = read(
                "[{%1$s,'Service':{'ID':'odd','Service':'a',%2$s}},{%1$s,'Service':{'ID':'good','Service':'a','Port':80}}]"
                        .formatted(NODE, port));
        assertThat(response.instances()).extracting(i -> i.key().id()).containsExactly("good");
        assertThat(response.oddities()).singleElement().asString().contains("n1/odd", "port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'Port':80",
                "'Port':80,'Ports':[{'Name':'a','Port':81,'Default':true}]",
                "'Ports':[{'Name':'a','Port':81},{'Name':'b','Port':80,'Default':true}]",
                "'Port':0,'Ports':[{'Name':'b','Port':80,'Default':true}]",
                "'Ports':[{'Name':'only','Port':80}]"
            })
    void the_port_is_the_plain_one_or_else_the_default_of_several(String port) throws RegistryException {
        assertThat(one(port, "").port()).isEqualTo(80);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "{}",
                "{'Service':{'Service':'a','Port':80},'Node':{'Node':'n1','Address':'10.0.0.1'}}",
                "{'Service':{'ID':'x','Port':80},'Node':{'Node':'n1','Address':'10.0.0.1'}}",
                "{'Service':{'ID':'x','Service':'a','Port':80},'Node':{'Node':'n1','Address':''}}",
                "{'Service':{'ID':'x','Service':'a','Port':80},'Node':null}"
            })
    void an_entry_that_is_none_is_left_out_and_said(String entry) throws RegistryException {
        ConsulJson.Instances response =
                read("[%s,{%s,'Service':{'ID':'good','Service':'a','Port':80}}]".formatted(entry, NODE));
        assertThat(response.instances()).extracting(i -> i.key().id()).containsExactly("good");
        assertThat(response.oddities()).hasSize(1);
    }

    @Test
    void a_sidecar_proxy_is_no_instance_though_it_carries_the_tags() throws RegistryException {
        ConsulJson.Instances response =
                read("[{%s,'Service':{'Kind':'connect-proxy','ID':'p','Service':'a-proxy','Port':1}}]".formatted(NODE));
        assertThat(response.instances()).isEmpty();
        assertThat(response.oddities()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    passing  | passing  | PASSING  | ``
                    passing  | warning  | WARNING  | c1: o1
                    warning  | critical | CRITICAL | c1: o1
                    critical | warning  | CRITICAL | c0: o0
                    critical | critical | CRITICAL | c0: o0
                    passing  | strange  | WARNING  | c1: o1
                    passing  | ``       | WARNING  | c1: o1
                    """)
    void the_worst_check_counts_and_gives_the_reason(String first, String second, Health health, String reason)
            throws RegistryException {
        Instance instance = one(
                "",
                "{'CheckID':'serfHealth','Name':'c0','Status':'%s','Output':'o0'},{'CheckID':'x','Name':'c1','Status':'%s','Output':'o1'}"
                        .formatted(first, second));
        assertThat(instance.health()).isEqualTo(health);
        assertThat(instance.healthReason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"_node_maintenance", "_service_maintenance:a1"})
    void maintenance_is_worse_than_critical_and_its_reason_stands_in_the_notes(String id) throws RegistryException {
        Instance instance = one(
                "",
                "{'CheckID':'x','Name':'http','Status':'critical','Output':'refused'},"
                        + "{'CheckID':'%s','Name':'Maintenance Mode','Status':'critical','Notes':'new disk','Output':''}"
                                .formatted(id));
        assertThat(instance.health()).isEqualTo(Health.MAINTENANCE);
        assertThat(instance.healthReason()).isEqualTo("Maintenance Mode: new disk");
    }

    @Test
    void a_reason_is_one_short_line_whatever_the_check_has_put_out() throws RegistryException {
        String output = "HTTP GET:\\n\\t500\\u001b[31m " + "x".repeat(4000);
        String reason = one("", "{'Name':'http','Status':'critical','Output':'" + output + "'}")
                .healthReason();
        assertThat(reason)
                .startsWith("http: HTTP GET: 500\\u001b[31m xxx")
                .endsWith("x…")
                .hasSize(200);
    }

    @Test
    void a_check_without_a_name_or_output_is_named_by_its_id() throws RegistryException {
        assertThat(one("", "{'CheckID':'service:a1','Status':'critical'}").healthReason())
                .isEqualTo("service:a1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "{}",
                "7",
                "[",
                "[{'Node':{'Node':'n1'},'Service':{'ID':'a1','Ser",
                "[{'Node':{}},]",
                "[] []",
                "<html>502</html>"
            })
    void a_broken_response_is_refused_as_a_whole(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind())
                .isEqualTo(Kind.MALFORMED));
    }

    @Test
    void the_catalog_gives_each_service_its_tags() throws RegistryException {
        assertThat(ConsulJson.catalog(json("{'consul':[],'a':['v1','api'],'b':null,'c':7,'d':['x',null,3]}")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "consul", Set.of(), "a", Set.of("v1", "api"), "b", Set.of(), "c", Set.of(), "d", Set.of("x")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{'a':['x'", "{'a':[]} x"})
    void a_broken_catalog_is_refused_as_a_whole(String body) {
        assertThatThrownBy(() -> ConsulJson.catalog(json(body)))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MALFORMED));
    }
}
