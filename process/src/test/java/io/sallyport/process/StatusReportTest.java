package io.sallyport.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.process.StatusReport.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StatusReportTest {
    @Test
    void a_fact_and_a_table_of_one_name_are_one_field_of_the_json() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("agent", "inside-1");
        facts.put("sessions", 0);
        var report =
                new StatusReport(
                        facts, List.of(new Table("sessions", List.of("session"), List.of())));

        assertThat(report.toJson()).isEqualTo("{\"agent\":\"inside-1\",\"sessions\":[]}\n");
        assertThat(report.toText()).contains("sessions  0\n");
    }

    @Test
    void what_a_peer_has_said_can_neither_forge_a_line_nor_drive_the_terminal() {
        String said = "gone\u001b[2J\nsessions  none";
        var report =
                new StatusReport(
                        Map.of("last-error", said),
                        List.of(new Table("gateways", List.of("why"), List.of(List.of(said)))));

        assertThat(report.toText())
                .isEqualTo(
                        """
                        last-error  gone\\u001b[2J\\u000asessions  none

                        gateways
                          why
                          gone\\u001b[2J\\u000asessions  none
                        """);
    }
}
