package io.firesteel.base;

/**
 * A user's mistake: what is wrong, where, the value, and what was expected. It is a value; {@link #render} makes one line of it
 * in the words of the surface that shows it. Texts mention settings by {@link SettingNames#mention}.
 */
public class UserError extends IllegalArgumentException {
    private static final long serialVersionUID = 2;

    /** Messages quote what was found, which may be of any size. */
    private static final int LONGEST_MESSAGE = 2000;

    private final String problem;
    private final String hint;

    /** Creates the error of a problem that is neither of one setting nor of one cell. */
    public UserError(String problem) {
        this(problem, "", null);
    }

    /** Creates an error with the failure that caused it. */
    public UserError(String problem, Throwable cause) {
        this(problem, "", cause);
    }

    /**
     * Creates the error of a problem with a way out.
     *
     * @param hint the way out, such as "--exclude x leaves the column out"; empty for none. A surface that lacks a setting that
     *     it mentions leaves it out
     * @param cause the failure that showed it, or null
     */
    public UserError(String problem, String hint, Throwable cause) {
        super(problem, cause);
        this.problem = problem;
        this.hint = hint;
    }

    /** Returns the problem, with mentions of settings. */
    public final String problem() {
        return problem;
    }

    /** Returns the hint, with mentions of settings; empty for none. */
    public final String hint() {
        return hint;
    }

    /** Returns one line for the users of a surface. */
    public final String render(SettingNames names) {
        String line = hint.isEmpty() || !names.hasAllOf(hint) ? problem : problem + " (" + hint + ")";
        return OneLine.of(names.render(line), LONGEST_MESSAGE);
    }

    /** Returns one line, with settings as properties. */
    @Override
    public String getMessage() {
        return render(SettingNames.PROPERTIES);
    }
}
