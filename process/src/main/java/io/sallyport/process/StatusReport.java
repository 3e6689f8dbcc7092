package io.sallyport.process;

import java.util.List;
import java.util.Map;

/**
 * What a running process shows of itself.
 *
 * @param facts single values by name, in the order to show them
 * @param tables lists of things of one kind
 */
public record StatusReport(Map<String, Object> facts, List<Table> tables) {

    /**
     * @param columns keys in JSON, headings in text
     * @param rows one value per column: text, a number or a truth value
     */
    public record Table(String name, List<String> columns, List<List<Object>> rows) {}
}
