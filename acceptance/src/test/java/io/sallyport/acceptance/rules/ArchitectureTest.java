package io.sallyport.acceptance.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.sallyport.acceptance.product.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which module may know of which, and what must not be in the DMZ. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(location -> !location.contains("/acceptance/"))
                    .importPackages("io.sallyport");

    /** All that may stand in a DMZ; another name here needs a sentence in docs/decisions. */
    private static final String[] GATEWAY_JARS = {
        "sallyport-gateway",
        "sallyport-picocli",
        "sallyport-protocol",
        "sallyport-process",
        "sallyport-relay",
        "netty-buffer",
        "netty-codec-base",
        "netty-codec-haproxy",
        "netty-common",
        "netty-handler",
        "netty-resolver",
        "netty-tcnative-classes",
        "netty-transport",
        "netty-transport-native-unix-common",
        "jackson-core",
        "jspecify",
        "logback-classic",
        "logback-core",
        "slf4j-api",
        "snakeyaml-engine"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "protocol",
                "process",
                "relay",
                "gateway",
                "ftp",
                "agent",
                "origins",
                "client",
                "copy",
                "cli",
                "bench"
            })
    void every_module_is_seen_by_these_rules(String module) {
        assertThat(CLASSES.stream())
                .anyMatch(one ->
                        one.getPackageName().equals("io.sallyport." + module)
                                || one.getPackageName().startsWith("io.sallyport." + module + "."));
    }

    @Test
    void the_protocol_is_pure() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.sallyport.protocol..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.sallyport.process..",
                                "io.sallyport.relay..",
                                "io.netty.channel..",
                                "io.netty.handler..",
                                "java.nio.channels..",
                                "java.util.concurrent..",
                                "java.util.logging..",
                                "org.slf4j..",
                                "org.snakeyaml.."));
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.sallyport.protocol..")
                        .should()
                        .dependOnClassesThat()
                        .belongToAnyOf(
                                Thread.class, java.net.Socket.class, java.net.ServerSocket.class));
    }

    @Test
    void the_relay_knows_nothing_of_processes_and_configuration() {
        mustNotSee("relay", "process", "gateway", "agent", "origins", "cli");
    }

    @Test
    void processes_know_nothing_of_sessions() {
        mustNotSee("process", "relay", "gateway", "agent", "origins", "cli");
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.sallyport.process..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.netty.channel..", "io.netty.handler.."));
    }

    @Test
    void the_conversation_of_ftp_is_followed_without_sockets_and_settings() {
        mustNotSee("ftp", "process", "relay", "gateway", "agent", "origins", "cli");
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.sallyport.ftp..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.netty.channel..",
                                "io.netty.handler..",
                                "java.nio.channels..",
                                "java.util.concurrent..",
                                "org.slf4j.."));
    }

    @Test
    void the_gateway_cannot_see_the_inside() {
        mustNotSee("gateway", "ftp", "agent", "origins", "client", "copy", "cli");
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.sallyport.gateway..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "org.bouncycastle..",
                                "org.apache.sshd..",
                                "org.apache.ftpserver.."));
    }

    @Test
    void the_agent_cannot_see_the_gateway() {
        mustNotSee("agent", "gateway", "origins", "client", "copy", "cli");
    }

    @Test
    void origins_know_nothing_of_the_product() {
        mustNotSee("origins", "protocol", "process", "relay", "gateway", "agent", "cli");
    }

    @Test
    void the_bench_knows_the_product_from_outside_only_and_nothing_knows_the_bench() {
        mustNotSee(
                "bench",
                "protocol",
                "process",
                "relay",
                "gateway",
                "ftp",
                "agent",
                "origins",
                "cli");
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.sallyport.bench..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.sallyport.bench.."));
    }

    @Test
    void the_client_library_depends_on_nothing_but_the_jdk() {
        check(
                classes()
                        .that()
                        .resideInAPackage("io.sallyport.client..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "io.sallyport.client..",
                                "java..",
                                "javax.net..",
                                // Annotations, which are not passed on.
                                "org.jspecify.."));
    }

    @Test
    void copying_knows_the_way_through_an_agent_but_no_agent() {
        mustNotSee(
                "copy",
                "protocol",
                "process",
                "relay",
                "ftp",
                "gateway",
                "agent",
                "origins",
                "cli");
    }

    @Test
    void packages_do_not_depend_on_one_another_in_a_circle() {
        check(
                SlicesRuleDefinition.slices()
                        .matching("io.sallyport.(**)")
                        .should()
                        .beFreeOfCycles());
    }

    @Test
    void the_gateways_class_path_is_this_and_no_more() throws IOException {
        Path lib = Repository.root().resolve("gateway/target/dist/lib");
        assertThat(lib).as("the gateway's build, made by the package phase").isDirectory();
        try (Stream<Path> jars = Files.list(lib)) {
            assertThat(jars.map(jar -> withoutVersion(jar.getFileName().toString())).distinct())
                    .containsExactlyInAnyOrder(GATEWAY_JARS);
        }
    }

    private static void mustNotSee(String module, String... others) {
        String[] packages =
                Stream.of(others)
                        .map(other -> "io.sallyport." + other + "..")
                        .toArray(String[]::new);
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.sallyport." + module + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(packages));
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }

    private static String withoutVersion(String jar) {
        return jar.replaceFirst("-\\d.*", "").replaceFirst("\\.jar$", "");
    }
}
