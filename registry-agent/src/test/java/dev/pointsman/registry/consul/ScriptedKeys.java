package dev.pointsman.registry.consul;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Keys with their values as a Consul has them, told to a {@link ScriptedConsul}: the list of a prefix, and each key by itself.
 */
final class ScriptedKeys {
    private record Value(String text, long index) {}

    private final ScriptedConsul consul;
    private final String prefix;
    private final TreeMap<String, Value> values = new TreeMap<>();
    private final Set<String> deleted = ConcurrentHashMap.newKeySet();
    private long index = 50;

    ScriptedKeys(ScriptedConsul consul, String prefix) {
        this.consul = consul;
        this.prefix = prefix;
        tell();
    }

    /** The path of the list. */
    String path() {
        return path(prefix);
    }

    static String path(String key) {
        return "/v1/kv/" + key;
    }

    void put(String key, String value) {
        index++;
        change(key, value);
        tell();
    }

    void delete(String key) {
        index++;
        values.remove(key);
        deleted.add(key);
        tell();
    }

    /** The list misses the key, though nothing was deleted. */
    void hideFromList(String key) {
        consul.list(
                path(),
                index,
                json(values.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(key))
                        .map(entry -> entry(entry.getKey(), entry.getValue()))
                        .toList()));
    }

    /** The list alone is at another index with other values, as that of a server which knows less. */
    void listAlone(long at, String key, String value) {
        consul.list(path(), at, json(List.of(entry(key, new Value(value, at)))));
    }

    /** All keys are gone or others, and the index is another one. */
    void restore(long at, String key, String value) {
        forget(at);
        change(key, value);
        tell();
    }

    /** Everything is gone, and the index is another one. */
    void forget(long at) {
        index = at;
        deleted.addAll(values.keySet());
        values.clear();
        tell();
    }

    private void change(String key, String value) {
        values.put(key, new Value(value, index));
        deleted.remove(key);
    }

    private void tell() {
        values.forEach((key, value) -> consul.listQuietly(path(key), value.index, json(List.of(entry(key, value)))));
        deleted.forEach(key -> consul.listQuietly(path(key), index, "[]"));
        consul.list(
                path(),
                index,
                json(values.entrySet().stream()
                        .map(entry -> entry(entry.getKey(), entry.getValue()))
                        .toList()));
    }

    private static String json(List<String> entries) {
        return entries.stream().collect(Collectors.joining(",", "[", "]"));
    }

    private static String entry(String key, Value value) {
        String encoded = Base64.getEncoder().encodeToString(value.text.getBytes(StandardCharsets.UTF_8));
        return "{'LockIndex':0,'Key':'%s','Flags':0,'Value':%s,'CreateIndex':7,'ModifyIndex':%d}"
                .formatted(key, value.text.isEmpty() ? "null" : "'" + encoded + "'", value.index);
    }
}
