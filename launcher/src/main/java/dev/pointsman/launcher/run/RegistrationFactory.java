package dev.pointsman.launcher.run;

import dev.pointsman.agent.RegistrationFormat;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.process.ChildProcess;
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

/** A factory for the registration of a running instance: its id, address, tags, metadata and health check. */
final class RegistrationFactory {
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration DEREGISTER_AFTER = Duration.ofMinutes(1);

    private RegistrationFactory() {}

    static ServiceRegistration of(ServicePlan plan, LauncherContext context, String id, int port, ChildProcess child) {
        Map<String, String> meta = new HashMap<>(plan.meta());
        meta.put("pid", Long.toString(child.pid()));
        meta.put("started", child.started().toString());
        meta.put("launcher", context.launcher());
        Set<String> tags = new LinkedHashSet<>();
        tags.add(plan.type());
        tags.addAll(plan.tags());
        List<String> inOrder = new ArrayList<>(tags);
        ServiceCheck check = check(context.address(), port, plan.healthPath());
        return new ServiceRegistration(id, plan.type(), context.address(), port, inOrder, meta, check);
    }

    static ServiceCheck check(String address, int port, @Nullable String path) {
        String authority = RegistrationFormat.authority(address, port);
        return path == null
                ? new TcpCheck(authority, CHECK_INTERVAL, CHECK_TIMEOUT, DEREGISTER_AFTER)
                : new HttpCheck("http://" + authority + path, CHECK_INTERVAL, CHECK_TIMEOUT, DEREGISTER_AFTER);
    }
}
