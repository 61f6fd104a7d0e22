package dev.pointsman.registry.consul.internal.json;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.consul.internal.log.LogOnce;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A parser of the responses for one service, which logs once of each odd instance that it is left out. */
public final class InstancesReader {
    private static final Logger LOG = LoggerFactory.getLogger(InstancesReader.class);

    private final LogOnce oddities =
            new LogOnce(sentence -> LOG.warn("An instance in Consul cannot be used: {}", sentence));

    /**
     * The usable instances of a response of {@code /v1/health/service/:service}.
     *
     * @throws RegistryException if it is broken as a whole
     */
    public Map<InstanceKey, Instance> read(Buffer body) throws RegistryException {
        ConsulJson.Instances response = ConsulJson.instances(body.getBytes());
        oddities.log(response.oddities());
        return byKey(response.instances());
    }

    /** The instances by their keys, in their order. */
    public static Map<InstanceKey, Instance> byKey(List<Instance> instances) {
        Map<InstanceKey, Instance> byKey = new LinkedHashMap<>();
        instances.forEach(instance -> byKey.put(instance.key(), instance));
        return byKey;
    }
}
