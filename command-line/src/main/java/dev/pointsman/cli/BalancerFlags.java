package dev.pointsman.cli;

import dev.pointsman.balancer.config.ConfigException;
import dev.pointsman.balancer.config.ConfigFile;
import dev.pointsman.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The balancer's settings as its command line takes them. Values stay text here, as in {@link PlanFlags}. */
final class BalancerFlags {
    @Option(names = "--dev", description = "run the embedded registry too; no Consul needed, for one machine")
    private boolean dev;

    @Option(names = "--port", paramLabel = "N", description = "where clients are served (8080; 0: any free port)")
    private @Nullable String port;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "on which address (0.0.0.0)")
    private @Nullable String host;

    @Option(names = "--admin", paramLabel = "HOST:PORT", description = "the admin API (127.0.0.1:9901)")
    private @Nullable String admin;

    @Option(names = "--consul", paramLabel = "URL", description = "the registry (http://127.0.0.1:8500)")
    private @Nullable String consul;

    @Option(
            names = "--view-file",
            paramLabel = "FILE",
            description = "keep what the registry said there, to start from while it is down (nowhere)")
    private @Nullable String viewFile;

    @Option(
            names = "--route",
            paramLabel = "PREFIX=TAG[;OPTION]...",
            description = "send paths below PREFIX to the instances with TAG; may be repeated, the longest prefix wins"
                    + " (/api=api-service and /=webapp-service). Options: strip-prefix, add-prefix=/P, host=NAME|instance,"
                    + " response-timeout=TIME, max-body=SIZE, and those of picking, from --policy on")
    private List<String> route = new ArrayList<>();

    @Option(names = "--config", paramLabel = "FILE", description = "a YAML file with any of these settings")
    private @Nullable Path config;

    @Option(
            names = "--register",
            paramLabel = "BOOLEAN",
            description = "whether to be found in the registry by those who replace instances (true)")
    private @Nullable String register;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            description = "practise on made-up requests before taking clients (0)")
    private @Nullable String warmUp;

    @Option(names = "--connect-timeout", paramLabel = "TIME", description = "for a connection to an instance (2s)")
    private @Nullable String connectTimeout;

    @Option(names = "--response-timeout", paramLabel = "TIME", description = "for an answer to begin (30s)")
    private @Nullable String responseTimeout;

    @Option(names = "--idle-timeout", paramLabel = "TIME", description = "without an octet on a connection (5m)")
    private @Nullable String idleTimeout;

    @Option(names = "--head-timeout", paramLabel = "TIME", description = "for a request head to arrive (10s)")
    private @Nullable String headTimeout;

    @Option(names = "--drain", paramLabel = "TIME", description = "for requests to finish when stopping (10s)")
    private @Nullable String drain;

    @Option(
            names = "--trusted-proxies",
            paramLabel = "NETWORKS",
            description = "whose X-Forwarded-* is believed, such as 10.0.0.0/8,::1 (nobody's)")
    private @Nullable String trustedProxies;

    @Option(
            names = "--forwarded",
            paramLabel = "FIELDS",
            description = "how instances are told of clients: x-forwarded, rfc7239 or both (x-forwarded)")
    private @Nullable String forwarded;

    @Option(names = "--max-head", paramLabel = "SIZE", description = "of a request's or an answer's head (32k)")
    private @Nullable String maxHead;

    @Option(names = "--max-body", paramLabel = "SIZE", description = "of a request's body; 0 for any (0)")
    private @Nullable String maxBody;

    @Option(names = "--max-connections", paramLabel = "N", description = "from clients at a time (8192)")
    private @Nullable String maxConnections;

    @Mixin
    private final PoolFlags pools = new PoolFlags();

    /** The file's settings, then those that were given as flags: the later ones overrule. */
    List<Setting> settings(List<String> problems) throws ConfigException {
        List<Setting> settings = new ArrayList<>(config == null ? List.of() : ConfigFile.read(config, problems));
        route.forEach(value -> settings.add(Setting.flag("route", value)));
        Setting.addFlag(settings, "dev", dev ? "true" : null);
        Setting.addFlag(settings, "port", port);
        Setting.addFlag(settings, "host", host);
        Setting.addFlag(settings, "admin", admin);
        Setting.addFlag(settings, "consul", consul);
        Setting.addFlag(settings, "register", register);
        Setting.addFlag(settings, "view-file", viewFile);
        Setting.addFlag(settings, "warm-up", warmUp);
        Setting.addFlag(settings, "connect-timeout", connectTimeout);
        Setting.addFlag(settings, "response-timeout", responseTimeout);
        Setting.addFlag(settings, "idle-timeout", idleTimeout);
        Setting.addFlag(settings, "head-timeout", headTimeout);
        Setting.addFlag(settings, "drain", drain);
        Setting.addFlag(settings, "trusted-proxies", trustedProxies);
        Setting.addFlag(settings, "forwarded", forwarded);
        Setting.addFlag(settings, "max-head", maxHead);
        Setting.addFlag(settings, "max-body", maxBody);
        Setting.addFlag(settings, "max-connections", maxConnections);
        settings.addAll(pools.settings());
        return settings;
    }
}
