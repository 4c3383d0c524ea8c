package io.firesteel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What users read: README and the website's pages. A command is a line of an indented block, or of a block fenced as {@code sh}. A
 * comment {@code <!-- not run: REASON -->} before a block says why the tests do not run its commands.
 */
final class Documentation {
    static final Path README = Path.of("README.md");
    static final Path SITE = Path.of("src/site");
    static final Path PAGES = SITE.resolve("markdown");
    private static final Pattern MENU_ITEM = Pattern.compile("<item [^>]*href=\"([^\"]+)\"");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\"></a>");
    private static final Pattern NOT_RUN = Pattern.compile("<!-- not run: (.+) -->");
    private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^\\s\"'])+");
    private static final Pattern MAVEN = Pattern.compile("\\bmvn [^`\n#]*");
    private static final Pattern PROFILES = Pattern.compile("(?<=\\s)-P([\\w.,-]+)");
    private static final String INDENT = "    ";
    private static final String FENCE = "```";

    private Documentation() {}

    /** A page: its file, as a reader of the repository sees it, and its Markdown. */
    record Page(Path file, String text) {
        /** Returns the targets of its links and pictures. */
        List<String> links() {
            return LINK.matcher(withoutCode(text))
                    .results()
                    .map(link -> link.group(1))
                    .toList();
        }

        /** Returns its anchors. They are written out: those of headings have other names in the repository than on the site. */
        Set<String> anchors() {
            return ANCHOR.matcher(text).results().map(anchor -> anchor.group(1)).collect(Collectors.toSet());
        }

        @Override
        public String toString() {
            return file.toString();
        }

        private static String withoutFences(String text) {
            return text.replaceAll("(?ms)^```.*?^```$", "");
        }

        private static String withoutCode(String text) {
            return withoutFences(text).replaceAll("(?m)^ {4}.*$", "").replaceAll("`[^`\n]*`", "");
        }

        /** Returns the profiles of Maven that it names. */
        Set<String> profiles() {
            return MAVEN.matcher(text)
                    .results()
                    .flatMap(command -> PROFILES.matcher(command.group()).results())
                    .flatMap(profiles -> Stream.of(profiles.group(1).split(",")))
                    .collect(Collectors.toSet());
        }

        /** Returns its commands, in order. */
        List<Command> commands() {
            List<Command> commands = new ArrayList<>();
            String[] lines = text.split("\n", -1);
            String reason = null;
            boolean inFence = false;
            boolean isCommand = false;
            List<String> output = null; // of the command before this line, if there is nothing between them
            for (int i = 0; i < lines.length; i++) {
                String line = lines[i];
                Matcher comment = NOT_RUN.matcher(line);
                if (line.startsWith(FENCE)) {
                    inFence = !inFence;
                    isCommand = inFence && line.equals(FENCE + "sh");
                    if (!line.equals(FENCE) || !inFence) {
                        output = null;
                    }
                } else if (inFence && !isCommand && output != null) {
                    output.add(line);
                } else if (comment.matches()) {
                    reason = comment.group(1);
                } else if (isCommand || (!inFence && line.startsWith(INDENT))) {
                    StringBuilder whole = new StringBuilder(line.strip());
                    int first = i + 1;
                    while (whole.charAt(whole.length() - 1) == '\\') {
                        whole.setLength(whole.length() - 1);
                        whole.append(lines[++i].strip());
                    }
                    String command = whole.toString().replaceAll("(^|\\s+)#.*", "");
                    if (!command.isEmpty()) {
                        output = new ArrayList<>();
                        commands.add(new Command(file, first, command, reason, output));
                    }
                } else if (!line.isBlank()) {
                    reason = null;
                    output = null;
                }
            }
            return commands;
        }
    }

    /**
     * A command.
     *
     * @param notRun why the tests do not run it; null if they do
     * @param output what the page shows as its output: the block without a language that follows it, empty if none does
     */
    record Command(Path page, int line, String text, String notRun, List<String> output) {
        /** Returns its words, as a shell passes them on. */
        List<String> words() {
            return WORD.matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .map(word -> word.replaceAll("[\"']", ""))
                    .toList();
        }

        /** Returns how the lines of its output begin: their words up to a column or a number. Indented lines are left out. */
        List<String> keys() {
            return output.stream()
                    .map(line -> line.replaceAll("(\\s{2,}|\\s*\\d|\\.\\.\\.).*", ""))
                    .filter(key -> !key.isEmpty())
                    .toList();
        }

        @Override
        public String toString() {
            return page + ":" + line + ": " + text;
        }
    }

    /** Returns the pages that are written by hand, README first, then those of the site in the order of its menu. */
    static List<Page> pages() throws IOException {
        List<Page> pages = new ArrayList<>(List.of(new Page(README, Files.readString(README))));
        for (String name : menu()) {
            Path file = PAGES.resolve(name);
            if (Files.exists(file)) {
                pages.add(new Page(file, Files.readString(file)));
            }
        }
        return pages;
    }

    /** Returns the pages of the site that the menu leads to, in its order, by the names of their sources. */
    static Set<String> menu() throws IOException {
        Map<String, Boolean> names = new LinkedHashMap<>();
        MENU_ITEM
                .matcher(Files.readString(SITE.resolve("site.xml")))
                .results()
                .map(item -> item.group(1))
                .filter(href -> !href.startsWith("apidocs/"))
                .forEach(href -> names.put(href.replaceAll("\\.html$", ".md"), true));
        return names.keySet();
    }

    /** Returns the pages of the site, by hand and made by the build, by the names of their sources. */
    static Map<String, Page> site() throws IOException {
        Map<String, Page> site = new LinkedHashMap<>();
        for (Map.Entry<String, String> made : SitePages.pages().entrySet()) {
            site.put(made.getKey(), new Page(PAGES.resolve(made.getKey()), made.getValue()));
        }
        try (var files = Files.list(PAGES)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                site.put(file.getFileName().toString(), new Page(file, Files.readString(file)));
            }
        }
        return site;
    }
}
