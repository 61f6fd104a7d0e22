package dev.pointsman.registry.consul;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.RegistryException;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the answers for one service, and says of each odd instance once that it is left out. */
final class ServiceReader implements Feed.Reader<InstanceKey, Instance> {
    private static final Logger LOG = LoggerFactory.getLogger(ConsulRegistry.class);

    private final Once oddities = new Once(sentence -> LOG.warn("An instance in Consul cannot be used: {}", sentence));

    @Override
    public Map<InstanceKey, Instance> read(Buffer body) throws RegistryException {
        ConsulJson.Instances answer = ConsulJson.instances(body.getBytes());
        oddities.say(answer.oddities());
        return byKey(answer.instances());
    }

    static Map<InstanceKey, Instance> byKey(List<Instance> instances) {
        Map<InstanceKey, Instance> byKey = new LinkedHashMap<>();
        instances.forEach(instance -> byKey.put(instance.key(), instance));
        return byKey;
    }
}
