package dev.pointsman.cli.kubernetes;

import static java.util.Objects.requireNonNull;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** One folder with a {@code kustomization.yaml}, and what is in it; as written, before kustomize has its way. */
public record KubernetesFolder(Path path) {
    private static final Path ALL = Path.of("..", "deploy", "kubernetes");
    private static final String KUSTOMIZATION = "kustomization.yaml";

    /** Every folder that can be applied or be a component of one. */
    public static List<KubernetesFolder> all() throws IOException {
        try (Stream<Path> files = Files.walk(ALL)) {
            return files.filter(file -> file.endsWith(KUSTOMIZATION))
                    .map(file -> new KubernetesFolder(requireNonNull(file.getParent())))
                    .sorted((a, b) -> a.path.compareTo(b.path))
                    .toList();
        }
    }

    public static KubernetesFolder named(String name) {
        return new KubernetesFolder(ALL.resolve(name));
    }

    /** The objects of all folders together. */
    public static List<JsonObject> everything() throws IOException {
        List<JsonObject> objects = new ArrayList<>();
        for (KubernetesFolder folder : all()) {
            objects.addAll(folder.objects());
        }
        return objects;
    }

    public JsonObject kustomization() throws IOException {
        return documents(Files.readString(path.resolve(KUSTOMIZATION))).get(0);
    }

    /** The names below {@code resources} that are files. */
    public Set<String> listedFiles() throws IOException {
        return Json.texts(kustomization().get("resources")).stream()
                .filter(name -> name.endsWith(".yaml"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names below {@code resources} and {@code components} that are other folders. */
    public Set<String> listedFolders() throws IOException {
        List<String> names = new ArrayList<>(Json.texts(kustomization().get("resources")));
        names.addAll(Json.texts(kustomization().get("components")));
        return names.stream().filter(name -> !name.endsWith(".yaml")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The files that a generator takes the content of. */
    public Set<String> generatedFrom() throws IOException {
        Set<String> files = new TreeSet<>();
        for (String generator : List.of("configMapGenerator", "secretGenerator")) {
            for (JsonObject each : Json.objects(kustomization().get(generator))) {
                files.addAll(Json.texts(each.get("files")));
            }
        }
        return files;
    }

    /** The YAML files that are there, but for the kustomization itself. */
    public Set<String> presentFiles() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml") && !name.equals(KUSTOMIZATION))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    public List<JsonObject> objects() throws IOException {
        List<JsonObject> objects = new ArrayList<>();
        for (String file : listedFiles()) {
            objects.addAll(documents(Files.readString(path.resolve(file))));
        }
        return objects;
    }

    /** The one object of that kind and name. */
    public JsonObject object(String kind, String name) throws IOException {
        return objects().stream()
                .filter(each ->
                        Json.text(each, "kind").equals(kind) && Json.name(each).equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Every document of a YAML file. */
    public static List<JsonObject> documents(String text) {
        List<JsonObject> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(text)
                .forEach(each -> documents.add(new Gson().toJsonTree(each).getAsJsonObject()));
        return documents;
    }

    @Override
    public String toString() {
        return ALL.relativize(path).toString();
    }

    /** Short ways into JSON that is known to have what is asked for. */
    public static final class Json {
        private Json() {}

        /** The element at a path such as {@code spec.template.spec}; JSON's null where there is none. */
        public static JsonElement at(JsonObject object, String path) {
            JsonElement here = object;
            for (String key : path.split("\\.", -1)) {
                here = here.isJsonObject() && here.getAsJsonObject().has(key)
                        ? here.getAsJsonObject().get(key)
                        : JsonNull.INSTANCE;
            }
            return here;
        }

        public static String text(JsonObject object, String path) {
            return at(object, path).getAsString();
        }

        public static int number(JsonObject object, String path) {
            return at(object, path).getAsInt();
        }

        public static String name(JsonObject object) {
            return text(object, "metadata.name");
        }

        public static List<JsonObject> objects(@Nullable JsonElement list) {
            return list(list).asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .toList();
        }

        public static List<String> texts(@Nullable JsonElement list) {
            return list(list).asList().stream().map(JsonElement::getAsString).toList();
        }

        private static JsonArray list(@Nullable JsonElement list) {
            return list == null || list.isJsonNull() ? new JsonArray() : list.getAsJsonArray();
        }
    }
}
