package io.sallyport.acceptance.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * Style as a test. Words that must not be in the repository are put together here, so that this
 * file keeps the rules too.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TidyTest {
    private static final int LINES_MAX = 450;

    /** Files that were longer when the rule came, and how long they may stay. Shrink, never add. */
    private static final Map<Path, Integer> LONGER = Map.of();

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(<?([^)\\s>]+)>?[^)]*\\)");
    private static final Pattern HEADING = Pattern.compile("^#+\\s+(.*)$");
    private static final Pattern UNFINISHED = words("FIX" + "ME", "TO" + "DO", "X" + "XX");
    private static final Pattern BLOCKING =
            Pattern.compile(
                    "\\.(sync|syncUninterruptibly|await|awaitUninterruptibly)\\(\\)"
                            + "|\\.(closeFuture|newSucceededFuture)\\(\\)\\.get\\("
                            + "|Thread\\.sleep\\(");
    private static final Pattern LAYER_NAMES =
            Pattern.compile("(Util|Utils|Helper|Manager|Impl|Common)\\.java$");
    private static final Pattern LAYER_PACKAGES =
            Pattern.compile("/(util|utils|common|impl|helper|helpers|manager|managers)/");

    private static final List<Pattern> DOWNLOAD_HOSTS =
            Stream.of(
                            "repo" + "1\\.",
                            "repo\\.mav" + "en",
                            "mav" + "en\\.org",
                            "mav" + "en\\.google",
                            "sona" + "type\\.",
                            "jit" + "pack",
                            "jcen" + "ter",
                            "plugins\\.gra" + "dle",
                            "npm" + "js\\.",
                            "yarn" + "pkg\\.",
                            "py" + "pi\\.",
                            "python" + "hosted",
                            "crat" + "es\\.io",
                            "proxy\\.go" + "lang",
                            "deb\\.deb" + "ian",
                            "archive\\.ubu" + "ntu",
                            "docker\\.i" + "o/")
                    .map(host -> Pattern.compile(host, Pattern.CASE_INSENSITIVE))
                    .toList();

    /** Folders of one machine: a path that begins with one of these means nothing elsewhere. */
    private static final Pattern MACHINE_PATHS =
            Pattern.compile(
                    "(?<![\\w.$}/-])/(wo" + "rk|ro" + "ot|ho" + "me/\\w+|Us" + "ers/\\w+)/[\\w.-]");

    private static final Pattern WORKPLACE_TOOLS = words("m2" + "5", "bash" + "_jobs");

    @Test
    void nothing_is_left_unfinished() {
        assertNone(Tracked.files(), contains(UNFINISHED));
    }

    @Test
    void only_the_command_line_writes_to_the_console() {
        List<Tracked> files =
                Tracked.files(
                        file -> file.isMainJava() && !file.isIn("cli") && !file.isIn("process"));
        assertNone(files, contains(Pattern.compile("System\\.(out|err)\\b")));
    }

    @Test
    void no_stack_trace_is_printed() {
        assertNone(mainFiles(), contains(Pattern.compile("\\bprintStack" + "Trace\\b")));
    }

    @Test
    void nothing_in_the_data_path_waits_on_a_thread() {
        List<Tracked> files =
                Tracked.files(file ->
                        file.isMainJava()
                                && Stream.of("protocol", "relay", "gateway", "agent")
                                        .anyMatch(file::isIn));
        assertNone(files, contains(BLOCKING));
    }

    @Test
    void no_test_sleeps() {
        List<Tracked> files = Tracked.files(file -> file.isJava() && !file.isMainJava());
        assertNone(files, contains(Pattern.compile("\\b(Thread|TimeUnit\\.\\w+)\\.sl" + "eep\\(")));
    }

    @Test
    void files_are_short_enough_to_be_read() {
        List<String> tooLong =
                Tracked.files(Tracked::isJava).stream()
                        .filter(file ->
                                file.lines().orElseThrow().size()
                                        > LONGER.getOrDefault(file.path(), LINES_MAX))
                        .map(file -> file.path() + ": " + file.lines().orElseThrow().size())
                        .toList();
        assertThat(tooLong).isEmpty();
    }

    @Test
    void names_say_what_things_are_and_not_which_layer_they_are_in() {
        List<Path> bad =
                Tracked.files(Tracked::isJava).stream()
                        .map(Tracked::path)
                        .filter(path ->
                                LAYER_NAMES.matcher(path.toString()).find()
                                        || LAYER_PACKAGES.matcher(path.toString()).find())
                        .toList();
        assertThat(bad).isEmpty();
    }

    @Test
    void every_package_says_what_it_is_for_and_is_null_marked() {
        List<Path> directories =
                Tracked.files(Tracked::isJava).stream().map(Tracked::directory).distinct().toList();
        assertThat(directories)
                .allSatisfy(directory -> assertThat(isNullMarked(directory)).isTrue());
    }

    @Test
    void every_relative_link_in_the_documents_resolves() {
        List<Tracked> documents = Tracked.files(Tracked::isMarkdown);
        List<String> dead = documents.stream().flatMap(TidyTest::deadLinks).toList();
        assertThat(dead).isEmpty();
    }

    @Test
    void no_file_names_a_registrys_download_host() {
        assertNone(
                Tracked.files(),
                line -> DOWNLOAD_HOSTS.stream().anyMatch(host -> host.matcher(line).find()));
    }

    @Test
    void no_file_names_a_path_or_a_tool_of_one_machine() {
        assertNone(Tracked.files(), contains(MACHINE_PATHS).or(contains(WORKPLACE_TOOLS)));
    }

    private static List<Tracked> mainFiles() {
        return Tracked.files(Tracked::isMainJava);
    }

    private static void assertNone(List<Tracked> files, Predicate<String> breaksTheRule) {
        assertThat(files.stream().flatMap(file -> file.linesThat(breaksTheRule)).toList())
                .isEmpty();
    }

    private static Predicate<String> contains(Pattern pattern) {
        return line -> pattern.matcher(line).find();
    }

    private static Pattern words(String... words) {
        return Pattern.compile("\\b(" + String.join("|", words) + ")\\b");
    }

    /** Tests share the package of what they test, and its package-info. */
    private static boolean isNullMarked(Path directory) {
        Path main = Path.of(directory.toString().replace("/src/test/", "/src/main/"));
        return Stream.of(directory, main)
                .map(place -> place.resolve("package-info.java"))
                .anyMatch(Files::isRegularFile);
    }

    private static Stream<String> deadLinks(Tracked document) {
        return document.lines().orElseThrow().stream()
                .flatMap(line -> LINK.matcher(line).results())
                .map(link -> link.group(1))
                .filter(target -> !target.matches("[a-z]+:.*"))
                .filter(target -> !resolves(document, target))
                .map(target -> document.path() + ": " + target);
    }

    private static boolean resolves(Tracked document, String target) {
        String[] parts = target.split("#", 2);
        Path file =
                parts[0].isEmpty()
                        ? document.directory().resolve(document.path().getFileName())
                        : document.directory().resolve(parts[0]);
        if (!Files.exists(file)) {
            return false;
        }
        return parts.length == 1 || anchors(file).contains(parts[1]);
    }

    private static List<String> anchors(Path file) {
        return new Tracked(file.toAbsolutePath())
                .lines().orElseThrow().stream()
                        .map(HEADING::matcher)
                        .filter(Matcher::matches)
                        .map(heading -> anchor(heading.group(1)))
                        .toList();
    }

    /** As code hosts make anchors of headings. */
    private static String anchor(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w\\- ]", "")
                .replace(' ', '-');
    }
}
