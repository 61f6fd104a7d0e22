package dev.pointsman.balancer;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.pointsman.retry.AttemptFailure;
import dev.pointsman.testkit.Rules;

/** The directions of imports between the packages of this module, and the purity of its plain parts. */
@AnalyzeClasses(packages = "dev.pointsman.balancer", importOptions = Rules.MainCode.class)
class BalancerArchitectureTest {
    private static final String CANARY = "dev.pointsman.canary..";
    private static final String CONFIG = "dev.pointsman.balancer.config..";
    private static final String DOWNSTREAM = "dev.pointsman.balancer.downstream..";
    private static final String HISTORY = "dev.pointsman.balancer.history..";
    private static final String HEALTH = "dev.pointsman.balancer.health..";
    private static final String HTTP = "dev.pointsman.balancer.http..";
    /** What every port of ours reads with. */
    private static final String PORTS = "dev.pointsman.http..";

    /** What HTTP/2 with clients and with instances have in common. */
    private static final String FRAMES = "dev.pointsman.balancer.frames..";

    private static final String FILTER = "dev.pointsman.balancer.filter..";
    private static final String EXPLAIN = "dev.pointsman.balancer.explain..";
    private static final String PLAN = "dev.pointsman.balancer.plan..";
    /** What is seen of requests, by those who count, trace and log them. */
    private static final String OBSERVE = "dev.pointsman.balancer.observe..";

    private static final String METRICS = "dev.pointsman.balancer.metrics..";
    private static final String EXPOSITION = "dev.pointsman.balancer.exposition..";
    private static final String ACCESS_LOG = "dev.pointsman.balancer.accesslog..";
    private static final String TRACE = "dev.pointsman.balancer.trace..";

    /** What the counts say of the last seconds, and who shows it. */
    private static final String TRAFFIC = "dev.pointsman.balancer.traffic..";

    private static final String OVERVIEW = "dev.pointsman.balancer.overview..";
    private static final String DASHBOARD = "dev.pointsman.balancer.dashboard..";
    private static final String ADMIN = "dev.pointsman.balancer.admin..";

    private static final String LOOP = "dev.pointsman.balancer.loop..";
    private static final String PROXY = "dev.pointsman.balancer.proxy..";
    private static final String RESILIENCE = "dev.pointsman.balancer.resilience..";
    /** What may be sent again, for the balancer and for the client alike. */
    private static final String RETRY = "dev.pointsman.retry..";

    private static final String ROUTE = "dev.pointsman.balancer.route..";
    private static final String TCP = "dev.pointsman.balancer.tcp..";
    private static final String TLS = "dev.pointsman.balancer.tls..";
    private static final String UPSTREAM = "dev.pointsman.balancer.upstream..";
    private static final String REGISTRY = "dev.pointsman.registry";
    private static final String POOL = "dev.pointsman.pool..";
    /** A policy by name, as configurations have it; the classes behind the names concern pick alone. */
    private static final DescribedPredicate<JavaClass> POLICY = type(dev.pointsman.pick.Policy.class);

    private static final String FABIO = "dev.pointsman.balancer.fabio..";
    private static final String CLAIM = "dev.pointsman.balancer.claim..";

    private static final String[] PLAIN = {FABIO, CLAIM, HISTORY, ROUTE, RESILIENCE, PLAN, TRAFFIC};

    @ArchTest
    static final ArchRule routes_know_how_pools_can_be_set_up_and_how_a_path_is_normalized = classes()
            .that()
            .resideInAPackage(ROUTE)
            .should()
            .onlyDependOnClassesThat(Rules.ours(ROUTE, HTTP, POOL, CANARY).or(POLICY));

    @ArchTest
    static final ArchRule fabio_s_language_knows_routes_the_registry_s_facts_normal_paths_and_near_names = classes()
            .that()
            .resideInAPackage(FABIO)
            .should()
            .onlyDependOnClassesThat(Rules.ours(FABIO, ROUTE, HTTP, POOL, REGISTRY, "dev.pointsman.settings"));

    @ArchTest
    static final ArchRule what_instances_announce_knows_both_languages_and_the_settings_of_routes = classes()
            .that()
            .resideInAPackage(CLAIM)
            .should()
            .onlyDependOnClassesThat(Rules.ours(CLAIM, FABIO, CONFIG, ROUTE, POOL, REGISTRY, "dev.pointsman.settings"));

    @ArchTest
    static final ArchRule the_history_of_routes_knows_routes_and_the_forms_of_settings_alone = classes()
            .that()
            .resideInAPackage(HISTORY)
            .should()
            .onlyDependOnClassesThat(
                    Rules.ours(HISTORY, ROUTE, POOL, "dev.pointsman.settings").or(POLICY));

    @ArchTest
    static final ArchRule a_plan_knows_routes_alone =
            classes().that().resideInAPackage(PLAN).should().onlyDependOnClassesThat(Rules.ours(PLAN, ROUTE, REGISTRY));

    @ArchTest
    static final ArchRule an_explanation_knows_routes_pools_and_settings = classes()
            .that()
            .resideInAPackage(EXPLAIN)
            .should()
            .onlyDependOnClassesThat(
                    Rules.ours(EXPLAIN, ROUTE, HTTP, CONFIG, POOL, REGISTRY).or(POLICY));

    @ArchTest
    static final ArchRule resilience_knows_how_attempts_fail_alone = classes()
            .that()
            .resideInAPackage(RESILIENCE)
            .should()
            .onlyDependOnClassesThat(Rules.ours(RESILIENCE).or(type(AttemptFailure.class)));

    @ArchTest
    static final ArchRule health_checks_know_routes_pools_and_the_registry_s_facts_alone = classes()
            .that()
            .resideInAPackage(HEALTH)
            .should()
            .onlyDependOnClassesThat(Rules.ours(HEALTH, ROUTE, HTTP, TLS, POOL, REGISTRY));

    @ArchTest
    static final ArchRule only_the_assembly_knows_health_checks = noClasses()
            .that()
            .resideOutsideOfPackages("dev.pointsman.balancer", HEALTH)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(HEALTH);

    @ArchTest
    static final ArchRule the_grammar_of_http_depends_on_nothing_of_ours =
            classes().that().resideInAPackage(HTTP).should().onlyDependOnClassesThat(Rules.ours(HTTP));

    @ArchTest
    static final ArchRule the_grammar_of_http_knows_neither_vertx_nor_connections_nor_buffers = noClasses()
            .that()
            .resideInAPackage(HTTP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty.channel..", "io.netty.buffer..");

    @ArchTest
    static final ArchRule what_an_event_loop_shares_depends_on_nothing_of_ours =
            classes().that().resideInAPackage(LOOP).should().onlyDependOnClassesThat(Rules.ours(LOOP));

    @ArchTest
    static final ArchRule how_frames_are_written_depends_on_nothing_of_ours =
            classes().that().resideInAPackage(FRAMES).should().onlyDependOnClassesThat(Rules.ours(FRAMES));

    @ArchTest
    static final ArchRule certificates_and_engines_know_nothing_of_ours_and_no_vertx = classes()
            .that()
            .resideInAPackage(TLS)
            .should()
            .onlyDependOnClassesThat(
                    Rules.ours(TLS, REGISTRY).and(DescribedPredicate.not(resideInAnyPackage("io.vertx.."))));

    @ArchTest
    static final ArchRule connections_to_upstreams_know_http_the_loop_pools_and_the_registry_s_facts = classes()
            .that()
            .resideInAPackage(UPSTREAM)
            .should()
            .onlyDependOnClassesThat(Rules.ours(UPSTREAM, HTTP, PORTS, LOOP, FRAMES, TLS, POOL, REGISTRY));

    @ArchTest
    static final ArchRule connections_to_upstreams_and_the_loop_do_without_vertx = noClasses()
            .that()
            .resideInAnyPackage(UPSTREAM, LOOP, FRAMES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..");

    @ArchTest
    static final ArchRule connections_of_clients_know_http_the_loop_and_settings_alone = classes()
            .that()
            .resideInAPackage(DOWNSTREAM)
            .should()
            .onlyDependOnClassesThat(Rules.ours(DOWNSTREAM, HTTP, PORTS, LOOP, FRAMES, CONFIG, TLS, REGISTRY));

    @ArchTest
    static final ArchRule the_protocol_of_a_client_is_known_where_its_connection_is_accepted_alone = noClasses()
            .that()
            .resideOutsideOfPackage("dev.pointsman.balancer.downstream.*..")
            .and()
            .doNotHaveSimpleName("ClientAcceptor")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.pointsman.balancer.downstream.*..");

    @ArchTest
    static final ArchRule the_relay_of_tcp_knows_both_sides_and_no_requests = classes()
            .that()
            .resideInAPackage(TCP)
            .should()
            .onlyDependOnClassesThat(Rules.ours(
                    TCP,
                    DOWNSTREAM,
                    UPSTREAM,
                    HTTP,
                    LOOP,
                    ROUTE,
                    CONFIG,
                    METRICS,
                    OBSERVE,
                    RESILIENCE,
                    POOL,
                    REGISTRY));

    @ArchTest
    static final ArchRule the_relay_of_tcp_knows_nothing_that_speaks_http = noClasses()
            .that()
            .resideInAPackage(TCP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty.handler.codec.http..", "dev.pointsman.balancer.downstream.*..");

    @ArchTest
    static final ArchRule the_proxy_joins_both_sides = classes()
            .that()
            .resideInAPackage(PROXY)
            .should()
            .onlyDependOnClassesThat(Rules.ours(
                            PROXY,
                            EXPLAIN,
                            FILTER,
                            DOWNSTREAM,
                            UPSTREAM,
                            HTTP,
                            PORTS,
                            LOOP,
                            OBSERVE,
                            ROUTE,
                            RESILIENCE,
                            RETRY,
                            CONFIG,
                            TCP,
                            TLS,
                            POOL,
                            CANARY,
                            REGISTRY)
                    .or(POLICY));

    @ArchTest
    static final ArchRule what_is_seen_of_requests_knows_upstreams_and_why_requests_fail_alone = classes()
            .that()
            .resideInAPackage(OBSERVE)
            .should()
            .onlyDependOnClassesThat(Rules.ours(OBSERVE, RESILIENCE, POOL));

    @ArchTest
    static final ArchRule what_is_seen_of_requests_knows_neither_vertx_nor_connections = noClasses()
            .that()
            .resideInAPackage(OBSERVE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty.channel..", "io.netty.buffer..");

    @ArchTest
    static final ArchRule counts_know_what_is_seen_of_requests_alone = classes()
            .that()
            .resideInAPackage(METRICS)
            .should()
            .onlyDependOnClassesThat(Rules.ours(METRICS, OBSERVE, RESILIENCE, POOL, REGISTRY));

    @ArchTest
    static final ArchRule counts_know_neither_vertx_nor_netty_nor_prometheus = noClasses()
            .that()
            .resideInAPackage(METRICS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "io.prometheus..");

    @ArchTest
    static final ArchRule only_the_page_of_metrics_knows_prometheus = noClasses()
            .that()
            .resideOutsideOfPackage(EXPOSITION)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.prometheus..");

    @ArchTest
    static final ArchRule the_access_log_knows_what_is_seen_of_requests_alone = classes()
            .that()
            .resideInAPackage(ACCESS_LOG)
            .should()
            .onlyDependOnClassesThat(Rules.ours(ACCESS_LOG, OBSERVE, RESILIENCE, POOL, REGISTRY));

    @ArchTest
    static final ArchRule the_access_log_knows_neither_vertx_nor_connections = noClasses()
            .that()
            .resideInAPackage(ACCESS_LOG)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty.channel..", "io.netty.buffer..");

    @ArchTest
    static final ArchRule only_settings_and_the_assembly_know_the_access_log = noClasses()
            .that()
            .resideOutsideOfPackages("dev.pointsman.balancer", ACCESS_LOG, CONFIG)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ACCESS_LOG);

    @ArchTest
    static final ArchRule traces_know_what_is_seen_of_requests_and_settings = classes()
            .that()
            .resideInAPackage(TRACE)
            .should()
            .onlyDependOnClassesThat(Rules.ours(TRACE, OBSERVE, CONFIG, HTTP, RESILIENCE, POOL, REGISTRY));

    @ArchTest
    static final ArchRule traces_know_neither_vertx_nor_connections = noClasses()
            .that()
            .resideInAPackage(TRACE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty.channel..", "io.netty.buffer..");

    @ArchTest
    static final ArchRule only_traces_know_opentelemetry_and_only_the_assembly_knows_them = noClasses()
            .that()
            .resideOutsideOfPackages("dev.pointsman.balancer", TRACE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.opentelemetry..", TRACE);

    @ArchTest
    static final ArchRule rates_know_counts_and_upstreams_alone = classes()
            .that()
            .resideInAPackage(TRAFFIC)
            .should()
            .onlyDependOnClassesThat(Rules.ours(TRAFFIC, METRICS, POOL));

    @ArchTest
    static final ArchRule the_live_view_knows_the_admin_api_routes_and_rates = classes()
            .that()
            .resideInAPackage(OVERVIEW)
            .should()
            .onlyDependOnClassesThat(Rules.ours(OVERVIEW, ADMIN, TRAFFIC, METRICS, RESILIENCE, ROUTE, POOL, REGISTRY));

    @ArchTest
    static final ArchRule only_the_assembly_knows_the_live_view = noClasses()
            .that()
            .resideOutsideOfPackages("dev.pointsman.balancer", OVERVIEW)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(OVERVIEW);

    @ArchTest
    static final ArchRule the_dashboard_is_a_part_of_the_admin_api_and_knows_nothing_else = classes()
            .that()
            .resideInAPackage(DASHBOARD)
            .should()
            .onlyDependOnClassesThat(Rules.ours(DASHBOARD).or(type(dev.pointsman.balancer.admin.AdminPart.class)));

    @ArchTest
    static final ArchRule only_the_assembly_knows_the_dashboard = noClasses()
            .that()
            .resideOutsideOfPackages("dev.pointsman.balancer", DASHBOARD)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(DASHBOARD);

    @ArchTest
    static final ArchRule filters_know_http_routes_and_why_a_request_is_refused = classes()
            .that()
            .resideInAPackage(FILTER)
            .should()
            .onlyDependOnClassesThat(Rules.ours(FILTER, HTTP, ROUTE, RESILIENCE, REGISTRY));

    @ArchTest
    static final ArchRule filters_know_neither_vertx_nor_connections = noClasses()
            .that()
            .resideInAPackage(FILTER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty.channel..");

    @ArchTest
    static final ArchRule only_the_assembly_knows_the_data_plane = noClasses()
            .that()
            .resideOutsideOfPackages("dev.pointsman.balancer", PROXY, TCP, DOWNSTREAM, UPSTREAM)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PROXY, DOWNSTREAM, UPSTREAM);

    @ArchTest
    static final ArchRule settings_know_routes_pools_and_of_the_registry_its_address_and_options_alone = classes()
            .that()
            .resideInAPackage(CONFIG)
            .should()
            .onlyDependOnClassesThat(
                    Rules.ours(CONFIG, ACCESS_LOG, OBSERVE, ROUTE, POOL, CANARY, PORTS, TLS, "dev.pointsman.settings")
                            .or(POLICY)
                            .or(type(dev.pointsman.balancer.http.UnderscoreFields.class))
                            .or(type(dev.pointsman.balancer.http.ProxyVersion.class))
                            .or(type(dev.pointsman.balancer.http.UpstreamTransport.class))
                            .or(type(dev.pointsman.balancer.http.UpstreamProtocol.class))
                            .or(type(dev.pointsman.balancer.fabio.FabioMatcher.class))
                            .or(type(dev.pointsman.registry.consul.ConsulAddress.class))
                            .or(type(dev.pointsman.registry.consul.ConsulWatchOptions.class))
                            .or(type(dev.pointsman.registry.OneLine.class))
                            .or(type(dev.pointsman.registry.consul.BadAddressException.class)));

    @ArchTest
    static final ArchRule the_admin_api_knows_no_adapter_and_no_forwarding = classes()
            .that()
            .resideInAPackage("dev.pointsman.balancer.admin..")
            .should()
            .onlyDependOnClassesThat(Rules.ours(
                            "dev.pointsman.balancer.admin..",
                            PORTS,
                            CONFIG,
                            HISTORY,
                            CLAIM,
                            ROUTE,
                            EXPLAIN,
                            PLAN,
                            RESILIENCE,
                            POOL,
                            CANARY,
                            "dev.pointsman.registry")
                    .or(POLICY));

    @ArchTest
    static final ArchRule only_two_files_name_the_concrete_registry_and_the_policies = noClasses()
            .that(DescribedPredicate.not(resideInAnyPackage("dev.pointsman.balancer")
                    .and(simpleName("RegistryConnection").or(simpleName("Policies")))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.pointsman.pick..")
                    .and(DescribedPredicate.not(POLICY))
                    .or(type(dev.pointsman.registry.consul.ConsulRegistry.class)));

    @ArchTest
    static final ArchRule plain_packages_know_neither_vertx_nor_netty = noClasses()
            .that()
            .resideInAnyPackage(PLAIN)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..");

    @ArchTest
    static final ArchRule plain_packages_are_given_their_clock =
            noClasses().that().resideInAnyPackage(PLAIN).should().accessTargetWhere(Rules.readsAClock());
}
