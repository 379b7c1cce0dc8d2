using System.Globalization;
using System.Text;

namespace Porpoise.Core.Parameters;

/// <summary>
/// How parameters reach a Python script: as literals in its text, in the form that fits the place of each reference. What is run is a few lines that compile
/// that text, and show the script as its author wrote it in messages: so a traceback has the right lines, and no values.
/// </summary>
public static class PythonParameters
{
    /// <summary>What tracebacks call the script.</summary>
    private const string FileName = "script.py";

    /// <summary>
    /// Names used here are gone before the script begins. Its folder for modules is its work folder. An entry in the line cache without a time is never held
    /// against a file. A child that multiprocessing starts afresh runs the same file under another name, and so the script, as it expects.
    /// </summary>
    private const string Frame = """
        def _porpoise():
            import linecache, os, sys, traceback
            del globals()['_porpoise']
            name, own, shown = {0}, __file__, {1}.split('\n')
            linecache.cache[name] = (0, None, [line + '\n' for line in shown], name)
            def report(kind, error, trace):
                while trace is not None and trace.tb_frame.f_code.co_filename == own:
                    trace = trace.tb_next
                if isinstance(error, SyntaxError) and error.filename == name and 0 < (error.lineno or 0) <= len(shown):
                    error.text, error.offset, error.end_offset = shown[error.lineno - 1], None, None
                traceback.print_exception(kind, error, trace)
            sys.excepthook, sys.argv[0], sys.path[0] = report, name, os.getcwd()
            return compile({2}, name, 'exec', dont_inherit=True)
        exec(_porpoise())

        """;

    private static readonly CompositeFormat Program = CompositeFormat.Parse(Frame);

    /// <summary>
    /// The script in which each <c>${name}</c> yields the value of that parameter: a text literal in code; inside of a literal of any kind the value as a part of it. Comments
    /// stay as they are.
    /// </summary>
    public static string Put(IReadOnlyDictionary<string, string> values, string script) =>
        string.Format(CultureInfo.InvariantCulture, Program, Quote(FileName), Quote(script), Quote(PythonText.Rewrite(script, values)));

    /// <summary>One line, whatever stands in the text.</summary>
    private static string Quote(string text)
    {
        var literal = new StringBuilder(text.Length + 64).Append('\'');
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' or '\'' => literal.Append('\\').Append(c),
                '\n' => literal.Append("\\n"),
                < ' ' or '\u007f' => literal.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => literal.Append(c),
            };
        }

        return literal.Append('\'').ToString();
    }
}
