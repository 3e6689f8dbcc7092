package io.sallyport.acceptance.product;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One service as agent.yaml tells it.
 *
 * @param more further keys and their YAML values
 */
public record Service(
        String name,
        String protocol,
        List<String> listen,
        String origin,
        Map<String, String> more) {
    public Service {
        listen = List.copyOf(listen);
        more = Map.copyOf(more);
    }

    /**
     * A service on a free port. Its protocol counts as encrypted, so that with {@code encryption:
     * auto} its data channels are plain; what is really spoken is nobody's business.
     */
    public static Service of(String name, int originPort) {
        return new Service(
                name, "sftp", List.of("127.0.0.1:0"), "127.0.0.1:" + originPort, Map.of());
    }

    public Service protocol(String other) {
        return new Service(name, other, listen, origin, more);
    }

    public Service listen(String... others) {
        return new Service(name, protocol, List.of(others), origin, more);
    }

    public Service origin(String other) {
        return new Service(name, protocol, listen, other, more);
    }

    public Service with(String key, String yamlValue) {
        Map<String, String> keys = new LinkedHashMap<>(more);
        keys.put(key, yamlValue);
        return new Service(name, protocol, listen, origin, keys);
    }

    String yaml() {
        String listeners =
                listen.stream().map(Service::quoted).collect(Collectors.joining(", ", "[", "]"));
        var yaml = new StringBuilder("  " + name + ":\n");
        yaml.append("    protocol: ").append(protocol).append('\n');
        yaml.append("    listen: ")
                .append(listen.size() == 1 ? quoted(listen.getFirst()) : listeners)
                .append('\n');
        yaml.append("    origin: ").append(quoted(origin)).append('\n');
        more.forEach((key, value) ->
                yaml.append("    ").append(key).append(": ").append(value).append('\n'));
        return yaml.toString();
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
