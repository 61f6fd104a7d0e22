package dev.pointsman.launcher;

import dev.pointsman.agent.ServiceFacts;
import dev.pointsman.launcher.process.Child;
import dev.pointsman.launcher.process.Program;
import dev.pointsman.registry.HttpCheck;
import dev.pointsman.registry.ServiceCheck;
import dev.pointsman.registry.ServiceRegistration;
import dev.pointsman.registry.TcpCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes of a plan what is started, and of what runs what the registry is told. */
final class Facts {
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DEREGISTER_AFTER = Duration.ofMinutes(1);

    private Facts() {}

    static Program program(ServicePlan plan, Tools tools, String id, int port) {
        Map<String, String> environment = new HashMap<>(plan.env());
        environment.put("POINTSMAN_TYPE", plan.type());
        environment.put("CONSUL_HTTP_ADDR", tools.consul());
        Output output = tools.output();
        return new Program(
                id,
                plan.command(),
                port,
                environment,
                plan.directory(),
                output == null ? null : line -> output.line(plan.type(), id, line));
    }

    static ServiceRegistration of(ServicePlan plan, Tools tools, String id, int port, Child child) {
        Map<String, String> meta = new HashMap<>(plan.meta());
        meta.put("pid", Long.toString(child.pid()));
        meta.put("started", child.started().toString());
        meta.put("launcher", tools.launcher());
        Set<String> tags = new LinkedHashSet<>();
        tags.add(plan.type());
        tags.addAll(plan.tags());
        List<String> inOrder = new ArrayList<>(tags);
        ServiceCheck check = check(tools.address(), port, plan.healthPath());
        return new ServiceRegistration(id, plan.type(), tools.address(), port, inOrder, meta, check);
    }

    static ServiceCheck check(String address, int port, @Nullable String path) {
        String authority = ServiceFacts.authority(address, port);
        return path == null
                ? new TcpCheck(authority, CHECK_INTERVAL, CHECK_TIMEOUT, DEREGISTER_AFTER)
                : new HttpCheck("http://" + authority + path, CHECK_INTERVAL, CHECK_TIMEOUT, DEREGISTER_AFTER);
    }
}
