package dev.pointsman.registry.embedded;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@code ?filter} may name, for each kind of answer: the fields of Consul's JSON, and of what type they are. */
final class Selectors {
    enum Type {
        STRING,
        NUMBER,
        BOOL,
        /** A list of strings. */
        STRINGS,
        /** Any key, its values of one type. */
        MAP,
        /** Named fields. */
        OBJECT,
        /** A list of objects: a field of it matches when any one's does. */
        OBJECTS
    }

    /**
     * @param fields of an OBJECT or of each of OBJECTS
     * @param values of a MAP
     */
    record Field(
            Type type, Map<String, Field> fields, @Nullable Field values) {
        /** The field of that name below this one, or null when there can be none. */
        @Nullable
        Field below(String name) {
            return type == Type.MAP ? values : fields.get(name);
        }

        /** What Consul's JSON leaves out when it is empty; a map's key that is not there is nothing at all. */
        @Nullable
        Object absent() {
            return switch (type) {
                case STRING -> "";
                case NUMBER -> 0;
                case BOOL -> false;
                case STRINGS, MAP, OBJECT, OBJECTS -> null;
            };
        }

        boolean isLeaf() {
            return type != Type.OBJECT && type != Type.OBJECTS;
        }
    }

    private static final Field STRING = leaf(Type.STRING);
    private static final Field NUMBER = leaf(Type.NUMBER);
    private static final Field BOOL = leaf(Type.BOOL);
    private static final Field STRINGS = leaf(Type.STRINGS);
    private static final Field STRING_MAP = mapOf(STRING);
    private static final Field ADDRESSES = mapOf(object(Map.of("Address", STRING, "Port", NUMBER)));
    private static final Field WEIGHTS = object(Map.of("Passing", NUMBER, "Warning", NUMBER));
    private static final Field CONNECT = object(Map.of("Native", BOOL));

    static final Field NODE = object(Map.of(
            "ID", STRING,
            "Node", STRING,
            "Address", STRING,
            "Datacenter", STRING,
            "TaggedAddresses", STRING_MAP,
            "Meta", STRING_MAP));

    static final Field SERVICE = object(Map.ofEntries(
            Map.entry("ID", STRING),
            Map.entry("Service", STRING),
            Map.entry("Tags", STRINGS),
            Map.entry("Address", STRING),
            Map.entry("TaggedAddresses", ADDRESSES),
            Map.entry("Meta", STRING_MAP),
            Map.entry("Port", NUMBER),
            Map.entry("Weights", WEIGHTS),
            Map.entry("EnableTagOverride", BOOL),
            Map.entry("Connect", CONNECT),
            Map.entry("Kind", STRING)));

    static final Field CHECK = object(Map.ofEntries(
            Map.entry("Node", STRING),
            Map.entry("CheckID", STRING),
            Map.entry("Name", STRING),
            Map.entry("Status", STRING),
            Map.entry("Notes", STRING),
            Map.entry("Output", STRING),
            Map.entry("Type", STRING),
            Map.entry("ServiceID", STRING),
            Map.entry("ServiceName", STRING),
            Map.entry("ServiceTags", STRINGS)));

    static final Field INSTANCE =
            object(Map.of("Node", NODE, "Service", SERVICE, "Checks", new Field(Type.OBJECTS, CHECK.fields(), null)));

    static final Field CATALOG_SERVICE = object(Map.ofEntries(
            Map.entry("ID", STRING),
            Map.entry("Node", STRING),
            Map.entry("Address", STRING),
            Map.entry("Datacenter", STRING),
            Map.entry("TaggedAddresses", STRING_MAP),
            Map.entry("NodeMeta", STRING_MAP),
            Map.entry("ServiceKind", STRING),
            Map.entry("ServiceID", STRING),
            Map.entry("ServiceName", STRING),
            Map.entry("ServiceTags", STRINGS),
            Map.entry("ServiceAddress", STRING),
            Map.entry("ServiceTaggedAddresses", ADDRESSES),
            Map.entry("ServiceWeights", WEIGHTS),
            Map.entry("ServiceMeta", STRING_MAP),
            Map.entry("ServicePort", NUMBER),
            Map.entry("ServiceEnableTagOverride", BOOL),
            Map.entry("ServiceConnect", CONNECT)));

    private Selectors() {}

    private static Field leaf(Type type) {
        return new Field(type, Map.of(), null);
    }

    private static Field mapOf(Field values) {
        return new Field(Type.MAP, Map.of(), values);
    }

    private static Field object(Map<String, Field> fields) {
        return new Field(Type.OBJECT, fields, null);
    }
}
