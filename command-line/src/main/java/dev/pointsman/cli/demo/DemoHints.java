package dev.pointsman.cli.demo;

import java.util.List;

/** The text that a demo prints once it runs: the commands to try. */
final class DemoHints {
    private DemoHints() {}

    static List<String> of(DemoPorts ports) {
        String elsewhere = ports.registry() == 8500 ? "" : " --consul " + ports.registryUrl();
        String otherAdmin = ports.admin() == 9901 ? "" : " --admin " + ports.adminUrl();
        return List.of(
                "",
                "Pointsman is running: a registry, a balancer, two api-service and two webapp-service instances.",
                "",
                "  curl " + ports.clientsUrl() + "/api/anything      a response of the next api-service",
                "  curl " + ports.clientsUrl() + "/                  a response of the next webapp-service",
                "  curl " + ports.clientsUrl()
                        + "/api/chain         one of both: an api-service asks a webapp-service, without the balancer",
                "  " + ports.adminUrl() + "/                         in a browser: the dashboard",
                "  curl " + ports.adminUrl() + "/api/services   what the balancer knows",
                "  curl " + ports.registryUrl() + "/v1/catalog/services   what the registry knows (Consul's API)",
                "",
                "In another terminal:",
                "",
                "  ./pointsman list                   the instances, and how they are",
                "  ./pointsman top" + otherAdmin + "                    what the balancer does this second, until q",
                "  ./pointsman scale api-service +1   one more; it gets requests as soon as it is up",
                "  ./pointsman reload api-service     replaces them one by one; no request fails",
                "  ./pointsman service webapp-service" + elsewhere + "    one more, in this terminal, until Ctrl-C",
                "",
                "Ctrl-C here stops everything.");
    }
}
