package dev.pointsman.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@NeedsConsul
class ConsulUnderTestIT {
    @Test
    void it_is_ready_when_launched_and_empty_on_the_same_port_after_a_restart() {
        try (ConsulUnderTest consul = ConsulUnderTest.launch()) {
            String url = consul.url();
            assertThat(consul.http()
                            .put("/v1/agent/service/register", "{\"Name\":\"a\",\"Port\":1}")
                            .status())
                    .isEqualTo(200);
            assertThat(consul.http().get("/v1/health/service/a").json()).hasSize(1);

            consul.kill();
            consul.start();

            assertThat(consul.url()).isEqualTo(url);
            assertThat(consul.http().get("/v1/health/service/a").json()).isEmpty();

            consul.stop();
            consul.start();

            assertThat(consul.http()
                            .get("/v1/agent/self")
                            .json()
                            .at("/Config/NodeName")
                            .asText())
                    .isEqualTo(consul.nodeName());
        }
    }

    @Test
    void two_run_side_by_side() {
        try (ConsulUnderTest one = ConsulUnderTest.launch();
                ConsulUnderTest other = ConsulUnderTest.launch("datacenter = \"elsewhere\"")) {
            assertThat(one.nodeName()).isNotEqualTo(other.nodeName());
            assertThat(one.http().get("/v1/catalog/datacenters").body()).contains("dc1");
            assertThat(other.http().get("/v1/catalog/datacenters").body()).contains("elsewhere");
        }
    }
}
