package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with JDKs and a Maven that only tell how they were called. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LauncherTest {
    private static final Path LAUNCHER = Path.of("../sallyport");
    private static final List<String> TOOLS =
            List.of(
                    "readlink",
                    "sed",
                    "find",
                    "mkdir",
                    "rm",
                    "mv",
                    "grep",
                    "sleep",
                    "timeout",
                    "flock",
                    "touch");

    // A blank, for paths may have them.
    @TempDir(factory = BlankInName.class)
    private Path root;

    private Path home;
    private Path launcher;

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(root.resolve("home"));
        linkTools();
        // Only what the test puts there may be found where systems have their JDKs.
        var script =
                Files.readString(LAUNCHER)
                        .replace(" /usr/lib/jvm/", " \"$HOME\"/usr-lib-jvm/")
                        .replace(" /opt/", " \"$HOME\"/opt/");
        launcher = executable(home.resolve("sallyport"), script);
    }

    @Nested
    class A_packaged_layout {
        @BeforeEach
        void install() throws IOException {
            jar("cli/lib/first.jar");
            jar("cli/lib/second.jar");
            jar("gateway/lib/only.jar");
        }

        @Test
        void runs_java_of_java_home() throws Exception {
            var jdk = jdk("jdk", "25.0.1");

            var launch = launch(Map.of("JAVA_HOME", jdk.toString()), "init", "a b");

            assertThat(launch.exitCode()).as(launch.err()).isZero();
            assertThat(launch.lines())
                    .startsWith(jdk + "/bin/java")
                    .endsWith(
                            "-cp",
                            home + "/cli/lib/first.jar:" + home + "/cli/lib/second.jar",
                            "io.sallyport.cli.Main",
                            "init",
                            "a b");
        }

        @Test
        void passes_over_a_java_home_that_is_too_old() throws Exception {
            var old = jdk("old", "17.0.15");
            var jdk = jdk("home/.jdks/new", "26");

            var launch = launch(Map.of("JAVA_HOME", old.toString()), "--version");

            assertThat(launch.lines()).startsWith(jdk + "/bin/java");
        }

        @Test
        void passes_over_one_that_numbers_its_versions_in_the_old_way() throws Exception {
            var old = jdk("home/usr-lib-jvm/java-8", "1.8.0_402");

            var launch = launch(Map.of("JAVA_HOME", old.toString()), "--version");

            assertThat(launch.exitCode()).isEqualTo(1);
        }

        @Test
        void finds_the_jdk_that_java_on_path_belongs_to() throws Exception {
            var jdk = jdk("jdk", "25");
            Files.createSymbolicLink(root.resolve("bin/java"), jdk.resolve("bin/java"));

            assertThat(launch(Map.of(), "--version").lines()).startsWith(jdk + "/bin/java");
        }

        @Test
        void says_in_one_sentence_that_there_is_no_jdk() throws Exception {
            jdk("home/usr-lib-jvm/java-17", "17.0.15");

            var launch = launch(Map.of(), "--version");

            assertThat(launch.exitCode()).isEqualTo(1);
            assertThat(launch.err())
                    .startsWith("sallyport: found no JDK 25 or newer in JAVA_HOME, on PATH, ")
                    .hasLineCount(1);
        }

        @Test
        void runs_a_gateway_from_jars_of_its_own() throws Exception {
            jdk("home/usr-lib-jvm/java-25", "25");

            assertThat(launch(Map.of(), "gateway", "-c", "gateway.yaml").lines())
                    .endsWith(
                            "-cp",
                            home + "/gateway/lib/only.jar",
                            "io.sallyport.gateway.GatewayMain",
                            "gateway",
                            "-c",
                            "gateway.yaml");
        }

        @Test
        void needs_no_other_jars_on_a_gateways_host() throws Exception {
            jdk("home/usr-lib-jvm/java-25", "25");
            Files.delete(home.resolve("cli/lib/first.jar"));
            Files.delete(home.resolve("cli/lib/second.jar"));
            Files.delete(home.resolve("cli/lib"));
            Files.delete(home.resolve("cli"));

            assertThat(launch(Map.of(), "check", "gateway.yaml").lines())
                    .endsWith(
                            home + "/gateway/lib/only.jar",
                            "io.sallyport.gateway.GatewayMain",
                            "check",
                            "gateway.yaml");
        }

        @Test
        void is_found_through_links() throws Exception {
            jdk("home/usr-lib-jvm/java-25", "25");
            var link = Files.createSymbolicLink(root.resolve("bin/sallyport"), launcher);
            launcher = Files.createSymbolicLink(root.resolve("second"), link);

            assertThat(launch(Map.of(), "init").lines())
                    .contains(home + "/cli/lib/first.jar:" + home + "/cli/lib/second.jar");
        }

        @Test
        void uses_a_cache_that_is_there() throws Exception {
            jdk("home/usr-lib-jvm/java-25", "25");
            Files.writeString(home.resolve("cli/commands.aot"), "cache");

            assertThat(launch(Map.of(), "init").lines())
                    .contains("-XX:AOTCache=" + home + "/cli/commands.aot");
            assertThat(launch(Map.of(), "gateway").lines())
                    .noneMatch(line -> line.startsWith("-XX:AOTCache"));
        }

        @Test
        void adds_the_options_of_the_user() throws Exception {
            jdk("home/usr-lib-jvm/java-25", "25");

            assertThat(launch(Map.of("SALLYPORT_JAVA_OPTS", "-Xmx2g -Da=b"), "init").lines())
                    .containsSubsequence("-Xmx512m", "-Xmx2g", "-Da=b", "-cp");
        }
    }

    @Nested
    class A_source_tree {
        private static final String BUILD =
                "mkdir -p cli/target/dist/lib && touch cli/target/dist/lib/only.jar"
                        + " cli/target/dist/built";

        @BeforeEach
        void checkOut() throws IOException {
            jdk("home/usr-lib-jvm/java-25", "25");
            Files.createDirectories(home.resolve("cli/src/main"));
            Files.writeString(home.resolve("pom.xml"), "<project/>");
            Files.writeString(home.resolve("cli/pom.xml"), "<project/>");
        }

        @Test
        void is_built_once_and_says_so() throws Exception {
            maven(BUILD);

            var first = launch(Map.of(), "init");
            var second = launch(Map.of(), "init");

            assertThat(first.err()).isEqualTo("Building Sallyport (once; about a minute) ...\n");
            assertThat(first.lines())
                    .endsWith(
                            home + "/cli/target/dist/lib/only.jar",
                            "io.sallyport.cli.Main",
                            "init");
            assertThat(second.err()).isEmpty();
        }

        @Test
        void is_built_with_the_jdk_that_was_found() throws Exception {
            maven("echo built with \"$JAVA_HOME\"; exit 1");

            launch(Map.of(), "init");

            assertThat(home.resolve("target/build.log"))
                    .hasContent("built with " + home + "/usr-lib-jvm/java-25");
        }

        @Test
        void is_built_again_when_a_source_is_newer() throws Exception {
            maven(BUILD);
            launch(Map.of(), "init");
            var built = home.resolve("cli/target/dist/built");
            var source = Files.writeString(home.resolve("cli/src/main/Main.java"), "class Main {}");
            var later = Files.getLastModifiedTime(built).toInstant().plusSeconds(1);
            Files.setLastModifiedTime(source, FileTime.from(later));

            assertThat(launch(Map.of(), "init").err()).startsWith("Building Sallyport");
        }

        @Test
        void is_built_again_when_a_source_is_gone() throws Exception {
            var source = Files.writeString(home.resolve("cli/src/main/Main.java"), "class Main {}");
            maven(BUILD);
            launch(Map.of(), "init");

            Files.delete(source);

            assertThat(launch(Map.of(), "init").err()).startsWith("Building Sallyport");
        }

        @Test
        void is_built_again_when_a_source_changed_while_it_was_built() throws Exception {
            maven("sleep 0.1 && echo class > cli/src/main/Main.java && " + BUILD);

            launch(Map.of(), "init");

            assertThat(launch(Map.of(), "init").err()).startsWith("Building Sallyport");
        }

        @Test
        void is_not_built_again_for_a_test() throws Exception {
            maven(BUILD);
            launch(Map.of(), "init");

            Files.createDirectories(home.resolve("cli/src/test"));
            Files.writeString(home.resolve("cli/src/test/MainTest.java"), "class MainTest {}");

            assertThat(launch(Map.of(), "init").err()).isEmpty();
        }

        @Test
        void is_built_again_after_a_build_that_was_cut() throws Exception {
            maven("mkdir -p cli/target/dist/lib && touch cli/target/dist/lib/only.jar && exit 137");
            launch(Map.of(), "init");
            maven(BUILD);

            var launch = launch(Map.of(), "init");

            assertThat(launch.err()).startsWith("Building Sallyport");
            assertThat(launch.exitCode()).isZero();
        }

        @Test
        void is_trained_again_after_a_training_that_was_cut() throws Exception {
            maven(BUILD);
            launch(Map.of(), "init");
            var last = home.resolve("cli/target/dist/demo.aot");
            Files.delete(last);

            assertThat(launch(Map.of(), "init").err()).isEmpty();

            assertThat(last).exists();
        }

        @Test
        void tells_where_the_log_of_a_failed_build_is() throws Exception {
            maven("exit 1");

            var launch = launch(Map.of(), "init");

            assertThat(launch.exitCode()).isEqualTo(1);
            assertThat(launch.err())
                    .endsWith(
                            "\nsallyport: the build failed; %s/target/build.log says why.\n"
                                    .formatted(home));
        }

        @Test
        void cannot_be_built_without_maven() throws Exception {
            var launch = launch(Map.of(), "init");

            assertThat(launch.exitCode()).isEqualTo(1);
            assertThat(launch.err())
                    .isEqualTo(
                            "sallyport: building needs Maven, and there is no mvn on PATH:"
                                    + " install it.\n");
        }

        private void maven(String script) throws IOException {
            executable(root.resolve("bin/mvn"), "#!/bin/sh\n" + script + "\n");
        }
    }

    private record Launch(int exitCode, String out, String err) {
        Stream<String> lines() {
            return out.lines();
        }
    }

    /** Runs the launcher with a PATH on which there is no java and no mvn but the test's own. */
    private Launch launch(Map<String, String> environment, String... arguments) throws Exception {
        var command = new ProcessBuilder(launcher.toString());
        command.command().addAll(List.of(arguments));
        command.environment().clear();
        command.environment().put("PATH", root.resolve("bin").toString());
        command.environment().put("HOME", home.toString());
        command.environment().putAll(environment);
        command.directory(root.toFile());
        var out = root.resolve("out");
        var err = root.resolve("err");
        command.redirectOutput(out.toFile()).redirectError(err.toFile());
        var process = command.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Launch(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Fills the test's own {@code bin} with what a shell script takes for granted. */
    private void linkTools() throws IOException {
        for (String tool : TOOLS) {
            executable(
                    root.resolve("bin").resolve(tool),
                    "#!/bin/sh\nexec %s \"$@\"\n".formatted(which(tool)));
        }
    }

    private static Path which(String tool) {
        return Stream.of("/usr/bin", "/bin")
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + tool));
    }

    private void jar(String name) throws IOException {
        Files.createDirectories(home.resolve(name).getParent());
        Files.createFile(home.resolve(name));
    }

    private Path jdk(String name, String version) throws IOException {
        var jdk = root.resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        executable(jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\"\n");
        executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        return jdk;
    }

    private static Path executable(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, script);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
