package io.sallyport.process.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Refuses YAML that no configuration needs and that can hide something: aliases, tags and deep
 * nesting. Works on events, before anything is made of them, because composing recurses.
 */
final class PlainYaml {
    private static final int DEPTH_MAX = 16;

    private PlainYaml() {}

    /** Adds a fault for each of them. */
    static void check(LoadSettings settings, String text, Faults faults) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            int line = event.getStartMark().map(Mark::getLine).orElse(0) + 1;
            switch (event) {
                case CollectionStartEvent _ -> depth++;
                case CollectionEndEvent _ -> depth--;
                default -> {}
            }
            if (depth > DEPTH_MAX) {
                faults.add(line, "", "this is nested more than " + DEPTH_MAX + " deep");
                return;
            }
            if (event instanceof NodeEvent node) {
                refuse(node, line, faults);
            }
        }
    }

    private static void refuse(NodeEvent node, int line, Faults faults) {
        if (node instanceof AliasEvent) {
            faults.add(line, "", "aliases (*) are not known here: write the value out");
        } else if (node.getAnchor().isPresent()) {
            faults.add(line, "", "anchors (&) are not known here: remove it");
        }
        Optional<String> tag =
                switch (node) {
                    case ScalarEvent scalar -> scalar.getTag();
                    case CollectionStartEvent collection -> collection.getTag();
                    default -> Optional.empty();
                };
        tag.ifPresent(name -> faults.add(line, "", "the tag '" + name + "' is not known here"));
    }
}
