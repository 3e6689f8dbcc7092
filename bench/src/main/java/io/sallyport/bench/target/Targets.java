package io.sallyport.bench.target;

import java.nio.file.Path;
import java.util.List;

/** All that can be measured. */
public final class Targets {
    /** The product with and without TLS between its two, then its peers. */
    public static List<Target> all(Path root, Identity identity) {
        var programs = new Programs(root.resolve("bench/target/peers"));
        return List.of(
                new Direct(),
                new Sallyport(root, "auto", identity),
                new Sallyport(root, "always", identity),
                new Nginx(programs, identity, false),
                new Nginx(programs, identity, true),
                new Haproxy(programs, identity, false),
                new Haproxy(programs, identity, true),
                new OpenSsh(programs),
                new Frp(programs),
                new Rathole(programs));
    }

    private Targets() {}
}
